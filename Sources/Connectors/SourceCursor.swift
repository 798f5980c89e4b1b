import Crypto
import Kit

/// Where a connector goes on: bytes that only the connector understands and the caller keeps.
package struct SourceCursor: Hashable, Sendable {
    package static let bytesMax = 16 << 10

    package let bytes: [UInt8]

    /// Nil when it is longer than any that a connector gives.
    package init?(bytes: [UInt8]) {
        guard bytes.count <= Self.bytesMax else { return nil }
        self.bytes = bytes
    }
}

/// What stands in a cursor: version, hash of the settings that it belongs to, then the connector's fields.
struct CursorForm: Sendable {
    private static let version: UInt8 = 1
    private static let hashBytes = 16

    private let header: [UInt8]

    /// `settings` are all values that change what is listed; secrets are not among them.
    init(connector: String, settings: [String]) {
        var form = CanonicalBytes(domain: "cloister.source.\(connector)")
        for value in settings { form.append(value) }
        header = [Self.version] + SHA256.hash(data: form.bytes).prefix(Self.hashBytes)
    }

    /// Throws `.misbehaved` when the source's part of it is too long.
    func cursor(_ fields: [ExactText]) throws(SourceFailure) -> SourceCursor {
        var bytes = header
        for field in fields {
            let text = Array(field.text.utf8)
            bytes += withUnsafeBytes(of: UInt32(clamping: text.count).bigEndian) { Array($0) } + text
        }
        guard let cursor = SourceCursor(bytes: bytes) else {
            throw .misbehaved("The source's mark of where to go on is too long.")
        }
        return cursor
    }

    /// Throws `.cursorExpired` unless these are `count` fields of a cursor made with the same settings.
    func fields(of cursor: SourceCursor, count: Int) throws(SourceFailure) -> [ExactText] {
        guard cursor.bytes.starts(with: header) else { throw .cursorExpired }
        var rest = cursor.bytes.dropFirst(header.count)
        var fields: [ExactText] = []
        while !rest.isEmpty {
            guard rest.count >= 4, fields.count < count else { throw .cursorExpired }
            let length = Int(rest.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
            rest = rest.dropFirst(4)
            guard length <= rest.count, let field = ExactText(bytes: rest.prefix(length)) else { throw .cursorExpired }
            fields.append(field)
            rest = rest.dropFirst(length)
        }
        guard fields.count == count else { throw .cursorExpired }
        return fields
    }
}

extension ExactText {
    /// A number in a cursor, never negative.
    init(_ number: Int) { self.init(String(number)) }

    func number() throws(SourceFailure) -> Int {
        guard let number = Int(text), number >= 0 else { throw .cursorExpired }
        return number
    }
}
