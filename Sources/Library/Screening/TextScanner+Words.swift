extension TextScanner {
    /// A longer run of letters is no word of these lists.
    private static let wordBytesMax = 32

    /// Reads a word and what it says about the numbers and words around it.
    mutating func word() {
        let start = place
        var raw: [UInt8] = []
        var index = place
        while isWordByte(index) {
            if raw.count <= Self.wordBytesMax { raw.append(byte(index)) }
            index += 1
        }
        place = index
        if raw.count > Self.wordBytesMax { return commands.pass() }
        if isIBAN(raw, at: start) { return count(.iban) }
        if IdentityNumbers.isItalianTaxCode(raw) { return count(.italianTaxCode) }
        if isForeignerNumber(raw), isNear(.identity, start) { return count(.spanishIdentityNumber) }
        let isASCII = raw.allSatisfy { $0 < 0x80 }
        let folded =
            isASCII
            ? String(decoding: raw.map(\.lowercased), as: UTF8.self)
            : String(decoding: raw, as: UTF8.self).lowercased()
        guard let meaning = Vocabulary.meanings[folded] else { return commands.pass() }
        for cue in meaning.cues { note(cue, endingAt: place) }
        if commands.take(meaning) { count(.modelInstruction) }
        if meaning.isSpeaker, byte(place) == 0x3a, beginsLine(start) { commands.openSpeech() }
        if meaning.isAddress, commands.takeSpeech() { count(.roleMarker) }
    }

    /// Marks of lists, quotes and headings may stand before.
    private mutating func beginsLine(_ start: Int) -> Bool {
        for index in stride(from: start - 1, through: max(0, start - 8), by: -1) {
            let byte = byte(index)
            if byte == 0x0a { return true }
            if !" #*->".utf8.contains(byte) { return false }
        }
        return start <= 8
    }

    /// `raw` is its first word; the rest may follow in groups of four. Moves behind it.
    private mutating func isIBAN(_ raw: [UInt8], at start: Int) -> Bool {
        guard raw.count >= 4, raw[0].isCapital, raw[1].isCapital, raw[2].isDigit, raw[3].isDigit,
            let length = IdentityNumbers.lengths[String(decoding: raw.prefix(2), as: UTF8.self)]
        else { return false }
        var (code, index) = (raw, place)
        while code.count < length, code.count.isMultiple(of: 4), byte(index) == 0x20 {
            index += 1
            let before = code.count
            while code.count < before + 4, byte(index).isDigit || byte(index).isCapital {
                code.append(byte(index))
                index += 1
            }
            if code.count == before { return false }
        }
        guard !byte(index).isAlphanumeric,
            code.allSatisfy({ $0.isDigit || $0.isCapital }), IdentityNumbers.isIBAN(code)
        else { return false }
        place = index
        return true
    }

    /// NIE: X, Y or Z stands for 0, 1 or 2 before seven digits.
    private func isForeignerNumber(_ raw: [UInt8]) -> Bool {
        guard raw.count == 9, (0x58...0x5a).contains(raw[0]), raw[1..<8].allSatisfy(\.isDigit) else { return false }
        return IdentityNumbers.isSpanishIdentityNumber(
            [Int(raw[0]) - 0x58] + raw[1..<8].map(\.digit), letter: raw[8])
    }
}

/// Sees orders to drop what a model was told, word by word: a verb, a thing and a word that says which, of one
/// language and close together.
struct CommandWatch {
    /// How many words an order may span, and how soon an actor's line must speak to somebody.
    private static let spanMax = 8
    private static let speechWordsMax = 2
    private static let never = Int.min / 2

    private var words = 0
    private var negated = never
    private var speechUntil = never
    private var last = [[Int]](repeating: [never, never, never], count: Vocabulary.orders.count)

    mutating func pass() { words += 1 }

    /// True when an order is complete with this word.
    mutating func take(_ word: Vocabulary.Meaning) -> Bool {
        words += 1
        if word.isNegator { negated = words }
        if word.isLateNegator { forgetVerbs() }
        var isComplete = false
        for (language, part) in word.parts {
            // "Do not ignore" is what a handbook says.
            if part == .verb, negated == words - 1 { continue }
            last[language][part.rawValue] = words
            isComplete = isComplete || complete(language)
        }
        return isComplete
    }

    mutating func openSpeech() { speechUntil = words + Self.speechWordsMax }

    mutating func takeSpeech() -> Bool {
        guard words <= speechUntil else { return false }
        speechUntil = Self.never
        return true
    }

    private mutating func complete(_ language: Int) -> Bool {
        let places = last[language]
        guard let first = places.min(), let end = places.max(), end - first < Self.spanMax else { return false }
        guard Vocabulary.orders[language].verbMayEnd || places[0] == first else { return false }
        last[language] = [Self.never, Self.never, Self.never]
        return true
    }

    private mutating func forgetVerbs() {
        for language in last.indices { last[language][0] = Self.never }
    }
}
