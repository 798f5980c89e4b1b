/// The name of a table or column. Lower-case letters, digits and underscores only, so it needs no escaping.
package struct SQLIdentifier: Hashable, Sendable, ExpressibleByStringLiteral {
    package static let lengthMax = 63
    package let name: String

    /// Nil unless `name` starts with a letter or underscore and is at most 63 bytes, PostgreSQL's bound.
    package init?(_ name: String) {
        let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        let isPlain = name.utf8.allSatisfy { letters.contains($0) || digits.contains($0) || $0 == UInt8(ascii: "_") }
        guard isPlain, (1...Self.lengthMax).contains(name.utf8.count), !digits.contains(name.utf8.first ?? 0) else {
            return nil
        }
        self.name = name
    }

    package init(stringLiteral name: StaticString) { self.name = name.description }

    var quoted: String { "\"\(name)\"" }
}
