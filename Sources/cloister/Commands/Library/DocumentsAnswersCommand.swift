import ArgumentParser
import Foundation

/// From a document to the answers that rest on it.
struct DocumentsAnswersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "answers", abstract: "Which answers rest on a document, or on a source: when, and who asked.",
        discussion: """
            For those who may review answers. What was asked is not told.
              cloister documents answers doc_...
              cloister documents answers --source src_...
            """)

    @OptionGroup var options: GlobalOptions
    @Argument(help: "The document's identifier.") var document: String?
    @Option(help: "All that this source brought, instead of one document.") var source: String?
    @Flag(help: "Print JSON.") var json = false

    private struct Uses: Decodable {
        struct Use: Decodable {
            let answer, asked, subject: String
            let versions: [String]
            let citations: Int
        }

        let items: [Use]
        let whole: Bool
    }

    func validate() throws {
        guard (document == nil) != (source == nil) else { throw ValidationError("Name a document, or --source.") }
    }

    func run() async throws {
        let thing = document.map { "documents/\($0.percentEncoded)" } ?? "sources/\((source ?? "").percentEncoded)"
        let bytes = try await options.withClient {
            try await $0.bytes(PlatformRequest(path: "/api/v1/\(thing)/answers"))
        }
        if json { return Terminal.printData(String(decoding: bytes, as: UTF8.self)) }
        let uses = try JSONDecoder().decode(Uses.self, from: Data(bytes))
        for use in uses.items {
            let count = "\(use.citations) citation\(use.citations == 1 ? "" : "s")"
            Terminal.printData(
                "\(use.asked)  \(use.answer)  \(use.subject)  \(count)  \(use.versions.joined(separator: " "))")
        }
        if !uses.whole { Terminal.say("There are more: these are the newest.") }
        if uses.items.isEmpty { Terminal.say("No answer rests on it.") }
    }
}
