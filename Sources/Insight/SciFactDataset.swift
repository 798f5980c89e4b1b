import Foundation

/// SciFact (Wadden et al. 2020) as a retrieval task, the way BEIR counts it: claims are queries, the abstracts that a
/// claim cites are relevant.
///
/// Reads `corpus.jsonl.gz` (doc_id, title, sentences), `claims_dev.jsonl` (id, claim) and `qrels_dev.tsv` (claim, 0,
/// document, 1) from one folder. Only the development claims are read: nothing was trained on them.
package struct SciFactDataset: Sendable {
    package struct Abstract: Sendable {
        package let id: Int
        package let text: String
    }

    package struct Claim: Sendable {
        package let id: Int
        package let text: String
        package let relevant: Set<Int>
    }

    package let abstracts: [Abstract]
    /// Those with at least one relevant abstract.
    package let claims: [Claim]

    private struct CorpusLine: Decodable {
        let doc_id: String
        let title: String
        let sentences: [String]
    }

    private struct ClaimLine: Decodable {
        let id: String
        let claim: String
    }

    package init(directory: String) throws {
        let corpus = try DatasetFile.lines(directory + "/corpus.jsonl.gz") as [CorpusLine]
        abstracts = try corpus.enumerated().map { index, line in
            guard let id = Int(line.doc_id) else { throw InsightFailure.malformed(file: "corpus", line: index + 1) }
            let sentences = line.sentences.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
            return Abstract(id: id, text: line.title + "\n\n" + sentences.joined(separator: " "))
        }
        let judgements = try Self.judgements(directory + "/qrels_dev.tsv", known: Set(abstracts.map(\.id)))
        claims = (try DatasetFile.lines(directory + "/claims_dev.jsonl") as [ClaimLine]).compactMap { line in
            guard let id = Int(line.id), let relevant = judgements[id] else { return nil }
            return Claim(id: id, text: line.claim, relevant: relevant)
        }
        if claims.isEmpty { throw InsightFailure.nothingToEvaluate }
    }

    private init(abstracts: [Abstract], claims: [Claim]) {
        self.abstracts = abstracts
        self.claims = claims
    }

    /// The first `claims` claims, what they cite, and other abstracts up to `abstracts`: a quick look, not a result.
    package func sample(claims count: Int, abstracts limit: Int) -> SciFactDataset {
        let claims = Array(claims.prefix(count))
        let cited = claims.reduce(into: Set<Int>()) { $0.formUnion($1.relevant) }
        let others = abstracts.lazy.filter { !cited.contains($0.id) }.prefix(max(0, limit - cited.count))
        let chosen = cited.union(others.map(\.id))
        return SciFactDataset(abstracts: abstracts.filter { chosen.contains($0.id) }, claims: claims)
    }

    private static func judgements(_ path: String, known: Set<Int>) throws -> [Int: Set<Int>] {
        var judgements: [Int: Set<Int>] = [:]
        for (index, line) in try DatasetFile.text(path).split(separator: "\n").enumerated() {
            let fields = line.split(whereSeparator: \.isWhitespace).map { Int($0) }
            guard fields.count == 4, let claim = fields[0], let document = fields[2], let grade = fields[3] else {
                throw InsightFailure.malformed(file: "qrels_dev.tsv", line: index + 1)
            }
            if grade > 0, known.contains(document) { judgements[claim, default: []].insert(document) }
        }
        return judgements
    }
}
