/// What stands before a list's item.
enum ListMarker: Equatable {
    /// Says nothing: left out of the text.
    case bullet
    /// Counts, so others may refer to it: stays in the text.
    case number

    private static let bullets: Set<Character> = Set("•◦‣▪▫■□●○◆◇➢➤►▸✓✔❖⁃∙·-–—*o§")

    /// Nil when `word`, which begins a line, is none.
    init?(_ word: String) {
        guard word.utf8.count <= 8 else { return nil }
        if word.count == 1, let first = word.first, Self.bullets.contains(first) || first.isSymbolFont {
            self = .bullet
        } else if Self.isNumber(word) {
            self = .number
        } else {
            return nil
        }
    }

    /// `1.`, `12)`, `(3)`, `a)`, `(iv)`. Not `a.`: that is how initials and sentences look.
    private static func isNumber(_ word: String) -> Bool {
        var text = Substring(word)
        let isOpen = text.first == "("
        if isOpen { text = text.dropFirst() }
        guard let last = text.popLast(), last == ")" || (last == "." && !isOpen) else { return false }
        if (1...3).contains(text.count), text.allSatisfy(\.isNumber) { return true }
        guard last == ")" else { return false }
        let isRoman = text.count <= 4 && text.allSatisfy { "ivx".contains($0) }
        return !text.isEmpty && (isRoman || (text.count == 1 && text.allSatisfy { $0.isLowercase && $0.isASCII }))
    }
}

extension Character {
    /// Symbol fonts put their bullets in the private use area or where control characters are.
    var isSymbolFont: Bool {
        unicodeScalars.allSatisfy { (0xe000...0xf8ff).contains($0.value) || (0x80...0x9f).contains($0.value) }
    }
}
