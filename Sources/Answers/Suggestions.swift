import Documents
import Kit
import Library

/// A question that the documents answer, with the sentence that does.
package struct Suggestion: Hashable, Sendable {
    package let question: String
    package let document: DocumentID
    package let title: String
    package let quote: String
}

// Questions to begin with, made without a model: from the headings of documents that the reader may see, and kept only
// when asking them finds an answer in the very document.
extension AnswerPipeline {
    static let suggestionsMax = 5
    /// Documents that are looked at, the newest first, and headings of each.
    private static let documentsMax = 25
    private static let headingsMax = 3

    package func suggestions(in collection: CollectionID, for principal: Principal) async throws -> [Suggestion] {
        let page = PageRequest(limit: Self.documentsMax)
        let documents = try await library.documents(of: collection, page, for: principal).items
        var (found, asked): ([Suggestion], Set<String>) = ([], [])
        for document in documents where document.currentVersion != nil {
            guard found.count < Self.suggestionsMax else { break }
            guard let text = try? await library.text(of: document.id, for: principal) else { continue }
            for question in Self.questions(of: text) where asked.insert(question).inserted {
                guard let one = try await suggestion(question, of: text, in: collection, for: principal) else {
                    continue
                }
                found.append(one)
                break
            }
        }
        return found
    }

    private func suggestion(
        _ question: String, of text: DocumentText, in collection: CollectionID, for principal: Principal
    ) async throws -> Suggestion? {
        let selections = try await library.asking(question, for: principal) { asked in
            let query = asked.query(limit: settings.passagesMax, collections: [collection])
            let (result, passages) = try await library.search(query, for: principal)
            let assembly = ContextAssembly(encoder: encoder, tokensMax: settings.contextTokensMax)
            return try await reader(by: asked).select(
                UnderstoodQuestion(question), from: assembly.evidence(from: passages), rarity: result.rarity)
        }
        guard let best = selections?.first?.place, best.document == text.document.id, best.version == text.version
        else { return nil }
        return Suggestion(
            question: question, document: best.document, title: text.document.title ?? text.document.path,
            quote: String(decoding: text.text[best.start..<best.end], as: UTF8.self))
    }

    private static func questions(of text: DocumentText) -> [String] {
        let headings = text.layout.blocks.compactMap { block -> String? in
            guard case .heading = block.kind else { return nil }
            return String(decoding: text.text[block.range], as: UTF8.self)
        }.filter(isPlain)
        var seen: Set<String> = []
        let distinct = headings.filter { seen.insert($0.lowercased()).inserted }.prefix(headingsMax)
        return distinct.map { question(about: $0, in: text.layout.language) }
    }

    /// A few words, without numbering: what a person would say.
    private static func isPlain(_ heading: String) -> Bool {
        let words = heading.split(separator: " ")
        return (1...8).contains(words.count) && heading.count <= 80 && heading.contains(where: \.isLetter)
            && !heading.contains(where: \.isNumber) && !heading.hasSuffix("?")
    }

    /// Short, so that what is asked about decides what is found.
    private static func question(about heading: String, in language: String?) -> String {
        switch language {
        case "de": "Was gilt bei \(heading)?"
        case "fr": "Qu'en est-il de \(heading) ?"
        case "es": "¿Qué hay de \(heading)?"
        case "it": "Che cosa vale per \(heading)?"
        case "nl": "Hoe zit het met \(heading)?"
        default: "What about \(heading)?"
        }
    }
}
