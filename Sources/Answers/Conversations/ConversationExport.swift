import Foundation
import Kit

/// A conversation as its reader may take it along: what they may see of it at this moment, and how much was left out.
struct ConversationExport: Codable, Sendable {
    let conversation: ConversationID
    let title: String
    let created: String
    let exported: String
    /// Sentences whose documents are gone or not open to this reader.
    let leftOut: Int
    /// Oldest first. Each names its parent: edited questions make branches.
    let turns: [Turn]

    struct Turn: Codable, Sendable {
        let answer: AnswerID
        let parent: AnswerID?
        let question: String
        let asked: String
        let answerer: String
        let declined: Bool
        let sentences: [Sentence]
        let sources: [Source]
        let leftOut: Int
    }

    struct Sentence: Codable, Sendable {
        let text: String
        let kind: String
        let citations: [Int]
    }

    /// A cited place. Offsets count bytes of the normalised text of that version.
    struct Source: Codable, Sendable {
        let number: Int
        let document: DocumentID
        let version: VersionID
        let title: String
        let path: String
        let page: Int?
        let start: Int
        let end: Int
        let quote: String
    }

    enum Format: String, CaseIterable, Sendable {
        case markdown, json

        var contentType: String { self == .markdown ? "text/markdown; charset=utf-8" : "application/json" }
        var fileExtension: String { self == .markdown ? "md" : "json" }
    }

    func bytes(as format: Format) throws -> [UInt8] {
        switch format {
        case .markdown: return Array(ConversationMarkdown(self).text.utf8)
        case .json:
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
            return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
        }
    }
}

extension ConversationExport.Turn {
    init(_ answer: Answer, _ shown: [(Int, ShownSentence)]) {
        var seen: Set<Int> = []
        let citations = shown.flatMap(\.1.citations).filter { seen.insert($0.number).inserted }
        self.init(
            answer: answer.id, parent: answer.parent, question: answer.question, asked: answer.created.text,
            answerer: answer.answerer, declined: answer.isDeclined,
            sentences: shown.map {
                .init(text: $1.text, kind: $1.kind.rawValue, citations: $1.citations.map(\.number))
            },
            sources: citations.sorted { $0.number < $1.number }.map {
                .init(
                    number: $0.number, document: $0.document, version: $0.version, title: $0.title, path: $0.path,
                    page: $0.page, start: $0.start, end: $0.end, quote: $0.quote)
            },
            leftOut: answer.sentences.count - shown.count)
    }
}
