import Search

/// What of a text can be checked by rule: its quantities, its names, and which of its words are negated.
struct StatementFacts: Sendable {
    /// Stems of the words that carry content, in order.
    let stems: [String]
    let stemSet: Set<String>
    let quantities: [Quantity]
    /// Lower case: words written with a capital inside a sentence, acronyms, and words with digits (`E12`).
    let names: Set<String>
    /// All words, lower case, without the ending of a possessive.
    let words: Set<String>
    /// First letters of runs of capitalised words: what an acronym may stand for.
    let initials: Set<String>
    /// Stems in the reach of a negation, and stems outside of any.
    let denied, affirmed: Set<String>
    /// Words that deny.
    let negations: Int

    init(_ text: ArraySlice<UInt8>) {
        let words = StatementWord.words(in: text)
        let stems = words.map(StatementStemmer.stem)
        self.stems = stems.compactMap(\.self)
        stemSet = Set(self.stems)
        quantities = Quantity.quantities(in: words)
        self.words = Set(words.map(\.bare))
        names = Self.names(in: words, of: text)
        initials = Self.initials(of: words)
        (denied, affirmed) = Negation.reach(words, stems, in: text)
        negations = words.count(where: Negation.isCue)
    }

    /// Of several texts together.
    init(joining facts: [StatementFacts]) {
        stems = facts.flatMap(\.stems)
        stemSet = Set(stems)
        quantities = facts.flatMap(\.quantities)
        names = facts.reduce(into: []) { $0.formUnion($1.names) }
        words = facts.reduce(into: []) { $0.formUnion($1.words) }
        initials = facts.reduce(into: []) { $0.formUnion($1.initials) }
        denied = facts.reduce(into: []) { $0.formUnion($1.denied) }
        affirmed = facts.reduce(into: []) { $0.formUnion($1.affirmed) }
        negations = facts.reduce(0) { $0 + $1.negations }
    }

    private static func names(in words: [StatementWord], of text: ArraySlice<UInt8>) -> Set<String> {
        var names: Set<String> = []
        for (index, word) in words.enumerated() where word.kind == .word || word.kind == .mixed {
            if word.isAcronym || word.kind == .mixed && !isQuantity(word) {
                names.insert(word.bare)
            } else if word.isCapitalised, !beginsSentence(word, in: text) {
                names.insert(word.bare)
            } else if word.isCapitalised, index + 1 < words.count, words[index + 1].isCapitalised,
                words[index + 1].isApart, words[index + 1].kind == .word, !FunctionWords.all.contains(word.folded)
            {
                names.insert(word.bare)
            }
        }
        return names.subtracting(FunctionWords.all).subtracting(NumberWords.months.keys)
    }

    /// The first word of a sentence, an item, a cell or a quotation is written with a capital whatever it is.
    private static func beginsSentence(_ word: StatementWord, in text: ArraySlice<UInt8>) -> Bool {
        let before = text[..<word.range.lowerBound].last { !StatementWord.isSpace($0) && $0 < 0x80 && $0 != quotation }
        guard let before else { return true }
        return ".!?|-*\n".utf8.contains(before) || text[word.range.lowerBound - 1] == UInt8(ascii: "\n")
    }

    private static let quotation = UInt8(ascii: "\"")

    /// `5mg`, `3rd`: checked as a number.
    private static func isQuantity(_ word: StatementWord) -> Bool { !Quantity.quantities(in: [word]).isEmpty }

    private static func initials(of words: [StatementWord]) -> Set<String> {
        var (found, run): (Set<String>, String) = ([], "")
        for word in words {
            guard word.kind == .word, let first = word.folded.first, word.isCapitalised || !run.isEmpty else {
                run = ""
                continue
            }
            if FunctionWords.all.contains(word.folded) { continue }
            run.append(first)
            for length in 2...6 where run.count >= length { found.insert(String(run.suffix(length))) }
        }
        return found
    }
}

extension StatementWord {
    /// Without the ending of a possessive.
    var bare: String { folded.hasSuffix("'s") ? String(folded.dropLast(2)) : folded }
}

/// Words to their stems, as the index does.
enum StatementStemmer {
    private static let analyser = Analyser(stopWords: StopWords.english)

    static func stem(ofName name: String) -> String? {
        StatementWord.words(in: ArraySlice(name.utf8)).first.flatMap(stem)
    }

    /// Nil for signs, numbers and words that carry no content.
    static func stem(_ word: StatementWord) -> String? {
        guard word.kind == .word || word.kind == .mixed, !FunctionWords.all.contains(word.folded) else { return nil }
        guard let term = analyser.terms(of: Array(word.bare.utf8)).terms.first else { return nil }
        return String(decoding: term.bytes, as: UTF8.self)
    }
}
