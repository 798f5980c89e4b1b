/// Which words of a text a negation reaches.
///
/// A cue reaches the next few content words of its clause, and the one before it where it follows a verb ("payment is
/// not due"). Coarse on purpose: it is used to refuse, and only where both texts say the same word.
enum Negation {
    static let cues: Set<String> = [
        "not", "no", "never", "none", "neither", "nor", "without", "cannot", "except", "unless", "excluding", "nobody",
        "nothing", "lack", "lacks", "lacking", "fail", "fails", "failed", "nicht", "kein", "keine", "keinen", "nie",
        "ohne", "außer",
    ]
    private static let reachWords = 4

    static func isCue(_ word: StatementWord) -> Bool { cues.contains(word.folded) || word.folded.hasSuffix("n't") }

    static func reach(
        _ words: [StatementWord], _ stems: [String?], in text: ArraySlice<UInt8>
    ) -> (denied: Set<String>, affirmed: Set<String>) {
        var isDenied = [Bool](repeating: false, count: words.count)
        for index in words.indices where isCue(words[index]) {
            var (next, left) = (index + 1, reachWords)
            while next < words.count, left > 0, !endsClause(between: words[next - 1], words[next], in: text) {
                if stems[next] != nil { left -= 1 }
                isDenied[next] = true
                next += 1
            }
        }
        var (denied, affirmed): (Set<String>, Set<String>) = ([], [])
        for (index, stem) in stems.enumerated() {
            guard let stem, !isCue(words[index]) else { continue }
            if isDenied[index] { denied.insert(stem) } else { affirmed.insert(stem) }
        }
        return (denied, affirmed)
    }

    private static func endsClause(
        between left: StatementWord, _ right: StatementWord, in text: ArraySlice<UInt8>
    ) -> Bool {
        if right.folded == "but" || right.folded == "sondern" { return true }
        return text[left.range.upperBound..<right.range.lowerBound].contains { ".;:!?,\n".utf8.contains($0) }
    }

    /// Whether one text denies what the other affirms, of words that both have.
    static func conflict(_ claim: StatementFacts, _ evidence: StatementFacts) -> Bool {
        let claimDenies = claim.denied.subtracting(claim.affirmed)
        let evidenceDenies = evidence.denied.subtracting(evidence.affirmed)
        return !claimDenies.isDisjoint(with: evidence.affirmed.subtracting(evidence.denied))
            || !evidenceDenies.isDisjoint(with: claim.affirmed.subtracting(claim.denied))
    }
}
