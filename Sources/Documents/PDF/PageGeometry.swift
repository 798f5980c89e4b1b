/// A place on a page in points of 1/72 inch, the origin at the top left.
struct Rectangle: Equatable {
    var left: Double
    var top: Double
    var right: Double
    var bottom: Double

    var width: Double { right - left }
    var height: Double { bottom - top }
    var middle: Double { (top + bottom) / 2 }

    func union(_ other: Rectangle) -> Rectangle {
        Rectangle(
            left: min(left, other.left), top: min(top, other.top), right: max(right, other.right),
            bottom: max(bottom, other.bottom))
    }

    /// How much of the narrower one's width both share, 0 ... 1.
    func horizontalOverlap(_ other: Rectangle) -> Double {
        let narrower = min(width, other.width)
        guard narrower > 0 else { return 0 }
        return max(0, min(right, other.right) - max(left, other.left)) / narrower
    }

    func scaled(_ factor: Double) -> Rectangle {
        Rectangle(left: left * factor, top: top * factor, right: right * factor, bottom: bottom * factor)
    }
}

extension DocumentLayout.Box {
    init(_ rectangle: Rectangle) {
        self.init(left: rectangle.left, top: rectangle.top, right: rectangle.right, bottom: rectangle.bottom)
    }
}

struct PageWord: Equatable {
    var text: String
    var box: Rectangle
}

/// Words that stand side by side, from left to right until `inReadingOrder` was called. Never empty.
struct TextLine: Equatable {
    let words: [PageWord]
    let box: Rectangle
    /// Lines of one block stand together in the eyes of the tool that found them.
    let block: Int
    var isBold = false

    init(_ words: [PageWord], block: Int, isBold: Bool = false) {
        self.words = words
        self.block = block
        self.isBold = isBold
        box = words.dropFirst().reduce(words[0].box) { $0.union($1.box) }
    }

    var text: String { words.map(\.text).joined(separator: " ") }

    /// Height of its letters with what is above and below them, points.
    var size: Double {
        guard isUpright else { return box.width }
        return words.map(\.box.height).sorted()[words.count / 2]
    }

    /// Not turned by a quarter, as stamps in the margin are.
    var isUpright: Bool {
        box.height <= 3 * box.width || words.reduce(0) { $0 + $1.text.utf8.count } < 4
    }

    /// Pieces that stand apart by more than `gap` times their height.
    func pieces(gap: Double) -> [TextLine] {
        var pieces: [[PageWord]] = []
        for word in words {
            if let last = pieces.last?.last, word.box.left - last.box.right <= gap * max(word.box.height, 1) {
                pieces[pieces.count - 1].append(word)
            } else {
                pieces.append([word])
            }
        }
        return pieces.map { TextLine($0, block: block, isBold: isBold) }
    }
}

/// One page as a tool found it: its lines in the tool's order.
struct PageContent: Equatable {
    var width: Double
    var height: Double
    var lines: [TextLine]

    init(width: Double, height: Double, lines: [TextLine] = []) {
        self.width = width
        self.height = height
        self.lines = lines
    }
}
