/// The plain text of a message as paragraphs: lines that a mail program cut are joined (RFC 3676), the armour of signed
/// text is gone, quoted replies keep their marks, and a signature is a paragraph of its own.
enum MailBody {
    struct Format: Equatable {
        var isFlowed = false
        /// The space that marks a cut is no part of the text.
        var deletesSpace = false
    }

    /// `text` has line ends LF. False when it holds a part that only its key can read.
    @discardableResult
    static func write(_ text: [UInt8], _ format: Format, to writer: inout DocumentWriter) -> Bool {
        var armour = Armour()
        var paragraph: [ArraySlice<UInt8>] = []
        var lines: [[UInt8]] = []
        for line in text.split(separator: 0x0a, omittingEmptySubsequences: false) where armour.shows(line) {
            lines.append(Array(armour.isSigned ? unescaped(line) : line))
        }
        if format.isFlowed { lines = joined(lines, deletesSpace: format.deletesSpace) }
        for line in lines where !writer.isFull {
            if isBreak(line) {
                flush(&paragraph, to: &writer)
            } else {
                paragraph.append(line[...])
            }
        }
        flush(&paragraph, to: &writer)
        return !armour.sawEncrypted
    }

    /// A blank line, a quoted blank line, or the two dashes above a signature.
    private static func isBreak(_ line: [UInt8]) -> Bool {
        line.allSatisfy { $0 <= 0x20 || $0 == UInt8(ascii: ">") } || line == Array("-- ".utf8)
    }

    private static func flush(_ paragraph: inout [ArraySlice<UInt8>], to writer: inout DocumentWriter) {
        writer.lines([Inline(Array(paragraph.joined(separator: [0x0a])))])
        paragraph = []
    }

    /// In signed text a line that begins with a dash has `- ` before it (RFC 9580 section 7.2).
    private static func unescaped(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        line.starts(with: "- ".utf8) && line.dropFirst(2).first == UInt8(ascii: "-") ? line.dropFirst(2) : line
    }

    /// A line that ends with a space goes on in the next one of the same quote depth.
    private static func joined(_ lines: [[UInt8]], deletesSpace: Bool) -> [[UInt8]] {
        var result: [[UInt8]] = []
        var openDepth: Int?
        for line in lines {
            let marks = line.prefix { $0 == UInt8(ascii: ">") }
            var words = line[marks.count...]
            if words.first == 0x20 { words.removeFirst() }
            let isSignature = words.elementsEqual("-- ".utf8)
            let isFlowed = words.last == 0x20 && !isSignature
            if isFlowed, deletesSpace { words.removeLast() }
            if openDepth == marks.count, !isSignature, !result.isEmpty {
                result[result.count - 1] += words
            } else {
                result.append(Array(marks) + (marks.isEmpty ? [] : [0x20]) + words)
            }
            openDepth = isFlowed ? marks.count : nil
        }
        return result
    }
}

/// Which lines of a text with OpenPGP armour are text (RFC 9580 sections 6.2 and 7).
private struct Armour {
    private enum State { case text, header, signature, encrypted }

    private var state = State.text
    private(set) var sawEncrypted = false
    /// Inside signed text.
    private(set) var isSigned = false

    mutating func shows(_ line: ArraySlice<UInt8>) -> Bool {
        guard line.starts(with: "-----".utf8) || state != .text else { return true }
        switch String(decoding: line.prefix(60).filter { $0 > 0x20 }, as: UTF8.self) {
        case "-----BEGINPGPSIGNEDMESSAGE-----": state = .header
        case "-----BEGINPGPSIGNATURE-----": state = .signature
        case "-----BEGINPGPMESSAGE-----":
            state = .encrypted
            sawEncrypted = true
        case "-----ENDPGPSIGNATURE-----", "-----ENDPGPMESSAGE-----": state = .text
        case "" where state == .header: (state, isSigned) = (.text, true)
        default: return state == .text
        }
        if state != .text { isSigned = false }
        return false
    }
}
