import ArgumentParser
import Encoder
import Insight
import Settings

/// What each way of cutting documents does to retrieval.
struct EvalChunkingCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chunking",
        abstract: "Compare structure, fixed, recursive and semantic chunking on questions with known answers.",
        discussion: """
              cloister eval chunking --data squad2-dev
              cloister eval chunking --data squad2-dev --questions 200 --json
            """)

    @OptionGroup var options: GlobalOptions
    @Option(help: "A folder with a file of SQuAD's form (*.json or *.json.gz).") var data: String
    @Option(help: "At most so many questions, evenly from all documents.") var questions = 1_000
    @Flag(help: "Print JSON.") var json = false

    func validate() throws {
        guard questions > 0 else { throw ValidationError("--questions must be at least 1.") }
    }

    func run() async throws {
        let settings = try options.settings()
        let encoder = try Encoder(directory: settings.encoder.directory, settings: settings.encoderSettings)
        defer { encoder.close() }
        let evaluation = ChunkingEvaluation(encoder: encoder, settings: settings.searchSettings) { done, total in
            Terminal.bar(done, of: total, "cut and embedded")
        }
        let report = try await evaluation.run(on: QuestionDataset(directory: data).sample(questions: questions))
        Terminal.endBar()
        Terminal.printData(json ? try report.json : report.table)
    }
}
