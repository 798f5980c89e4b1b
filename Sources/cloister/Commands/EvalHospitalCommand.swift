import Access
import Answers
import ArgumentParser
import Foundation
import Insight
import Kit
import Logging
import Telemetry

/// The demonstration's questions, each asked with the rights of the person whose question it is.
struct EvalHospitalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hospital",
        abstract: "Ask the demonstration its questions and compare with the keys.",
        discussion: """
            Loads the folder into a home of its own, removed at the end.
              cloister eval hospital Examples/hospital
              cloister eval hospital Examples/hospital --kind table --misses
              cloister eval hospital Examples/hospital --set answers.reading=head
            """)

    @OptionGroup var options: GlobalOptions
    @Argument(help: "A folder with hospital.yaml, its documents and questions.jsonl.") var folder: String
    @Option(help: "Only questions of this kind.") var kind: String?
    @Flag(help: "Also print every question that was missed.") var misses = false
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        guard let file = try TenantFile(folder: folder) else { throw CommandFailure.unreadable(folder) }
        LoggingSystem.bootstrap { JSONLogHandler(label: $0, level: .warning) }
        let questions = try KeyedQuestion.read(folder + "/questions.jsonl")
        let results = try await options.withFreshHome { settings in
            let platform = try await Platform.open(settings, role: .command)
            let work = Task { try await platform.runBackground() }
            do {
                let results = try await ask(questions, file, platform)
                work.cancel()
                await platform.close()
                return results
            } catch {
                work.cancel()
                await platform.close()
                throw error
            }
        }
        show(KeyedReport(results.filter { kind == nil || $0.kind == kind }))
    }

    private func show(_ report: KeyedReport) {
        if json { return Terminal.printData((try? report.json) ?? "") }
        Terminal.printData(report.table)
        guard misses else { return }
        for result in report.results where !result.verdict.isRight {
            Terminal.printData("\n\(result.id) \(result.persona): \(result.question)")
            Terminal.printData("  \(result.verdict.rawValue): \(result.said ?? "declined") \(result.cited)")
        }
    }

    private func ask(
        _ questions: [KeyedQuestion], _ file: TenantFile, _ platform: Platform
    ) async throws -> [KeyedReport.Result] {
        try await FirstTenant(access: platform.access).ensure()
        let client = RouteClient(platform.routes, tenant: FirstTenant.name)
        try await TenantLoader(client: client, file: file, folder: folder, waits: true).load()
        let owner = try await platform.access.authenticate(PresentedCredentials(localTenant: FirstTenant.name))
        let people = try await platform.access.users(PageRequest(limit: PageRequest.limitMax), as: owner).items
        var asked: [String: Answer] = [:]
        var results: [KeyedReport.Result] = []
        for question in questions {
            guard let user = people.first(where: { $0.name == question.persona }) else { continue }
            let person = try await platform.access.principal(
                tenant: owner.tenant, subject: user.id, purpose: .general, job: Randomness.system.identifier())
            let before = question.follows.flatMap { asked[$0] }
            let answer = try await platform.answers.ask(
                .init(question.question, conversation: before?.conversation, after: before?.id, by: .reader),
                by: person, request: nil)
            asked[question.id] = answer
            let shown = try await platform.answers.shown(answer, for: person).map(\.1)
            results.append(
                KeyedReport.Result(
                    question, said: shown.isEmpty ? nil : shown.map(\.text).joined(separator: " "),
                    cited: shown.flatMap(\.citations).map(\.path), milliseconds: answer.elapsedMilliseconds))
            Terminal.bar(results.count, of: questions.count, "asked")
        }
        Terminal.endBar()
        return results
    }
}
