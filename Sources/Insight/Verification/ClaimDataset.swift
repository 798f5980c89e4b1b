import Foundation

/// Claims that people have compared with a text: SciFact (Wadden et al. 2020) and WiCE (Kamoi et al. 2023).
package enum ClaimDataset {
    private struct SciFactLine: Decodable {
        struct Evidence: Decodable {
            let doc_id: String
            let label: String
        }

        let claim: String
        let cited_doc_ids: [String]
        let evidence: [Evidence]
    }

    private struct Abstract: Decodable {
        let doc_id: String
        let sentences: [String]
    }

    /// Each claim with each abstract that it cites. Supported where the abstract is labelled so; an abstract without
    /// evidence, or with evidence to the contrary, does not support it.
    ///
    /// - Parameter split: `dev`, or `train` for fitting.
    package static func sciFact(directory: String, split: String) throws -> [StatementCase] {
        let abstracts: [Abstract] = try DatasetFile.lines(directory + "/corpus.jsonl.gz")
        let texts = Dictionary(
            abstracts.map { ($0.doc_id, $0.sentences.joined(separator: " ")) }, uniquingKeysWith: { first, _ in first })
        let claims: [SciFactLine] = try DatasetFile.lines(directory + "/claims_\(split).jsonl")
        return claims.flatMap { claim in
            Set(claim.cited_doc_ids + claim.evidence.map(\.doc_id)).sorted().compactMap { document in
                guard let text = texts[document] else { return nil }
                let label = claim.evidence.first { $0.doc_id == document }?.label ?? "NO_INFO"
                return StatementCase(
                    set: "scifact-\(split)", kind: label.lowercased(), statement: claim.claim, texts: [text],
                    isTrue: label == "SUPPORT")
            }
        }
    }

    private struct WiCELine: Decodable {
        let label: String
        let claim: String
        let evidence: [String]
    }

    package static func wice(directory: String) throws -> [StatementCase] {
        let claims: [WiCELine] = try DatasetFile.lines(directory + "/claim_dev.jsonl.gz")
        return claims.map { claim in
            StatementCase(
                set: "wice-dev", kind: claim.label, statement: claim.claim,
                texts: [claim.evidence.joined(separator: "\n\n")], isTrue: claim.label == "supported")
        }
    }
}
