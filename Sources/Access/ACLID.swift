import Crypto
import Kit
import Storage

/// The name of an effective ACL: SHA-256 of its canonical form. Equal form, equal id, in every tenant; the body is
/// stored per tenant.
package struct ACLID: Hashable, Sendable {
    package static let byteCount = 32
    package let bytes: [UInt8]

    /// Nil unless 32 bytes.
    package init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
    }

    init(hashing canonicalBytes: [UInt8]) {
        bytes = Array(SHA256.hash(data: canonicalBytes))
    }
}

extension ACLID: LosslessStringConvertible {
    /// Nil unless 64 lower-case hexadecimal digits.
    package init?(_ text: String) {
        guard let bytes = Hex.decode(text) else { return nil }
        self.init(bytes: bytes)
    }

    package var description: String { Hex.encode(bytes) }
}

extension ACLID: Comparable {
    package static func < (left: Self, right: Self) -> Bool { left.bytes.lexicographicallyPrecedes(right.bytes) }
}

extension ACLID: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let id = ACLID(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "expected 64 hexadecimal digits")
        }
        self = id
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension ACLID: SQLBindable, SQLDecodable {
    /// Hexadecimal text, so that a person can read the column.
    package var sqlValue: SQLValue { .text(description) }

    package init?(sqlValue: SQLValue) {
        guard case .text(let text) = sqlValue else { return nil }
        self.init(text)
    }
}
