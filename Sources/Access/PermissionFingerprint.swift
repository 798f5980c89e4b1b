import Crypto
import Kit

/// What of a reader an `EffectiveACL` can see, as 32 bytes: tenant, subject, groups, clearance and purpose. Two
/// readers with equal fingerprints get the same decision from every ACL, so it keys caches of allowed sets.
package struct PermissionFingerprint: Hashable, Sendable {
    package let bytes: [UInt8]

    package init(of reader: Principal) {
        var hash = SHA256()
        hash.update(data: reader.tenant.bytes + reader.subject.bytes + [reader.clearance.level])
        // The fixed part is 33 bytes, the purpose carries its length and groups have 16 bytes each: injective.
        let purpose = Array(reader.purpose.rawValue.utf8)
        hash.update(data: withUnsafeBytes(of: UInt64(purpose.count).bigEndian) { Array($0) } + purpose)
        for group in reader.groups.sorted() { hash.update(data: group.bytes) }
        bytes = Array(hash.finalize())
    }
}

extension PermissionFingerprint: CustomStringConvertible {
    package var description: String { Hex.encode(bytes) }
}
