import Kit

/// Where in a JSON text something stands (RFC 6901): `/data/items`, `/fields/0/name`; empty for the whole text.
struct JSONPointer: Hashable, Sendable {
    static let bytesMax = 512

    let text: String
    private let tokens: [String]

    /// Nil for what is no pointer.
    init?(_ text: String) {
        guard text.isEmpty || text.hasPrefix("/"), text.utf8.count <= Self.bytesMax else { return nil }
        var tokens: [String] = []
        for part in text.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            let escapes = part.split(separator: "~", omittingEmptySubsequences: false).dropFirst()
            guard escapes.allSatisfy({ $0.hasPrefix("0") || $0.hasPrefix("1") }) else { return nil }
            tokens.append(String(part).replacing("~1", with: "/").replacing("~0", with: "~"))
        }
        self.text = text
        self.tokens = tokens
    }

    /// Nil where nothing stands there.
    func value(in whole: JSONValue) -> JSONValue? {
        var value = whole
        for token in tokens {
            switch value {
            case .object(let members):
                guard let next = members[token] else { return nil }
                value = next
            case .array(let elements):
                guard let index = Int(token), token == "\(index)", elements.indices.contains(index) else { return nil }
                value = elements[index]
            default: return nil
            }
        }
        return value
    }
}

extension JSONValue {
    /// A string, or the digits of a number; nil for anything else and for nothing.
    var plainText: String? {
        switch self {
        case .string(let text): text.isEmpty ? nil : text
        case .number(let digits): digits
        default: nil
        }
    }
}
