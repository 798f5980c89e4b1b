/// Bytes that mean one list of fields and no other, for hashes, tags and additional data.
///
/// Every field is preceded by its length (32-bit big-endian), so `("ab", "c")` and `("a", "bc")` differ. Integers are
/// eight bytes, big-endian. The first field is a domain such as `cloister.seal.1`: the same fields in another role give
/// other bytes.
package struct CanonicalBytes: Sendable {
    package private(set) var bytes: [UInt8] = []

    package init(domain: String) { append(domain) }

    package mutating func append(_ text: String) { append(Array(text.utf8)) }

    package mutating func append(_ number: Int64) {
        append(withUnsafeBytes(of: number.bigEndian) { Array($0) })
    }

    package mutating func append(_ field: [UInt8]) {
        // Four bytes hold every length that memory can: a field of 4 GiB traps here instead of being ambiguous.
        withUnsafeBytes(of: UInt32(field.count).bigEndian) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: field)
    }
}
