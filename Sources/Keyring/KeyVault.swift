import Kit
import Storage

/// Where the wrapped keys lie: a file of one node, or tables that many nodes share. Used with the keyring's lock held.
///
/// Contract, checked by the keyring's tests on both:
/// 1. `read` sees one consistent snapshot. `add` and `change` are one transaction: durable on return, nothing left
///    behind when `body` throws. `body` may run more than once.
/// 2. After `change` no page, journal or other node's cache that this process can reach holds on to what it took away;
///    another node lets go within `KeyCache.staleMax`.
/// 3. Writers of all nodes come one after the other, so what `body` finds missing stays missing until it commits.
/// 4. Every call throws `wrongRootKey` when the keys are no longer of `root`.
protocol KeyVault: AnyObject {
    var root: RootKeys { get }
    func read<Value>(_ body: (KeyringStore) throws -> Value) throws -> Value
    /// Writes that take nothing away: new keys.
    func add<Value>(_ body: (KeyringStore) throws -> Value) throws -> Value
    /// Writes that make what others remember wrong.
    func change<Value>(_ body: (KeyringStore) throws -> Value) throws -> Value
    /// Goes on with another root key, after the transaction that wrapped everything under it.
    func adopt(_ root: RootKeys) throws
    /// Does one bounded step of an epoch rotation and says which; nil when nothing is left to do.
    func advanceEpoch(begins: Bool, at time: Timestamp) throws -> EpochStep?
}

extension KeyVault {
    /// Without epochs there is nothing to rotate.
    func advanceEpoch(begins: Bool, at time: Timestamp) throws -> EpochStep? { nil }
}

/// How the rows of wrapped keys lie on one engine; the statements that are the same on both are `KeyringStore`'s.
protocol WrappedKeyRows {
    /// What a `SELECT` of keys reads from.
    var source: SQLStatement { get }
    /// What the parent's key wrapped, from a row of `source`. Throws `corrupt`, `unknownEpoch`.
    func wrapped(in row: SQLRow, of scope: KeyScope, version: KeyVersion) throws -> [UInt8]
    func insert(
        _ wrapped: [UInt8], of scope: KeyScope, version: KeyVersion, parentVersion: KeyVersion, at time: Timestamp
    ) throws
    func replace(_ wrapped: [UInt8], of scope: KeyScope, version: KeyVersion) throws
    /// Takes away the wrapped bytes and rows of all scopes that `condition` names.
    func erase(where condition: SQLStatement) throws
    func insertDestroyed(_ scope: KeyScope, at time: Timestamp) throws
    /// Destroyed scopes whose wrapped keys old copies of the database still hold.
    func awaitingEpochRotation() throws -> Int
    /// Makes what else the root key seals readable under another one as well.
    func prepare(for root: RootKeys) throws
}
