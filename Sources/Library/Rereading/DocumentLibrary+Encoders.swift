import Documents
import Encoder
import Kit
import Search

/// A question and its vector by the encoder that its tenant is searched by now.
package struct AskedQuestion: Sendable {
    package let text: String
    package let vector: [Float]
    /// What else is compared with `vector` is embedded by this one too.
    package let encoder: Encoder
    let serving: ServingEncoder

    package func query(
        mode: SearchMode = .fused, limit: Int = SearchQuery.limitDefault, collections: Set<CollectionID>? = nil,
        explain: Bool = false
    ) -> SearchQuery {
        var query = SearchQuery(
            text: text, vector: vector, mode: mode, limit: limit, collections: collections, explain: explain)
        query.encoder = serving
        return query
    }
}

extension DocumentLibrary {
    /// A tenant changes its encoder once in years; more changes within one question are a defect.
    private static let switchesMax = 3

    /// Does `body` with the vector of `text`, and again when the tenant changes its encoder meanwhile. Nil when the
    /// text has no word at all.
    package func asking<Value: Sendable>(
        _ text: String, for principal: Principal, _ body: @Sendable (AskedQuestion) async throws -> Value
    ) async throws -> Value? {
        for _ in 1..<Self.switchesMax {
            guard let question = try await question(text, for: principal) else { return nil }
            do {
                return try await body(question)
            } catch SearchFailure.encoderChanged {
                continue
            }
        }
        guard let question = try await question(text, for: principal) else { return nil }
        return try await body(question)
    }

    private func question(_ text: String, for principal: Principal) async throws -> AskedQuestion? {
        let serving = try await parts.index.serving(of: principal.tenant)
        let encoder = loaded(serving.encoder) ?? parts.encoder
        return try await encoder.questionVector(text).map {
            AskedQuestion(text: text, vector: $0, encoder: encoder, serving: serving)
        }
    }

    private func loaded(_ fingerprint: String) -> Encoder? {
        [parts.encoder, parts.earlierEncoder].compactMap(\.self).first { $0.fingerprint == fingerprint }
    }

    /// The encoder of before, while the tenant is still searched by it: what is read meanwhile is embedded twice.
    func earlierInUse(_ tenant: TenantID) async throws -> Encoder? {
        guard let earlier = parts.earlierEncoder, earlier.fingerprint != parts.encoder.fingerprint else { return nil }
        return try await parts.index.serving(of: tenant).encoder == earlier.fingerprint ? earlier : nil
    }

    /// The title and the headings stand before the text for the index, not for citation: a passage is found by the
    /// section that it is in.
    func indexed(_ chunk: Chunk, of parsed: ParsedDocument, also earlier: Encoder?) async throws -> IndexedChunk {
        let text = parsed.context(of: chunk) + Array(parsed.text[chunk.range])
        return IndexedChunk(
            ordinal: chunk.ordinal, start: chunk.range.lowerBound, end: chunk.range.upperBound, text: text,
            vectors: try await parts.encoder.vectors(of: text),
            earlierVectors: try await earlier?.vectors(of: text) ?? [])
    }
}

extension Encoder {
    /// Of every window of a text.
    fileprivate func vectors(of text: [UInt8]) async throws -> [[Float]] {
        let tokens = tokens(of: text)
        return try await embed(windows(of: tokens).map { tokens[$0].map(\.id) })
    }
}
