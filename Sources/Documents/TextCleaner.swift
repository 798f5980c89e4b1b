/// What becomes of white space.
enum Whitespace {
    /// Any run of it is one space.
    case flow
    /// Runs of spaces are one, line ends stay, at most two in a row.
    case lines
    /// Stays, but for the space at the end.
    case verbatim
}

/// Text as a person sees it: no control characters, nothing invisible that could hide or split a word.
///
/// Removed: C0 and C1 controls, U+00AD, U+200B, U+200E, U+200F, U+202A ... U+202E, U+2060 ... U+206F, U+FEFF, U+FFF9
/// ... U+FFFB, tags U+E0000 ... U+E007F and noncharacters; the joiners U+200C and U+200D but for the scripts that need
/// them. Unicode's other spaces become U+0020.
struct TextCleaner {
    private let space: Whitespace
    /// White space that waits for a word to follow it.
    private var pending: Pending = .none
    private var previous: UInt32 = 0
    /// Left out and meant for machines: tags, overrides of the writing direction, runs without width.
    private(set) var concealed = 0
    /// Since the last visible character.
    private var (tags, widthless) = (0, 0)

    private enum Pending { case none, space, line, blankLine }

    init(_ space: Whitespace) { self.space = space }

    /// Returns where the visible part of `source` is now. `start` is where the block began: nothing stands before it.
    mutating func append(_ source: [UInt8], to text: inout [UInt8], from start: Int) -> Range<Int> {
        var first: Int?
        let bytes =
            String(validating: source, as: UTF8.self) == nil
            ? Array(String(decoding: source, as: UTF8.self).utf8) : source
        var index = 0
        while index < bytes.count {
            let (scalar, length) = Self.scalar(at: index, of: bytes)
            if Self.isWhite(scalar) {
                take(scalar, &text)
            } else if isInvisible(scalar) {
                conceal(scalar)
            } else {
                (tags, widthless) = (0, 0)
                flush(&text, isFirst: text.count == start)
                if first == nil { first = text.count }
                text += bytes[index..<index + length]
                previous = scalar
            }
            index += length
        }
        guard let first else { return text.count..<text.count }
        return first..<(text.lastIndex { $0 > 0x20 } ?? first) + 1
    }

    /// `bytes` are valid UTF-8.
    private static func scalar(at index: Int, of bytes: [UInt8]) -> (value: UInt32, length: Int) {
        let lead = UInt32(bytes[index])
        func next(_ offset: Int) -> UInt32 { UInt32(bytes[index + offset]) & 0x3f }
        return switch lead {
        case ..<0x80: (lead, 1)
        case ..<0xe0: ((lead & 0x1f) << 6 | next(1), 2)
        case ..<0xf0: ((lead & 0x0f) << 12 | next(1) << 6 | next(2), 3)
        default: ((lead & 0x07) << 18 | next(1) << 12 | next(2) << 6 | next(3), 4)
        }
    }

    /// A flag is written with tags, and a single character without width splits a long word: neither hides anything.
    private mutating func conceal(_ scalar: UInt32) {
        switch scalar {
        case 0xe0000...0xe007f:
            tags += 1
            if previous != 0x1f3f4 || tags > 7 { concealed += 1 }
        case 0x202d, 0x202e: concealed += 1
        case 0x200b...0x200d, 0x2060...0x2064, 0xfeff:
            widthless += 1
            if widthless == 3 { concealed += 1 }
        default: break
        }
    }

    func trimEnd(of text: inout [UInt8], from start: Int) {
        while text.count > start, let last = text.last, last <= 0x20 { text.removeLast() }
    }

    private mutating func take(_ scalar: UInt32, _ text: inout [UInt8]) {
        if space == .verbatim {
            text.append(scalar == 0x0a || scalar == 0x09 ? UInt8(scalar) : 0x20)
        } else if space == .lines, scalar == 0x0a {
            pending = pending == .line || pending == .blankLine ? .blankLine : .line
        } else if pending == .none {
            pending = .space
        }
    }

    private mutating func flush(_ text: inout [UInt8], isFirst: Bool) {
        defer { pending = .none }
        guard !isFirst else { return }
        switch pending {
        case .none: break
        case .space: text.append(0x20)
        case .line: text.append(0x0a)
        case .blankLine: text += [0x0a, 0x0a]
        }
    }

    private static func isWhite(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x09...0x0d, 0x20, 0x85, 0xa0, 0x1680, 0x2000...0x200a, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000: true
        default: false
        }
    }

    private func isInvisible(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x21...0x7e: false
        case 0x200c, 0x200d: previous < 0x0600
        case 0x00...0x1f, 0x7f...0x9f, 0xad, 0x200b, 0x200e, 0x200f, 0x202a...0x202e, 0x2060...0x206f,
            0xfdd0...0xfdef, 0xfeff, 0xfff9...0xfffb, 0xe0000...0xe007f:
            true
        default: scalar & 0xfffe == 0xfffe
        }
    }
}

extension [UInt8] {
    /// The longest prefix of at most `count` bytes that cuts no UTF-8 sequence.
    package func prefixOfWholeCharacters(_ count: Int) -> ArraySlice<UInt8> {
        guard self.count > count else { return self[...] }
        var end = count
        while end > 0, self[end] & 0xc0 == 0x80 { end -= 1 }
        return self[..<end]
    }
}
