/// Names and attributes of one tag.
extension XMLReader {
    mutating func takeName() -> ArraySlice<UInt8> {
        let start = index
        while index < bytes.count, !isNameEnd(bytes[index]) { index += 1 }
        return bytes[start..<index]
    }

    private func isNameEnd(_ byte: UInt8) -> Bool {
        byte.isMarkupSpace || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "=")
            || byte == UInt8(ascii: "<")
    }

    /// Nil where the file ends within the tag.
    mutating func takeAttributes() throws(ParseFailure) -> (
        list: [(name: ArraySlice<UInt8>, value: String)], isEmpty: Bool
    )? {
        var attributes: [(name: ArraySlice<UInt8>, value: String)] = []
        while true {
            skipSpace()
            guard index < bytes.count else { break }
            switch bytes[index] {
            case UInt8(ascii: ">"):
                index += 1
                return (attributes, false)
            case UInt8(ascii: "/") where bytes.hasSequence("/>", at: index):
                index += 2
                return (attributes, true)
            case UInt8(ascii: "<"):
                try damage()
                return (attributes, false)
            default:
                let name = takeName()
                let value = try takeValue()
                guard attributes.count < Self.attributesMax else { throw .damaged }
                if name.isEmpty { try damage() } else { attributes.append((name, value)) }
            }
        }
        try damage()
        return nil
    }

    private mutating func takeValue() throws(ParseFailure) -> String {
        skipSpace()
        guard index < bytes.count, bytes[index] == UInt8(ascii: "=") else {
            try damage()
            if index < bytes.count, bytes[index] == UInt8(ascii: "/") { index += 1 }
            return ""
        }
        index += 1
        skipSpace()
        guard index < bytes.count else { return "" }
        let quote = bytes[index]
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            try damage()
            return String(decoding: takeName(), as: UTF8.self)
        }
        let end = bytes[(index + 1)...].firstIndex(of: quote) ?? bytes.count
        let value = bytes[index + 1..<end]
        if end == bytes.count || value.contains(UInt8(ascii: "<")) { try damage() }
        index = min(end + 1, bytes.count)
        return normalised(value)
    }

    /// White space becomes spaces before references are replaced (XML 1.0, section 3.3.3).
    private func normalised(_ value: ArraySlice<UInt8>) -> String {
        let hasBreaks = value.contains { $0 < 0x20 }
        let flat = hasBreaks ? value.map { $0.isMarkupSpace ? 0x20 : $0 }[...] : value
        return String(decoding: CharacterReference.decoded(flat, isHTML: false), as: UTF8.self)
    }

    private mutating func skipSpace() {
        while index < bytes.count, bytes[index].isMarkupSpace { index += 1 }
    }
}

/// Which prefix stands for which address, at the place that is being read (Namespaces in XML 1.0).
struct XMLNamespaces {
    private var current: [String: String] = ["xml": "http://www.w3.org/XML/1998/namespace"]
    /// What each open element has hidden.
    private var hidden: [(depth: Int, prefix: String, address: String?)] = []

    subscript(_ prefix: String) -> String? { current[prefix] }

    static func parts(of name: ArraySlice<UInt8>) -> (prefix: String, local: String) {
        guard let colon = name.firstIndex(of: UInt8(ascii: ":")) else {
            return ("", String(decoding: name, as: UTF8.self))
        }
        return (
            String(decoding: name[..<colon], as: UTF8.self), String(decoding: name[(colon + 1)...], as: UTF8.self)
        )
    }

    /// False when the attribute declares no namespace. `depth` is that of its element, from 1.
    mutating func declare(_ name: ArraySlice<UInt8>, _ address: String, depth: Int) -> Bool {
        guard name.starts(with: "xmlns".utf8) else { return false }
        let (first, second) = Self.parts(of: name)
        guard first == "xmlns" || (first.isEmpty && second == "xmlns") else { return false }
        let prefix = first.isEmpty ? "" : second
        hidden.append((depth, prefix, current[prefix]))
        current[prefix] = address.isEmpty ? nil : address
        return true
    }

    mutating func close(depth: Int) {
        while let last = hidden.last, last.depth == depth {
            current[last.prefix] = last.address
            hidden.removeLast()
        }
    }
}
