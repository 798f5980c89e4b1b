extension TextScanner {
    /// RFC 5321, 4.5.3.1: a local part has at most 64 bytes, a domain at most 255.
    mutating func emailAddress() {
        let at = place
        place += 1
        var start = at
        while start > 0, at - start < 64, isLocalByte(start - 1) { start -= 1 }
        guard start < at, byte(start) != 0x2e, byte(at - 1) != 0x2e else { return }
        var (index, label) = (at + 1, at + 1)
        while index - at <= 255, byte(index).isAlphanumeric || [0x2d, 0x2e].contains(byte(index)) {
            if byte(index) == 0x2e {
                // A dot that ends the sentence.
                guard index > label, byte(index + 1).isAlphanumeric else { break }
                label = index + 1
            }
            index += 1
        }
        guard label > at + 1, isTopLevel(label, index) else { return }
        place = index
        count(.emailAddress)
    }

    private mutating func isLocalByte(_ index: Int) -> Bool {
        let byte = byte(index)
        return byte.isAlphanumeric || "._%+-".utf8.contains(byte)
    }

    private mutating func isTopLevel(_ start: Int, _ end: Int) -> Bool {
        guard (2...24).contains(end - start) else { return false }
        var label: [UInt8] = []
        for index in start..<end { label.append(byte(index).lowercased) }
        return label.allSatisfy(\.isLetter) && !Vocabulary.fileEndings.contains(String(decoding: label, as: UTF8.self))
    }

    mutating func marker(_ first: UInt8) {
        for marker in Vocabulary.markers where marker.text[0] == first {
            var length = 1
            while length < marker.text.count, byte(place + length).lowercased == marker.text[length] { length += 1 }
            guard length == marker.text.count else { continue }
            place += length
            return count(marker.kind)
        }
        place += 1
    }

    /// 256 bytes and more that no person can read here: base64 in either alphabet, or hexadecimal. The
    /// lines of a certificate are one run.
    mutating func encodedRuns() {
        var run = EncodedRun()
        for index in 0..<end where run.isOver(byte(index)) { count(.encodedBlob) }
        if run.isOver(0) { count(.encodedBlob) }
    }

    /// Characters that a person does not see and a model does. Each run counts once.
    mutating func invisibleRuns() {
        var run = InvisibleRun()
        var index = 0
        while index < end {
            let (scalar, length) = scalar(index)
            if run.isOver(scalar) { count(.invisibleCharacters) }
            index += length
        }
        if run.isOver(0) { count(.invisibleCharacters) }
    }

    /// The text is UTF-8; where it is not, a byte counts as itself.
    private mutating func scalar(_ index: Int) -> (UInt32, length: Int) {
        let lead = UInt32(byte(index))
        switch lead {
        case 0xe0...0xef: return ((lead & 0x0f) << 12 | tail(index + 1) << 6 | tail(index + 2), 3)
        case 0xf0...0xf7:
            return ((lead & 0x07) << 18 | tail(index + 1) << 12 | tail(index + 2) << 6 | tail(index + 3), 4)
        default: return (lead, 1)
        }
    }

    private mutating func tail(_ index: Int) -> UInt32 { UInt32(byte(index)) & 0x3f }
}

/// Bytes of base64 or hexadecimal that stand together.
private struct EncodedRun {
    private static let bytesMin = 256
    private static let lineBytesMin = 60

    private var length = 0
    private var line = 0
    private var (digits, capitals, smalls, hexadecimals) = (0, 0, 0, 0)

    /// True when an encoded run ends before `byte`.
    mutating func isOver(_ byte: UInt8) -> Bool {
        if byte.isAlphanumeric || "+/=-_".utf8.contains(byte) {
            length += 1
            line += 1
            if byte.isDigit { digits += 1 }
            if byte.isCapital { capitals += 1 }
            if byte.isLetter, !byte.isCapital { smalls += 1 }
            if byte.isDigit || (0x61...0x66).contains(byte.lowercased) { hexadecimals += 1 }
            return false
        }
        if byte == 0x0a, line >= Self.lineBytesMin {
            line = 0
            return false
        }
        defer { self = EncodedRun() }
        let isBase64 = digits > 0 && capitals > 0 && smalls > 0
        let isHexadecimal = digits > 0 && capitals + smalls > 0 && hexadecimals == length
        return length >= Self.bytesMin && (isBase64 || isHexadecimal)
    }
}

/// Tags, overrides of the writing direction, and runs of characters without width or of variation selectors.
private struct InvisibleRun {
    private static let runMin = 3
    private static let blackFlag: UInt32 = 0x1f3f4
    /// The longest flag is made of a black flag and these many tags.
    private static let flagTagsMax = 7

    private var (tags, overrides, widthless) = (0, 0, 0)
    private var isFlag = false
    private var last: UInt32 = 0

    /// True when a run that says something ends before `scalar`.
    mutating func isOver(_ scalar: UInt32) -> Bool {
        defer { last = scalar }
        switch scalar {
        case 0xe0000...0xe007f:
            if tags == 0 { isFlag = last == Self.blackFlag }
            tags += 1
        case 0x202d, 0x202e: overrides += 1
        case 0x200b...0x200d, 0x2060...0x2064, 0xfeff, 0xfe00...0xfe0f, 0xe0100...0xe01ef: widthless += 1
        default:
            defer { (tags, overrides, widthless) = (0, 0, 0) }
            let isTagged = tags > (isFlag ? Self.flagTagsMax : 0)
            return isTagged || overrides > 0 || widthless >= Self.runMin
        }
        return false
    }
}
