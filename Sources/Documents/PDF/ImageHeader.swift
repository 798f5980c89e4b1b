/// What an image says about its size, read from its first bytes without decoding any pixel: a few bytes can claim more
/// pixels than memory holds.
///
/// PNG (ISO 15948), JPEG (ITU-T T.81, JFIF), GIF89a, BMP (device-independent bitmap headers), TIFF 6.0, WebP
/// (RFC 9649).
struct ImageHeader: Equatable {
    static let pixelsMax = 100_000_000
    /// Where an image does not say.
    static let usualDotsPerInch = 72.0

    let width: Int
    let height: Int
    /// Of the largest frame, and of all pages of a TIFF file together.
    let pixels: Int
    private(set) var dotsPerInch = usualDotsPerInch

    /// `.damaged` without a readable size, `.expandsTooFar` with more than `pixelsMax` pixels.
    init(_ bytes: [UInt8], _ format: DocumentFormat) throws(ParseFailure) {
        let reader = ImageBytes(bytes)
        let frames: [Frame] =
            switch format {
            case .png: reader.png
            case .jpeg: reader.jpeg
            case .gif: reader.gif
            case .bmp: reader.bitmap
            case .tiff: try reader.tiff()
            case .webp: reader.webp
            default: []
            }
        guard let first = frames.first, frames.allSatisfy({ $0.width > 0 && $0.height > 0 }) else { throw .damaged }
        // Sizes are of 32 bits at most, so the products fit, and their sum is bounded by the count of frames.
        let sizes = frames.map { $0.width.multipliedReportingOverflow(by: $0.height) }
        let total = sizes.reduce((sum: 0, isOver: false)) { total, size in
            let sum = total.sum.addingReportingOverflow(size.partialValue)
            return (sum.partialValue, total.isOver || size.overflow || sum.overflow)
        }
        guard !total.isOver, total.sum <= Self.pixelsMax else { throw .expandsTooFar }
        (width, height, pixels) = (first.width, first.height, total.sum)
        if first.dotsPerInch.isFinite, (20...2400).contains(first.dotsPerInch) { dotsPerInch = first.dotsPerInch }
    }

    struct Frame {
        var width: Int
        var height: Int
        var dotsPerInch = 0.0
    }
}

/// Numbers at places in a file; a place outside of it has none.
private struct ImageBytes {
    static let tiffPagesMax = 1000
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func big(_ offset: Int, _ count: Int) -> Int? {
        guard offset >= 0, count <= bytes.count, offset <= bytes.count - count else { return nil }
        return bytes[offset..<offset + count].reduce(0) { $0 << 8 | Int($1) }
    }

    func little(_ offset: Int, _ count: Int) -> Int? {
        guard offset >= 0, count <= bytes.count, offset <= bytes.count - count else { return nil }
        return bytes[offset..<offset + count].reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    var png: [ImageHeader.Frame] {
        guard let width = big(16, 4), let height = big(20, 4), big(12, 4) == 0x4948_4452 else { return [] }
        var frame = ImageHeader.Frame(width: width, height: height)
        var offset = 33
        // The resolution stands before the pixels.
        for _ in 0..<100 {
            guard let length = big(offset, 4), let kind = big(offset + 4, 4), kind != 0x4944_4154 else { break }
            if kind == 0x7048_5973, big(offset + 16, 1) == 1, let perMetre = big(offset + 8, 4) {
                frame.dotsPerInch = Double(perMetre) * 0.0254
            }
            offset += length + 12
        }
        return [frame]
    }

    var jpeg: [ImageHeader.Frame] {
        var (offset, dotsPerInch) = (2, 0.0)
        for _ in 0..<10_000 {
            guard big(offset, 1) == 0xff, let kind = big(offset + 1, 1) else { return [] }
            if kind == 0xff || kind == 0x01 || (0xd0...0xd8).contains(kind) {
                offset += kind == 0xff ? 1 : 2
                continue
            }
            guard let length = big(offset + 2, 2), length >= 2 else { return [] }
            if kind == 0xe0, big(offset + 4, 4) == 0x4a46_4946, let density = big(offset + 12, 2) {
                dotsPerInch = Double(density) * (big(offset + 11, 1) == 2 ? 2.54 : big(offset + 11, 1) == 1 ? 1 : 0)
            }
            // Start of frame of any process; C4, C8 and CC are other things.
            if (0xc0...0xcf).contains(kind), ![0xc4, 0xc8, 0xcc].contains(kind) {
                guard let height = big(offset + 5, 2), let width = big(offset + 7, 2) else { return [] }
                return [ImageHeader.Frame(width: width, height: height, dotsPerInch: dotsPerInch)]
            }
            offset += length + 2
        }
        return []
    }

    /// The screen and the first frame, which may be larger than it says.
    var gif: [ImageHeader.Frame] {
        guard let width = little(6, 2), let height = little(8, 2), let flags = big(10, 1) else { return [] }
        var offset = 13 + (flags & 0x80 == 0 ? 0 : 3 << ((flags & 7) + 1))
        for _ in 0..<100_000 {
            switch big(offset, 1) {
            case 0x21:
                offset += 2
                while let length = big(offset, 1), length > 0 { offset += length + 1 }
                offset += 1
            case 0x2c:
                guard let wide = little(offset + 5, 2), let high = little(offset + 7, 2) else { return [] }
                return [ImageHeader.Frame(width: max(width, wide), height: max(height, high))]
            default: return []
            }
        }
        return []
    }

    var bitmap: [ImageHeader.Frame] {
        guard let size = little(14, 4) else { return [] }
        if size == 12 {
            guard let width = little(18, 2), let height = little(20, 2) else { return [] }
            return [ImageHeader.Frame(width: width, height: height)]
        }
        guard let width = little(18, 4), let height = little(22, 4), let perMetre = little(38, 4) else { return [] }
        // A negative height says that the first row is the top one.
        let rows = height >= 1 << 31 ? 1 << 32 - height : height
        return [ImageHeader.Frame(width: width, height: rows, dotsPerInch: Double(perMetre) * 0.0254)]
    }

    var webp: [ImageHeader.Frame] {
        switch big(12, 4) {
        case 0x5650_3820:
            guard let width = little(26, 2), let height = little(28, 2) else { return [] }
            return [ImageHeader.Frame(width: width & 0x3fff, height: height & 0x3fff)]
        case 0x5650_384c:
            guard let sizes = little(21, 4) else { return [] }
            return [ImageHeader.Frame(width: sizes & 0x3fff + 1, height: sizes >> 14 & 0x3fff + 1)]
        case 0x5650_3858:
            guard let width = little(24, 3), let height = little(27, 3) else { return [] }
            return [ImageHeader.Frame(width: width + 1, height: height + 1)]
        default: return []
        }
    }

    /// All pages: the recogniser reads all. A chain that comes back to itself is damage.
    func tiff() throws(ParseFailure) -> [ImageHeader.Frame] {
        let isBig = bytes.first == 0x4d
        func number(_ offset: Int, _ count: Int) -> Int? { isBig ? big(offset, count) : little(offset, count) }
        var frames: [ImageHeader.Frame] = []
        var seen: Set<Int> = []
        var next = number(4, 4) ?? 0
        while next != 0 {
            guard seen.insert(next).inserted, let count = number(next, 2) else { throw .damaged }
            guard seen.count <= Self.tiffPagesMax else { throw .tooManyPages }
            frames.append(tiffPage(at: next + 2, count, number))
            next = number(next + 2 + 12 * count, 4) ?? 0
        }
        return frames
    }

    private func tiffPage(at start: Int, _ count: Int, _ number: (Int, Int) -> Int?) -> ImageHeader.Frame {
        var frame = ImageHeader.Frame(width: 0, height: 0)
        var unit = 2
        for entry in 0..<count {
            let offset = start + 12 * entry
            guard let tag = number(offset, 2), let type = number(offset + 2, 2) else { break }
            let value = number(offset + 8, type == 3 ? 2 : 4) ?? 0
            switch tag {
            case 256: frame.width = value
            case 257: frame.height = value
            case 282:
                if let above = number(value, 4), let below = number(value + 4, 4), below > 0 {
                    frame.dotsPerInch = Double(above) / Double(below)
                }
            case 296: unit = value
            default: break
            }
        }
        frame.dotsPerInch *= unit == 3 ? 2.54 : unit == 2 ? 1 : 0
        return frame
    }
}
