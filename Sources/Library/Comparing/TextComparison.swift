/// What became of one text in another: lines first, then the words of the lines that changed.
///
/// Without the parts that were added it is the old text, byte for byte; without those that were removed, the new one.
struct TextComparison: Equatable {
    enum Kind: String, Codable, Sendable { case same, removed, added }

    /// Never empty; `range` is in the old text, for what was added in the new one.
    struct Part: Equatable {
        let kind: Kind
        let range: Range<Int>
    }

    struct Bounds {
        var lineEditsMax = 2000
        var wordEditsMax = 1000
        /// Comparisons of lines and words, all together: a fraction of a second.
        var workMax = 50_000_000
        /// Of both texts together, above which they are not compared line by line.
        var bytesMax = 16 << 20
        /// Of the words that are kept in a change, below which it is shown as a whole and not word by word.
        var likenessMin = 0.4
    }

    private(set) var parts: [Part] = []
    /// More changed than is looked into line by line.
    private(set) var isCoarse = false

    init(from old: [UInt8], to new: [UInt8], bounds: Bounds = Bounds()) {
        let (left, right) = (TextPieces.lines(old), TextPieces.lines(new))
        var work = old.count + new.count <= bounds.bytesMax ? bounds.workMax : 0
        var names = PieceNames()
        let runs =
            work == 0
            ? nil
            : ShortestEdit.runs(
                from: names.numbers(left, in: old), to: names.numbers(right, in: new), editsMax: bounds.lineEditsMax,
                work: &work)
        isCoarse = runs == nil
        let steps = runs ?? [.init(step: .remove, count: left.count), .init(step: .add, count: right.count)]
        for change in TextChange.changes(steps, left, right) {
            switch change {
            case .same(let range): append(.same, range)
            case .replaced(let from, let to): appendWords(from, to, old, new, bounds, &work)
            }
        }
    }

    /// `from` of the old text became `to` of the new one.
    private mutating func appendWords(
        _ from: Range<Int>, _ to: Range<Int>, _ old: [UInt8], _ new: [UInt8], _ bounds: Bounds,
        _ work: inout Int
    ) {
        guard work > 0 else {
            append(.removed, from)
            return append(.added, to)
        }
        let (left, right) = (TextPieces.words(old, in: from), TextPieces.words(new, in: to))
        var names = PieceNames()
        let runs = ShortestEdit.runs(
            from: names.numbers(left, in: old), to: names.numbers(right, in: new), editsMax: bounds.wordEditsMax,
            work: &work)
        let changes = runs.map { TextChange.changes($0, left, right).joiningGaps(in: old) } ?? []
        let kept = changes.reduce(0) { $0 + $1.keptCount }
        guard Double(kept) >= bounds.likenessMin * Double(max(1, min(from.count, to.count))) else {
            append(.removed, from)
            return append(.added, to)
        }
        for change in changes {
            switch change {
            case .same(let range): append(.same, range)
            case .replaced(let from, let to):
                append(.removed, from)
                append(.added, to)
            }
        }
    }

    private mutating func append(_ kind: Kind, _ range: Range<Int>) {
        guard !range.isEmpty else { return }
        if let last = parts.last, last.kind == kind, last.range.upperBound == range.lowerBound {
            parts[parts.count - 1] = Part(kind: kind, range: last.range.lowerBound..<range.upperBound)
        } else {
            parts.append(Part(kind: kind, range: range))
        }
    }
}

/// A stretch of both texts.
enum TextChange: Equatable {
    /// In the old text; the new one has the same.
    case same(Range<Int>)
    case replaced(Range<Int>, Range<Int>)

    /// Bytes.
    var keptCount: Int { if case .same(let range) = self { range.count } else { 0 } }

    /// The steps over pieces as stretches of bytes, replacements and what is the same in turn.
    static func changes(
        _ runs: [ShortestEdit.Run], _ old: [Range<Int>], _ new: [Range<Int>]
    ) -> [TextChange] {
        var (changes, x, y) = ([TextChange](), 0, 0)
        var (removed, added) = (x, y)
        func place(_ index: Int, _ pieces: [Range<Int>]) -> Int {
            index < pieces.count ? pieces[index].lowerBound : pieces.last?.upperBound ?? 0
        }
        func close() {
            guard removed < x || added < y else { return }
            changes.append(
                .replaced(place(removed, old)..<place(x, old), place(added, new)..<place(y, new)))
        }
        for run in runs {
            switch run.step {
            case .remove: x += run.count
            case .add: y += run.count
            case .keep:
                close()
                changes.append(.same(place(x, old)..<place(x + run.count, old)))
                (x, y) = (x + run.count, y + run.count)
                (removed, added) = (x, y)
            }
        }
        close()
        return changes
    }
}

extension [TextChange] {
    /// A gap of white space or a sign between two changes becomes part of them: "a b" for "c d" is one change.
    func joiningGaps(in old: [UInt8]) -> [TextChange] {
        var joined: [TextChange] = []
        for change in self {
            guard case .replaced(let from, let to) = change, joined.count > 1,
                case .same(let gap) = joined[joined.count - 1], gap.count < 3,
                old[gap].allSatisfy({ !TextPieces.isOfWord($0) }),
                case .replaced(let earlier, let other) = joined[joined.count - 2]
            else {
                joined.append(change)
                continue
            }
            joined.removeLast(2)
            joined.append(.replaced(earlier.lowerBound..<from.upperBound, other.lowerBound..<to.upperBound))
        }
        return joined
    }
}

/// A text cut into pieces that together are all of it.
enum TextPieces {
    /// With their ends.
    static func lines(_ text: [UInt8]) -> [Range<Int>] {
        var (lines, start) = ([Range<Int>](), 0)
        for (place, byte) in text.enumerated() where byte == 0x0a {
            lines.append(start..<place + 1)
            start = place + 1
        }
        if start < text.count { lines.append(start..<text.count) }
        return lines
    }

    /// Words, runs of white space, single signs; in scripts that put no space between words, single characters.
    static func words(_ text: [UInt8], in range: Range<Int>) -> [Range<Int>] {
        var (words, place) = ([Range<Int>](), range.lowerBound)
        while place < range.upperBound {
            let start = place
            if isSpaceless(text[place]) {
                place = min(place + 3, range.upperBound)
            } else if isOfWord(text[place]) {
                while place < range.upperBound, isOfWord(text[place]), !isSpaceless(text[place]) { place += 1 }
            } else if text[place] == 0x20 {
                while place < range.upperBound, text[place] == 0x20 { place += 1 }
            } else {
                place += 1
            }
            words.append(start..<place)
        }
        return words
    }

    /// ASCII letters and digits, and all that is not ASCII.
    static func isOfWord(_ byte: UInt8) -> Bool {
        byte >= 0x80 || (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
    }

    /// The first byte in UTF-8 of Chinese, Japanese and Korean characters, all of three bytes.
    private static func isSpaceless(_ byte: UInt8) -> Bool { (0xe3...0xed).contains(byte) }
}

/// Equal pieces have equal numbers.
private struct PieceNames {
    private var known: [ArraySlice<UInt8>: Int32] = [:]

    mutating func numbers(_ pieces: [Range<Int>], in text: [UInt8]) -> [Int32] {
        pieces.map { piece in
            let (piece, next) = (text[piece], Int32(known.count))
            if let number = known[piece] { return number }
            known[piece] = next
            return next
        }
    }
}
