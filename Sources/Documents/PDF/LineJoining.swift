/// Lines of one paragraph to one flow of text: a space between lines, none where a hyphen cut a word.
enum LineJoining {
    /// `compounds`: words with a hyphen in the middle of a line, as `compound(_:)` gives them; they keep it.
    static func content(_ lines: [TextLine], compounds: Set<String> = []) -> [Inline] {
        let words = lines.map { BidirectionalOrder.reading($0.words) }
        var content: [Inline] = []
        for (number, line) in words.enumerated() {
            let next = number + 1 < words.count ? words[number + 1].first : nil
            for (word, other) in zip(line, line.dropFirst()) {
                content.append(inline(isOneWord(word, other) ? word.text : word.text + " ", word.box))
            }
            guard let last = line.last else { continue }
            let seam = next.map { Self.seam(last.text, $0.text, compounds) } ?? .apart
            let text = seam == .cut ? String(last.text.dropLast()) : last.text
            content.append(inline(seam == .apart ? text + " " : text, last.box))
        }
        return content
    }

    static func inline(_ text: String, _ box: Rectangle) -> Inline {
        Inline(Array(text.utf8), box: DocumentLayout.Box(box))
    }

    /// Arabic letters do not all join, and the tool takes that for the end of a word; in other scripts letters that
    /// touch are often words set close.
    private static func isOneWord(_ word: PageWord, _ next: PageWord) -> Bool {
        let (box, other) = (word.box, next.box)
        let (gap, height) = (box.left - other.right, min(box.height, other.height))
        return gap <= 0.04 * height && gap > -0.5 * height && abs(box.bottom - other.bottom) <= 0.05 * height
            && abs(box.height - other.height) <= 0.05 * height
            && [word, next].contains { $0.text.unicodeScalars.contains(where: BidirectionalOrder.isFromRight) }
    }

    enum Seam: Equatable {
        /// A space between them.
        case apart
        /// Nothing between them.
        case close
        /// Nothing between them and the hyphen gone.
        case cut
    }

    /// How the last word of a line and the first of the next are joined.
    static func seam(_ last: String, _ next: String, _ compounds: Set<String>) -> Seam {
        guard let end = last.last, let start = next.first else { return .apart }
        if isWithoutSpaces(end), isWithoutSpaces(start) { return .close }
        guard end == "-" || end == "\u{2010}" || end == "\u{ad}", last.dropLast().last?.isLetter == true else {
            return .apart
        }
        guard start.isLowercase else { return start.isLetter || start.isNumber ? .close : .apart }
        let isCompound = compounds.contains(compound(last + next) ?? "") || last.lowercased() == "self-"
        return isCompound ? .close : .cut
    }

    /// A word with a hyphen inside in the form that is compared, without case and punctuation around it.
    static func compound(_ word: String) -> String? {
        guard word.utf8.count <= 60, word.utf8.contains(UInt8(ascii: "-")) else { return nil }
        let start = word.drop { !$0.isLetter }
        let end = start.lastIndex { $0.isLetter } ?? start.startIndex
        guard end > start.startIndex else { return nil }
        let core = start[...end]
        return core.contains("-") ? core.lowercased() : nil
    }

    /// Chinese and Japanese put no spaces between words.
    private static func isWithoutSpaces(_ character: Character) -> Bool {
        guard let scalar = character.unicodeScalars.first else { return false }
        switch scalar.value {
        case 0x3001...0x30ff, 0x3400...0x4dbf, 0x4e00...0x9fff, 0xf900...0xfaff, 0xff00...0xff60: return true
        default: return false
        }
    }
}
