import Kit
import Storage

/// What the nodes agree on, as one transaction sees it.
struct EpochState {
    let rootCheck: [UInt8]
    /// Grows with every change that makes a remembered key wrong.
    let generation: Int64
    /// The epoch that new keys are wrapped under.
    let current: EpochID
    /// The epochs whose keys are not destroyed, the current one among them.
    let live: Set<EpochID>

    /// An epoch that a rotation has left behind and not yet destroyed.
    var leaving: EpochID? { live.filter { $0 != current }.min() }
}

/// The statements about epochs and generations, on PostgreSQL only.
struct EpochStore {
    let connection: any SQLConnection

    /// Whether the server syncs before it says that a transaction is done.
    func isSafe() throws -> Bool {
        let row = try connection.row(
            "SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commits")
        let (fsync, commits): (String?, String?) = (try row?["fsync"], try row?["commits"])
        return fsync == "on" && commits != "off"
    }

    /// Waits for the other nodes' writers. False while nobody has founded the keyring.
    func lock() throws -> Bool {
        try connection.row("SELECT one FROM keyring WHERE one = 1 FOR UPDATE") != nil
    }

    /// After `lock` in a statement of its own: a locking join would show the epochs of before the wait.
    func state() throws -> EpochState {
        let rows = try connection.rows(
            """
            SELECT root_check, generation, keyring.epoch AS current_epoch, key_epochs.epoch AS live_epoch
            FROM keyring CROSS JOIN key_epochs WHERE key_epochs.destroyed IS NULL
            """)
        guard let first = rows.first else { throw StorageFailure.unexpectedValue(column: "epoch") }
        return EpochState(
            rootCheck: try first["root_check"], generation: try first["generation"],
            current: try first["current_epoch"], live: Set(try rows.map { try $0["live_epoch"] }))
    }

    /// Makes the first epoch. False when another node was faster.
    func found(_ epoch: EpochID, rootCheck: [UInt8], at time: Timestamp) throws -> Bool {
        let made = try connection.execute(
            """
            INSERT INTO keyring (one, root_check, generation, epoch) VALUES (1, \(rootCheck), 0, \(epoch))
            ON CONFLICT (one) DO NOTHING
            """)
        if made == 1 { try insert(epoch, at: time) }
        return made == 1
    }

    /// Makes `epoch` the one that new keys are wrapped under.
    func begin(_ epoch: EpochID, at time: Timestamp) throws {
        try insert(epoch, at: time)
        try connection.execute("UPDATE keyring SET epoch = \(epoch)")
    }

    private func insert(_ epoch: EpochID, at time: Timestamp) throws {
        try connection.execute("INSERT INTO key_epochs (epoch, made) VALUES (\(epoch), \(time))")
    }

    /// Whether a scope was destroyed while `epoch` was the current one.
    func hasDestructions(in epoch: EpochID) throws -> Bool {
        try connection.row("SELECT scope FROM destroyed_scopes WHERE epoch = \(epoch) LIMIT 1") != nil
    }

    /// Records that the epoch's key is gone: the date "in backups" of everything destroyed in it.
    func recordDestruction(of epoch: EpochID, at time: Timestamp) throws {
        try connection.execute(
            "UPDATE key_epochs SET destroyed = \(time) WHERE epoch = \(epoch) AND destroyed IS NULL")
    }

    func nextGeneration() throws -> Int64 {
        try connection.rows("UPDATE keyring SET generation = generation + 1 RETURNING generation")[0]["generation"]
    }
}
