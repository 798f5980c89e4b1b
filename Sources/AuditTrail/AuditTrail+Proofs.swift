import Crypto
import Kit
import Storage

// Proofs for outsiders. The signing key is the owner's: it comes out of the owner's own key by HMAC under a purpose of
// its own, so every node has it, nothing keeps it, and it is gone with its owner.
extension AuditTrail {
    /// The public key that checks what `sign` makes; 32 bytes (RFC 8032).
    package func signingKey(of tenant: TenantID) throws -> [UInt8] {
        Array(try privateKey(of: .tenant(tenant)).publicKey.rawRepresentation)
    }

    /// `message` begins with a domain of its own, so that no signature is good for two things.
    package func sign(_ message: CanonicalBytes, as tenant: TenantID) throws -> [UInt8] {
        Array(try privateKey(of: .tenant(tenant)).signature(for: message.bytes))
    }

    /// The entry number `sequence` of the log of that name, with its way to the root of the log as it is now. Reads
    /// every leaf hash of the log once: 32 bytes an entry. Throws `unknownEntry`, and `logTampered` when the leaves
    /// do not give the root that the log's row has.
    package func proof(of sequence: Int64, in logName: String, of scope: WriteScope) async throws -> AuditProof {
        let (leaf, path, head) = try await database.read { connection in
            let store = AuditStore(connection: connection)
            guard let stored = try store.heads(of: scope).first(where: { $0.log.description == logName }),
                let leaf = try store.leaves(of: stored.log, from: sequence, limit: 1).first,
                leaf.sequence == sequence
            else { throw AuditFailure.unknownEntry }
            guard let head = stored.head, try head.tag(by: self.sealer) == stored.tag else {
                throw AuditFailure.logTampered(log: logName)
            }
            let siblings = InclusionPath.siblings(of: sequence - 1, in: head.size)
            return (leaf, try siblings.map { try store.root(of: $0, in: head.log) }, head)
        }
        let root = InclusionPath.root(of: leaf.hash, at: sequence - 1, in: head.size, path: path)
        guard root == head.frontier.root else { throw AuditFailure.logTampered(log: logName) }
        let (salt, canonical) = try leaf.opened(with: sealer)
        return AuditProof(
            log: logName, sequence: sequence, time: leaf.time, entry: String(decoding: canonical, as: UTF8.self),
            salt: Hex.encode(salt), path: path.map(Hex.encode), head: try signed(head))
    }

    private func signed(_ head: AuditHead) throws -> TreeHead {
        let (log, root) = (head.log, head.frontier.root)
        let bytes = TreeHead.bytes(log: log.description, size: head.size, root: root, time: head.time)
        return TreeHead(
            log: log.description, size: head.size, root: Hex.encode(root), time: head.time,
            signature: Hex.encode(try privateKey(of: log.scope).signature(for: bytes)))
    }

    private func privateKey(of scope: WriteScope) throws -> Curve25519.Signing.PrivateKey {
        let seed = try sealer.blindIndex(Array("ed25519".utf8), tenant: scope.tenant, purpose: "audit.signing")
        return try Curve25519.Signing.PrivateKey(rawRepresentation: seed)
    }
}

extension AuditStore {
    private static let hashesBatch: Int64 = 4096

    /// The root of the subtree over leaves `range`, counted from 0.
    fileprivate func root(of range: Range<Int64>, in log: AuditLog) throws -> [UInt8] {
        var frontier = MerkleFrontier()
        var next = range.lowerBound
        while next < range.upperBound {
            let end = min(next + Self.hashesBatch, range.upperBound)
            let hashes = try leafHashes(of: log, next + 1...end)
            guard hashes.count == Int(end - next) else { throw AuditFailure.logTampered(log: log.description) }
            for hash in hashes { frontier.append(hash) }
            next = end
        }
        return frontier.root
    }
}
