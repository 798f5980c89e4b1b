import AuditTrail

/// Where in a proof something stands, for people.
enum ProofWords {
    static func place(_ place: JSONPlace, in proof: AnswerProof?) -> String {
        let path = place.path
        guard let first = path.first else { return "the frame of the proof" }
        let index = path.count > 1 ? Int(path[1]) : nil
        let field = path.dropFirst(2).joined(separator: ".")
        switch (first, index) {
        case ("passages", let index?): return passage(index, field, place.byteInText, in: proof)
        case ("sentences", let index?):
            return field == "text"
                ? "the text of sentence \(index &+ 1) of the answer"
                : "“\(field)” of sentence \(index &+ 1) of the answer"
        case ("audit", let index?):
            let number = proof.flatMap { $0.audit.indices.contains(index) ? $0.audit[index].sequence : nil }
            return "“\(field)” of the audit entry \(number.map(String.init) ?? String(index &+ 1))"
        case ("answer", _) where path.last == "question": return "the question"
        default: return "“\(path.joined(separator: "."))”"
        }
    }

    private static func passage(_ index: Int, _ field: String, _ byte: Int?, in proof: AnswerProof?) -> String {
        guard let proof, proof.passages.indices.contains(index) else { return "passage \(index &+ 1)" }
        let passage = proof.passages[index]
        guard field == "text", let byte else { return "“\(field)” of the passage from “\(passage.title)”" }
        return "the passage from “\(passage.title)”, at byte \(passage.start &+ byte) of that document's text"
    }
}
