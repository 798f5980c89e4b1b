import Answers
import ArgumentParser
import Encoder
import Foundation
import Insight
import Settings

/// How often the verifier lets through what is true, and what is not.
struct EvalVerifierCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verifier",
        abstract: "Measure the verifier on claims that people judged, and on seeded forgeries.",
        discussion: """
              cloister eval verifier --data data
              cloister eval verifier --data data --forgeries 200 --seed 7 --json
            """)

    @OptionGroup var options: GlobalOptions
    @Option(help: "A folder with the folders scifact, wice-dev and squad2-dev, or some of them.") var data: String
    @Option(help: "Forgeries of each kind.") var forgeries = 1_000
    @Option(help: "Of the forgeries.") var seed: UInt64 = 1
    @Option(help: "Least score of a supported statement, 0 to 1.") var threshold = Verifier.thresholdDefault
    @Option(help: "dev, or train for fitting.") var split = "dev"
    @Option(help: "Write the figures of every statement to this file, for Training/verifier.") var figures: String?
    @Flag(help: "Print JSON.") var json = false

    func validate() throws {
        guard forgeries >= 0 else { throw ValidationError("--forgeries must not be negative.") }
        guard ["dev", "train"].contains(split) else { throw ValidationError("--split is dev or train.") }
    }

    func run() async throws {
        let settings = try options.settings()
        let encoder = try Encoder(directory: settings.encoder.directory, settings: settings.encoderSettings)
        defer { encoder.close() }
        let evaluation = VerifierEvaluation(encoder: encoder, threshold: threshold) { done, total in
            Terminal.bar(done, of: total, "judged")
        }
        let (results, seconds) = try await evaluation.run(on: cases())
        Terminal.endBar()
        if let figures { try results.figures.write(toFile: figures, atomically: true, encoding: .utf8) }
        let report = VerifierReport(results, threshold: threshold, seconds: seconds)
        Terminal.printData(json ? try report.json : report.table)
    }

    private func cases() throws -> [StatementCase] {
        var cases: [StatementCase] = []
        if has("scifact") { cases += try ClaimDataset.sciFact(directory: data + "/scifact", split: split) }
        if has("wice-dev"), split == "dev" { cases += try ClaimDataset.wice(directory: data + "/wice-dev") }
        if has("squad2-dev") {
            let half = split == "dev" ? 1 : 0
            cases += try Forgeries(squad: data + "/squad2-dev", half: half).cases(forgeries, seed: seed)
        }
        guard !cases.isEmpty else { throw InsightFailure.nothingToEvaluate }
        return cases
    }

    private func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: data + "/" + name) }
}
