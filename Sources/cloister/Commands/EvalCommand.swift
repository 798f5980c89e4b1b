import ArgumentParser
import Documents
import Encoder
import Foundation
import Insight
import Kit
import Search
import Settings

struct EvalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval", abstract: "Measure quality on public data.",
        subcommands: [
            EvalRetrievalCommand.self, EvalParsingCommand.self, EvalChunkingCommand.self, EvalIngestCommand.self,
            EvalMemoryCommand.self, EvalCorpusCommand.self, EvalVerifierCommand.self, EvalAnswersCommand.self,
            EvalHospitalCommand.self,
        ])
}

/// nDCG@10 and recall@100 of the index that serves.
struct EvalRetrievalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retrieval", abstract: "Measure dense, lexical and fused search on SciFact.",
        discussion: "  cloister eval retrieval --data scifact --json")

    @OptionGroup var options: GlobalOptions
    @Option(help: "A folder with corpus.jsonl.gz, claims_dev.jsonl and qrels_dev.tsv.") var data: String
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        let settings = try options.settings()
        let encoder = try Encoder(directory: settings.encoder.directory, settings: settings.encoderSettings)
        defer { encoder.close() }
        let evaluation = RetrievalEvaluation(encoder: encoder, settings: settings.searchSettings) { done, total in
            Terminal.bar(done, of: total, "embedded")
        }
        let report = try await evaluation.run(on: SciFactDataset(directory: data))
        Terminal.endBar()
        Terminal.printData(json ? try report.json : report.table)
    }
}

/// Recall and order of words, by kind of file.
struct EvalParsingCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parsing", abstract: "Measure what is read from files against the text they should give.",
        discussion: """
              cloister eval parsing --data docparse-docling --peers
              cloister eval parsing --data docparse-hard
            """)

    @Option(help: "A folder with index.jsonl (file, expected), or any folder of files.") var data: String
    @Flag(help: "Measure pdftotext, pandoc and markitdown beside it, where they are installed.") var peers = false
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        let pool = ParserPool()
        defer { pool.close() }
        let evaluation = ParsingEvaluation(
            reader: pool.reader, tenant: Randomness.system.identifier(),
            // Peers are children too.
            workerMebibytes: { [peers] in ProcessFigures.childrenPeakMebibytes(ended: !peers) }
        ) { done, total in
            Terminal.bar(done, of: total, "read")
        }
        let report = try await evaluation.run(on: ParsingDataset(directory: data), withPeers: peers)
        Terminal.endBar()
        Terminal.printData(json ? try report.json : report.table)
    }
}

/// The same corpus as files, to be ingested like anybody's.
struct EvalCorpusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "corpus",
        abstract: "Write SciFact's abstracts as files, one each, for `cloister ingest`.",
        discussion: "  cloister eval corpus --data scifact --output abstracts --form html")

    enum Form: String, CaseIterable, ExpressibleByArgument {
        case markdown, html, text
    }

    @Option(help: "A folder with corpus.jsonl.gz.") var data: String
    @Option(help: "The folder to write to; made when missing.") var output: String
    @Option(help: "What kind of file.") var form = Form.markdown

    func run() async throws {
        let abstracts = try SciFactDataset(directory: data).abstracts
        let folder = URL(filePath: output)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for abstract in abstracts {
            let (suffix, text) = written(abstract.text)
            try Data(text.utf8).write(to: folder.appending(path: "\(abstract.id).\(suffix)"))
        }
        Terminal.say("\(abstracts.count) files in \(output)")
    }

    private func written(_ text: String) -> (suffix: String, text: String) {
        switch form {
        case .markdown: return ("md", "# \(text)\n")
        case .text: return ("txt", text + "\n")
        case .html:
            let safe = text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
            let lines = safe.split(separator: "\n", maxSplits: 1).map(String.init)
            return ("html", "<h1>\(lines.first ?? "")</h1><p>\(lines.last ?? "")</p>")
        }
    }
}
