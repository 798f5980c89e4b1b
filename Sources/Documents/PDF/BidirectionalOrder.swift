/// From the order on paper, left to right, to the order of reading, for lines with Hebrew, Arabic and their kin.
///
/// A small part of the Unicode Bidirectional Algorithm (UAX 9) backwards: a line reads from the right when most of its
/// words do; runs of the other direction in it, and numbers, keep theirs. Poppler gives each word as painted, so the
/// letters of a word from the right are turned too.
enum BidirectionalOrder {
    static func reading(_ words: [PageWord]) -> [PageWord] {
        let directions = words.map { direction($0.text) }
        guard directions.contains(.right) else { return words }
        let turned = zip(words, directions).map { word, direction in
            direction == .right ? PageWord(text: Self.turned(word.text), box: word.box) : word
        }
        let isFromRight = directions.count { $0 == .right } >= directions.count { $0 == .left }
        return ordered(turned, directions, isFromRight: isFromRight)
    }

    static func isFromRight(_ lines: [TextLine]) -> Bool {
        let directions = lines.flatMap(\.words).map { direction($0.text) }
        return directions.count { $0 == .right } > directions.count { $0 == .left }
    }

    private enum Direction { case left, right, none }

    private static func direction(_ word: String) -> Direction {
        var found = Direction.none
        for scalar in word.unicodeScalars {
            if isFromRight(scalar) { return .right }
            if scalar.properties.isAlphabetic { found = .left }
        }
        return found
    }

    /// Hebrew to Arabic Extended-A, and the presentation forms.
    static func isFromRight(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0660...0x0669, 0x06f0...0x06f9: false
        case 0x0590...0x08ff, 0xfb1d...0xfdff, 0xfe70...0xfefe: true
        default: false
        }
    }

    private static func ordered(
        _ words: [PageWord], _ directions: [Direction], isFromRight: Bool
    ) -> [PageWord] {
        let foreign: Direction = isFromRight ? .left : .right
        var (result, run): ([PageWord], [PageWord]) = ([], [])
        let order = isFromRight ? Array(words.indices.reversed()) : Array(words.indices)
        for index in order {
            if directions[index] == foreign {
                run.append(words[index])
            } else {
                result += run.reversed() + [words[index]]
                run = []
            }
        }
        return result + run.reversed()
    }

    /// Letters turned round; numbers and Latin in them stay as they are.
    private static func turned(_ word: String) -> String {
        var (result, run): ([Character], [Character]) = ([], [])
        for character in word.reversed() {
            if character.isNumber || (character.isLetter && character.isASCII) {
                run.append(character)
            } else {
                result += run.reversed() + [character]
                run = []
            }
        }
        return String(result + run.reversed())
    }
}
