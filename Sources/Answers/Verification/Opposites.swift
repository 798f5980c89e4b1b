/// Words of which a statement must not have one where its evidence has the other.
enum Opposites {
    private static let pairs: [(String, String)] = [
        ("increase", "decrease"), ("increase", "reduce"), ("rise", "fall"), ("higher", "lower"), ("high", "low"),
        ("more", "less"), ("more", "fewer"), ("before", "after"), ("minimum", "maximum"), ("least", "most"),
        ("above", "below"), ("over", "under"), ("allow", "forbid"), ("allowed", "prohibited"),
        ("permit", "prohibit"), ("permitted", "forbidden"), ("include", "exclude"), ("accept", "refuse"),
        ("accept", "reject"), ("approve", "reject"), ("paid", "unpaid"), ("mandatory", "optional"),
        ("required", "optional"), ("internal", "external"), ("inside", "outside"), ("open", "closed"),
        ("start", "end"), ("first", "last"), ("always", "never"), ("all", "none"), ("safe", "unsafe"),
        ("enable", "disable"), ("activate", "inhibit"), ("promote", "inhibit"), ("promote", "prevent"),
        ("upregulate", "downregulate"), ("gain", "loss"), ("positive", "negative"), ("early", "late"),
        ("day", "night"), ("adult", "child"), ("male", "female"), ("left", "right"), ("oral", "intravenous"),
        ("win", "lose"), ("buy", "sell"), ("gross", "net"), ("sufficient", "insufficient"),
        ("longer", "shorter"), ("large", "small"), ("earlier", "later"), ("better", "worse"),
        ("improve", "worsen"), ("present", "absent"), ("public", "private"), ("likely", "unlikely"),
    ]

    /// Each word or its stem to the stems that say the contrary.
    private static let contraries: [String: Set<String>] = {
        var table: [String: Set<String>] = [:]
        for (left, right) in pairs {
            let (a, b) = (key(left), key(right))
            table[a, default: []].insert(b)
            table[b, default: []].insert(a)
        }
        return table
    }()

    private static func key(_ word: String) -> String {
        StatementStemmer.stem(ofName: word) ?? word
    }

    /// Whether the claim has a word, the evidence has not, but has its contrary, which the claim has not.
    static func conflict(_ claim: StatementFacts, _ evidence: StatementFacts) -> Bool {
        claim.keys.contains { word in
            guard let contrary = contraries[word], !evidence.keys.contains(word) else { return false }
            return contrary.contains { evidence.keys.contains($0) && !claim.keys.contains($0) }
        }
    }
}

extension StatementFacts {
    /// Stems, and the words that have none.
    fileprivate var keys: Set<String> { stemSet.union(words) }
}
