/// A namespace for one family of identifiers; the prefix makes an identifier readable in a log line.
package protocol IdentifierKind: Sendable {
    /// Three lower-case letters, unique in the product.
    static var prefix: String { get }
}

/// A 128-bit random name. It carries no time, no order and no meaning, so knowing one tells nothing about another.
///
/// Text form: `doc_` and 26 characters of lower-case Crockford base 32. Parsing accepts exactly that form.
package struct Identifier<Kind: IdentifierKind>: Hashable, Sendable, Comparable, Codable, LosslessStringConvertible {
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Nil unless `text` is the canonical form with this kind's prefix.
    package init?(_ text: String) {
        let prefix = Kind.prefix.utf8
        var bytes = text.utf8[...]
        guard bytes.count == prefix.count + 1 + Base32.digits, bytes.starts(with: prefix) else { return nil }
        bytes = bytes.dropFirst(prefix.count)
        guard bytes.popFirst() == UInt8(ascii: "_"), let value = Base32.decode(bytes) else { return nil }
        self.init(high: value.high, low: value.low)
    }

    package var description: String { "\(Kind.prefix)_\(Base32.encode(high: high, low: low))" }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let parsed = Self(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a \(Kind.prefix)_ identifier")
        }
        self = parsed
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    package static func < (left: Self, right: Self) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }

    /// The 16 bytes in big-endian order, for additional data and hashes.
    package var bytes: [UInt8] {
        withUnsafeBytes(of: high.bigEndian) { Array($0) } + withUnsafeBytes(of: low.bigEndian) { Array($0) }
    }
}

/// 128 bits as 26 Crockford base 32 digits, most significant first; the first digit holds three bits.
enum Base32 {
    static let digits = 26
    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

    static func encode(high: UInt64, low: UInt64) -> String {
        var (high, low) = (high, low)
        var text = [UInt8](repeating: 0, count: digits)
        for index in stride(from: digits - 1, through: 0, by: -1) {
            text[index] = alphabet[Int(low & 31)]
            low = low >> 5 | high << 59
            high >>= 5
        }
        return String(decoding: text, as: UTF8.self)
    }

    static func decode(_ text: some Collection<UInt8>) -> (high: UInt64, low: UInt64)? {
        var (high, low) = (UInt64(0), UInt64(0))
        for (index, byte) in text.enumerated() {
            guard let digit = alphabet.firstIndex(of: byte), index > 0 || digit < 8 else { return nil }
            high = high << 5 | low >> 59
            low = low << 5 | UInt64(digit)
        }
        return (high, low)
    }
}

package enum TenantKind: IdentifierKind { package static let prefix = "ten" }
package enum SubjectKind: IdentifierKind { package static let prefix = "sub" }
package enum GroupKind: IdentifierKind { package static let prefix = "grp" }
package enum APIKeyKind: IdentifierKind { package static let prefix = "key" }
package enum SessionKind: IdentifierKind { package static let prefix = "ses" }
package enum CollectionKind: IdentifierKind { package static let prefix = "col" }
package enum FolderKind: IdentifierKind { package static let prefix = "fol" }
package enum DocumentKind: IdentifierKind { package static let prefix = "doc" }
package enum VersionKind: IdentifierKind { package static let prefix = "ver" }
package enum SegmentKind: IdentifierKind { package static let prefix = "seg" }
package enum JobKind: IdentifierKind { package static let prefix = "job" }
package enum AnswerKind: IdentifierKind { package static let prefix = "ans" }
package enum ConversationKind: IdentifierKind { package static let prefix = "cnv" }
package enum IntentKind: IdentifierKind { package static let prefix = "int" }
package enum RequestKind: IdentifierKind { package static let prefix = "req" }
package enum SourceKind: IdentifierKind { package static let prefix = "src" }

package typealias TenantID = Identifier<TenantKind>
package typealias SubjectID = Identifier<SubjectKind>
package typealias GroupID = Identifier<GroupKind>
package typealias APIKeyID = Identifier<APIKeyKind>
package typealias SessionID = Identifier<SessionKind>
package typealias CollectionID = Identifier<CollectionKind>
package typealias FolderID = Identifier<FolderKind>
package typealias DocumentID = Identifier<DocumentKind>
package typealias VersionID = Identifier<VersionKind>
package typealias SegmentID = Identifier<SegmentKind>
package typealias JobID = Identifier<JobKind>
package typealias AnswerID = Identifier<AnswerKind>
package typealias ConversationID = Identifier<ConversationKind>
package typealias IntentID = Identifier<IntentKind>
package typealias RequestID = Identifier<RequestKind>
package typealias SourceID = Identifier<SourceKind>
