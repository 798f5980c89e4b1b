import ArgumentParser
import Encoder
import Insight
import Settings

/// F1, exact match and declining of the reader that needs no language model, beside the best sentence by cosine.
struct EvalAnswersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "answers",
        abstract: "Measure the extractive reader on questions it was not trained on.",
        discussion: """
              cloister eval answers --data shared/data --dataset squad2-dev
              cloister eval answers --data shared/data --dataset policyqa-dev --questions 200 --json
            """)

    @OptionGroup var options: GlobalOptions
    @Option(help: "The folder that holds the folders of the sets.") var data: String
    @Option(help: "squad2-dev, policyqa-dev, tatqa-dev or pubmedqa-dev.") var dataset = AnswerDataset.Name.squad
    @Option(help: "At most so many questions, evenly from all.") var questions = 1_000
    @Flag(help: "Print JSON.") var json = false

    func validate() throws {
        guard questions > 1 else { throw ValidationError("--questions must be at least 2.") }
    }

    func run() async throws {
        let settings = try options.settings()
        let encoder = try Encoder(directory: settings.encoder.directory, settings: settings.encoderSettings)
        defer { encoder.close() }
        let evaluation = AnswerEvaluation(
            encoder: encoder, manifest: try .shipped(), settings: settings.searchSettings, questionsMax: questions
        ) { done, total in Terminal.bar(done, of: total, "asked") }
        let report = try await evaluation.run(on: AnswerDataset(dataset, under: data))
        Terminal.endBar()
        Terminal.printData(json ? try report.json : report.table)
    }
}

extension AnswerDataset.Name: ExpressibleByArgument {}
