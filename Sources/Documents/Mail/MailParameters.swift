/// A field such as `text/plain; charset="utf-8"` (RFC 2045 section 5.1), with long and foreign parameter values put
/// together (RFC 2231) and encoded words where they should not be.
struct MailParameters {
    private static let parametersMax = 100

    /// In lower case.
    let value: String
    /// In the order of the file; names in lower case, with the marks of RFC 2231.
    private var parameters: [(name: String, value: [UInt8])] = []

    init(_ field: [UInt8]) {
        var scan = Scan(rest: field[...])
        value = String(decoding: scan.until(";", "("), as: UTF8.self).lowercased().filter { !$0.isWhitespace }
        while parameters.count < Self.parametersMax, let parameter = scan.parameter() { parameters.append(parameter) }
    }

    subscript(_ name: String) -> String? {
        if let long = joined(name) { return long }
        guard let value = parameters.first(where: { $0.name == name })?.value else { return nil }
        return String(decoding: EncodedWords.decode(value), as: UTF8.self)
    }

    /// `name*=`, or `name*0=` and so on, of which each may be percent-encoded.
    private func joined(_ name: String) -> String? {
        var bytes: [UInt8] = []
        var charset: String?
        let single = parameters.first { $0.name == "\(name)*" }
        for number in 0..<Self.parametersMax {
            let section = parameters.first { $0.name == "\(name)*\(number)" || $0.name == "\(name)*\(number)*" }
            guard let part = number == 0 ? single ?? section : section else { break }
            guard part.name.hasSuffix("*") else { bytes += part.value; continue }
            var value = part.value[...]
            if number == 0 { charset = Self.takeCharset(&value) }
            bytes += Self.percentDecoded(value)
        }
        return bytes.isEmpty ? nil : String(decoding: MailCharset.decode(bytes, charset: charset).text, as: UTF8.self)
    }

    /// `charset'language'` at the start.
    private static func takeCharset(_ value: inout ArraySlice<UInt8>) -> String? {
        let mark = UInt8(ascii: "'")
        guard let first = value.firstIndex(of: mark), let second = value[(first + 1)...].firstIndex(of: mark) else {
            return nil
        }
        defer { value = value[(second + 1)...] }
        return String(decoding: value[..<first], as: UTF8.self)
    }

    private static func percentDecoded(_ value: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var index = value.startIndex
        while index < value.endIndex {
            if value[index] == UInt8(ascii: "%"), index + 2 < value.endIndex,
                let high = TransferEncoding.hex(value[index + 1]), let low = TransferEncoding.hex(value[index + 2])
            {
                result.append(high << 4 | low)
                index += 3
            } else {
                result.append(value[index])
                index += 1
            }
        }
        return result
    }
}

private struct Scan {
    var rest: ArraySlice<UInt8>

    mutating func until(_ ends: Unicode.Scalar...) -> ArraySlice<UInt8> {
        let ends = ends.map { UInt8(ascii: $0) }
        let part = rest.prefix { !ends.contains($0) }
        rest = rest[part.endIndex...]
        return part
    }

    /// Behind the next semicolon; nil at the end. What is no `name=value` is passed over.
    mutating func parameter() -> (name: String, value: [UInt8])? {
        while !rest.isEmpty {
            _ = until(";")
            rest = rest.dropFirst()
            let name = until("=", ";")
            guard rest.first == UInt8(ascii: "=") else { continue }
            rest = rest.dropFirst().drop { $0 <= 0x20 }
            let value = rest.first == UInt8(ascii: "\"") ? quoted() : unquoted()
            return (String(decoding: name.filter { $0 > 0x20 }, as: UTF8.self).lowercased(), value)
        }
        return nil
    }

    /// Unquoted values hold spaces against the rules; a comment in parentheses is allowed behind one.
    private mutating func unquoted() -> [UInt8] {
        var value = until(";")
        if let comment = value.firstIndex(of: UInt8(ascii: "(")), comment > value.startIndex, value[comment - 1] <= 0x20
        {
            value = value[..<comment]
        }
        while let last = value.last, last <= 0x20 { value.removeLast() }
        return Array(value)
    }

    private mutating func quoted() -> [UInt8] {
        var value: [UInt8] = []
        rest = rest.dropFirst()
        while let byte = rest.popFirst(), byte != UInt8(ascii: "\"") {
            if byte == UInt8(ascii: "\\"), let escaped = rest.popFirst() {
                value.append(escaped)
            } else {
                value.append(byte)
            }
        }
        return value
    }
}
