import ArgumentParser
import Foundation

/// Asks and prints sentences with their sources as they come.
struct AskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ask", abstract: "Ask your documents; every sentence is quoted and cited.",
        discussion: "  cloister ask \"How long is parental leave?\" --collection handbook")

    @OptionGroup var options: GlobalOptions
    @Argument(help: "The question.") var question: String
    @Option(help: "Only this collection.") var collection: String?
    @Flag(help: "Print the whole answer as JSON.") var json = false

    private struct Question: Encodable {
        let question: String
        let collections: [String]?
    }

    func run() async throws {
        let answered = try await options.withClient { client in
            let chosen = try await chosenCollections(client)
            let request = try PlatformRequest.post(
                "/api/v1/ask", json: Question(question: question, collections: chosen))
            return json ? try await printWhole(request, client) : try await printStream(request, client)
        }
        if !answered { throw ExitCode(3) }
    }

    private func chosenCollections(_ client: any PlatformClient) async throws -> [String]? {
        guard let collection else { return nil }
        guard let found = try await CollectionLookup(client: client).find(collection) else {
            throw CommandFailure.noCollection(collection)
        }
        return [found.id]
    }

    private func printWhole(_ request: PlatformRequest, _ client: any PlatformClient) async throws -> Bool {
        struct Head: Decodable { let declined: String? }
        let bytes = try await client.bytes(request)
        Terminal.printData(String(decoding: bytes, as: UTF8.self))
        return try JSONDecoder().decode(Head.self, from: Data(bytes)).declined == nil
    }

    private func printStream(_ request: PlatformRequest, _ client: any PlatformClient) async throws -> Bool {
        var printer = AnswerPrinter()
        try await client.events(request) { try printer.show($0) }
        printer.printSources()
        return printer.hasAnswer
    }
}

/// Sentences first, sources below: the answer, then the evidence.
private struct AnswerPrinter {
    private struct Source: Decodable {
        let number: Int
        let title, path: String
        let heading: [String]
        let start, end: Int
        let page: Int?
    }

    private struct Sentence: Decodable {
        let text: String
        let citations: [Int]
    }

    private struct Declined: Decodable { let message: String }

    private var sources: [Source] = []
    private(set) var hasAnswer = false

    mutating func show(_ event: EventReader.Event) throws {
        let data = Data(event.data.utf8)
        switch event.name {
        case "answer.citation": sources.append(try JSONDecoder().decode(Source.self, from: data))
        case "answer.sentence":
            let sentence = try JSONDecoder().decode(Sentence.self, from: data)
            let marks = sentence.citations.map { "[\($0)]" }.joined()
            Terminal.printData("\(Terminal.safe(sentence.text)) \(Terminal.bold(marks))")
            hasAnswer = true
        case "answer.declined": Terminal.printData(try JSONDecoder().decode(Declined.self, from: data).message)
        default: break
        }
    }

    func printSources() {
        guard !sources.isEmpty else { return }
        Terminal.printData("")
        for source in sources {
            let page = source.page.map { ["page \($0)"] } ?? []
            let place = ([source.path] + page + source.heading).joined(separator: " > ")
            Terminal.printData(
                Terminal.dim("[\(source.number)] \(Terminal.safe(place)) (bytes \(source.start)-\(source.end))"))
        }
    }
}
