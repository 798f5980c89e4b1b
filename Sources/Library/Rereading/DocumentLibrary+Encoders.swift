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
    func indexed(
        _ chunks: ArraySlice<Chunk>, of parsed: ParsedDocument, also earlier: Encoder?
    ) async throws -> [IndexedChunk] {
        let texts = chunks.map { parsed.context(of: $0) + parsed.text[$0.range] }
        let vectors = try await parts.encoder.vectors(of: texts)
        let before = try await earlier?.vectors(of: texts) ?? texts.map { _ in [] }
        return zip(zip(chunks, texts), zip(vectors, before)).map { read, made in
            IndexedChunk(
                ordinal: read.0.ordinal, start: read.0.range.lowerBound, end: read.0.range.upperBound, text: read.1,
                vectors: made.0, earlierVectors: made.1)
        }
    }
}

extension Encoder {
    /// Of every window of each text, all of them in one go.
    fileprivate func vectors(of texts: [[UInt8]]) async throws -> [[[Float]]] {
        let windows = texts.map { text in
            let tokens = tokens(of: text)
            return self.windows(of: tokens).map { tokens[$0].map(\.id) }
        }
        var vectors = try await embed(windows.flatMap(\.self))[...]
        return windows.map { own in
            defer { vectors = vectors.dropFirst(own.count) }
            return Array(vectors.prefix(own.count))
        }
    }
}
