/// The header of a message or of a part (RFC 5322 section 2.2), and where its body begins.
struct MailHeaders {
    private static let fieldsMax = 1_000
    private static let valueBytesMax = 64 << 10

    private var fields: [(name: String, value: [UInt8])] = []
    /// Behind the blank line.
    let body: ArraySlice<UInt8>

    /// Lines that are no field are passed over; where there is no field at all everything is body.
    init(_ message: ArraySlice<UInt8>) {
        var lines = MailLines(message)
        var isContinuation = false
        while let line = lines.next(), !line.isEmpty {
            if let first = line.first, first == 0x20 || first == 0x09 {
                if isContinuation { Self.extend(&fields[fields.count - 1].value, with: line) }
            } else if let field = Self.field(line), fields.count < Self.fieldsMax {
                fields.append(field)
                isContinuation = true
            } else {
                isContinuation = false
            }
        }
        // A blank line at the very start ends an empty header.
        let isEmpty = message.first.map { $0 == 0x0a || $0 == 0x0d } ?? true
        body = fields.isEmpty && !isEmpty ? message : lines.rest
    }

    /// Of the first field with this name, in lower case; decoded and on one line.
    func text(_ name: String) -> String? {
        raw(name).map { String(decoding: EncodedWords.decode($0), as: UTF8.self) }
    }

    /// Of a field with parameters such as `content-type`.
    func structured(_ name: String) -> MailParameters? { raw(name).map { MailParameters($0) } }

    /// Without comments and blanks around it, in lower case.
    func word(_ name: String) -> String {
        let bytes = (raw(name) ?? []).prefix { $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: "(") }
        return String(decoding: bytes.filter { $0 > 0x20 }, as: UTF8.self).lowercased()
    }

    private func raw(_ name: String) -> [UInt8]? { fields.first { $0.name == name }?.value }

    private static func extend(_ value: inout [UInt8], with line: ArraySlice<UInt8>) {
        if value.count + line.count <= valueBytesMax { value += line }
    }

    private static func field(_ line: ArraySlice<UInt8>) -> (name: String, value: [UInt8])? {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex else { return nil }
        var name = line[..<colon]
        while name.last == 0x20 || name.last == 0x09 { name.removeLast() }
        guard !name.isEmpty, name.count <= 100, name.allSatisfy({ (0x21...0x7e).contains($0) }) else { return nil }
        let value = line[(colon + 1)...].drop { $0 == 0x20 || $0 == 0x09 }.prefix(valueBytesMax)
        return (String(decoding: name, as: UTF8.self).lowercased(), Array(value))
    }
}

/// Lines without their ends, which may be CR LF, LF or CR.
struct MailLines {
    private(set) var rest: ArraySlice<UInt8>
    private let end: UInt8

    init(_ bytes: ArraySlice<UInt8>) {
        rest = bytes
        end = bytes.contains(0x0a) ? 0x0a : 0x0d
    }

    mutating func next() -> ArraySlice<UInt8>? {
        guard !rest.isEmpty else { return nil }
        let lineEnd = rest.firstIndex(of: end) ?? rest.endIndex
        var line = rest[..<lineEnd]
        rest = rest[min(lineEnd + 1, rest.endIndex)...]
        if line.last == 0x0d { line.removeLast() }
        return line
    }
}
