import Crypto
import Foundation
import Kit

/// The bytes of a sealed value:
///
///     format 1 | key version 4 (big-endian) | nonce 12 | ciphertext | tag 16
///
/// AES-256-GCM (NIST SP 800-38D). The additional data names the place: a seal moved to another tenant, table, column,
/// row, version or key does not open. The nonce is random, which is safe for 2^32 seals under one key version
/// (section 8.3 there): rotate a scope before that.
enum Seal {
    static let format: UInt8 = 1
    static let headerBytes = 5
    static let nonceBytes = 12
    static let tagBytes = 16
    static let bytesMin = headerBytes + nonceBytes + tagBytes

    static func make(
        _ plaintext: [UInt8], _ keys: ScopeKeys, version: KeyVersion, nonce: [UInt8], place: [UInt8]
    ) throws -> [UInt8] {
        let box = try AES.GCM.seal(
            plaintext, using: keys.sealing, nonce: AES.GCM.Nonce(data: nonce), authenticating: place)
        var sealed: [UInt8] = [format]
        sealed.reserveCapacity(bytesMin + plaintext.count)
        withUnsafeBytes(of: version.bigEndian) { sealed.append(contentsOf: $0) }
        sealed.append(contentsOf: nonce)
        sealed.append(contentsOf: box.ciphertext)
        sealed.append(contentsOf: box.tag)
        return sealed
    }

    /// Which version of the scope's key opens `sealed`. Throws `SealFailure.malformed`.
    static func version(of sealed: [UInt8]) throws(SealFailure) -> KeyVersion {
        guard sealed.count >= bytesMin, sealed[0] == format else { throw .malformed }
        return sealed[1..<headerBytes].reduce(0) { $0 << 8 | KeyVersion($1) }
    }

    /// Throws `SealFailure.notAuthentic` for any other key, place or byte.
    static func open(_ sealed: [UInt8], _ keys: ScopeKeys, place: [UInt8]) throws(SealFailure) -> [UInt8] {
        do {
            let textStart = headerBytes + nonceBytes
            let box = try AES.GCM.SealedBox(
                nonce: AES.GCM.Nonce(data: sealed[headerBytes..<textStart]),
                ciphertext: sealed[textStart..<(sealed.count - tagBytes)], tag: sealed.suffix(tagBytes))
            return Array(try AES.GCM.open(box, using: keys.sealing, authenticating: place))
        } catch {
            throw .notAuthentic
        }
    }

    /// The additional data: everything that makes this seal this one.
    static func place(_ scope: KeyScope, version: KeyVersion, context: SealContext) -> [UInt8] {
        var place = CanonicalBytes(domain: "cloister.seal.1")
        place.append(scope.path)
        place.append(Int64(version))
        place.append(scope.tenant?.description ?? "")
        place.append(context.table)
        place.append(context.column)
        place.append(context.row)
        place.append(context.version)
        return place.bytes
    }
}
