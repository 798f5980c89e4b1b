/// Names of folders in modified UTF-7 (RFC 3501 section 5.1.3).
enum MailboxName {
    static let bytesMax = 1024

    /// For people. What is no valid form of it, and UTF-8 from servers that send that, stays as it is.
    static func shown(_ name: ExactText) -> String {
        var text = ""
        var rest = name.text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "&") else {
                text += String(decoding: [byte], as: UTF8.self)
                continue
            }
            guard let end = rest.firstIndex(of: UInt8(ascii: "-")) else { return name.text }
            let encoded = rest[..<end].map { $0 == UInt8(ascii: ",") ? UInt8(ascii: "/") : $0 }
            rest = rest[end...].dropFirst()
            guard !encoded.isEmpty else {
                text += "&"
                continue
            }
            guard let bytes = Base64.decode(encoded), let part = utf16(bytes) else { return name.text }
            text += part
        }
        return name.text.utf8.allSatisfy { $0 < 0x80 } ? text : name.text
    }

    private static func utf16(_ bytes: [UInt8]) -> String? {
        let units = stride(from: 0, to: bytes.count - 1, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
        return bytes.count >= 2 ? String(validating: units, as: UTF16.self) : nil
    }
}

/// A subject as people read it (RFC 2047), out of the header as it was sent.
enum MailSubject {
    /// Asked for and read at most.
    static let bytesMax = 2048

    /// Of a header that holds `Subject:` alone, or is cut off in it. Nil when it is empty or not there.
    static func read(_ header: [UInt8]) -> String? {
        let text = String(validating: header.prefix(bytesMax), as: UTF8.self) ?? latin(header.prefix(bytesMax))
        let scalars = text.unicodeScalars.map { "\r\n\t".unicodeScalars.contains($0) ? " " : $0 }
        var line = String(String.UnicodeScalarView(scalars))
        guard let colon = line.firstIndex(of: ":"), line[..<colon].lowercased() == "subject" else { return nil }
        line = String(line[colon...].dropFirst())
        let words = line.split(separator: " ").map(String.init)
        var found = ""
        var wasEncoded = false
        for word in words {
            let decoded = decoded(word)
            // White space between two encoded words is only there because a line has an end (section 6.2).
            if !found.isEmpty, !(wasEncoded && decoded != nil) { found += " " }
            found += decoded ?? word
            wasEncoded = decoded != nil
        }
        return found.isEmpty ? nil : found
    }

    /// `=?utf-8?Q?caf=C3=A9?=`; nil for anything else and for other character sets than the three of most mail.
    private static func decoded(_ word: String) -> String? {
        guard word.hasPrefix("=?"), word.hasSuffix("?="), word.utf8.count >= 8 else { return nil }
        let parts = word.dropFirst(2).dropLast(2).split(separator: "?", omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        let bytes = parts[1].lowercased() == "b" ? Base64.decode(parts[2].utf8) : quoted(parts[2].utf8)
        guard let bytes, ["b", "q"].contains(parts[1].lowercased()) else { return nil }
        // A language may stand behind the set (RFC 2231 section 5).
        switch parts[0].split(separator: "*").first?.lowercased() {
        case "utf-8", "us-ascii": return String(validating: bytes, as: UTF8.self)
        case "iso-8859-1", "windows-1252": return latin(bytes[...])
        default: return nil
        }
    }

    private static func quoted(_ text: Substring.UTF8View) -> [UInt8]? {
        var bytes: [UInt8] = []
        var rest = text[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "_"): bytes.append(0x20)
            case UInt8(ascii: "="):
                guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
                else { return nil }
                bytes.append(value)
                rest = rest.dropFirst(2)
            default: bytes.append(byte)
            }
        }
        return bytes
    }

    private static func latin(_ bytes: ArraySlice<UInt8>) -> String {
        String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }
}
