/// Whose key seals a value. Keys are wrapped tenant -> collection -> document; destroying one makes everything
/// sealed under it, and under its children, unreadable.
package enum KeyScope: Hashable, Sendable {
    case platform
    case tenant(TenantID)
    case collection(TenantID, CollectionID)
    case document(TenantID, CollectionID, DocumentID)
    /// A sealed index segment: derived from the tenant's key by HKDF, never made or destroyed by itself.
    case segment(TenantID, SegmentID)

    package var tenant: TenantID? {
        switch self {
        case .platform: nil
        case .tenant(let tenant), .collection(let tenant, _), .document(let tenant, _, _), .segment(let tenant, _):
            tenant
        }
    }
}

/// Where a sealed value lives. It is the additional data of the seal, so a ciphertext moved to another tenant,
/// row or column does not open.
package struct SealContext: Hashable, Sendable {
    package let table: String
    package let column: String
    package let row: String
    package let version: Int64

    package init(table: String, column: String, row: String, version: Int64 = 0) {
        self.table = table
        self.column = column
        self.row = row
        self.version = version
    }
}

/// Seals and opens content at rest with AES-256-GCM. Implemented by `Keyring`; tests use the real one.
///
/// Contract: synchronous and thread-safe, so that a transaction's closure may call it. `open(seal(x)) == x` for
/// equal scope and context; any other scope, context or changed byte throws `SealFailure`.
package protocol Sealer: Sendable {
    /// Throws `SealFailure.noKey` unless a key for `scope` exists: keys are made by an explicit, audited act.
    func seal(_ plaintext: [UInt8], under scope: KeyScope, context: SealContext) throws -> [UInt8]
    func open(_ sealed: [UInt8], under scope: KeyScope, context: SealContext) throws -> [UInt8]
    /// HMAC-SHA-256 under a key of the tenant (of the platform when nil), for equality look-ups of sealed values.
    func blindIndex(_ value: [UInt8], tenant: TenantID?, purpose: String) throws -> [UInt8]
}

package enum SealFailure: Error, Equatable {
    /// No key of this scope: never made, or destroyed.
    case noKey
    /// Wrong key, wrong place or changed bytes.
    case notAuthentic
    /// Shorter than a seal can be, or of an unknown format.
    case malformed
}

extension Sealer {
    package func seal(_ text: String, under scope: KeyScope, context: SealContext) throws -> [UInt8] {
        try seal(Array(text.utf8), under: scope, context: context)
    }

    package func openText(_ sealed: [UInt8], under scope: KeyScope, context: SealContext) throws -> String {
        String(decoding: try open(sealed, under: scope, context: context), as: UTF8.self)
    }
}
