import Kit
import Storage

/// What one step of an epoch rotation did.
enum EpochStep: Equatable {
    /// New keys are wrapped under a new epoch from now on, unless a rotation that was cut off only has to be finished.
    case begun
    /// Some surviving keys were wrapped under the current epoch.
    case rewrapped
    /// The old epoch's key is gone from the folder.
    case keyDestroyed
    case recorded
}

extension SharedVault {
    /// A transaction of so many rows holds up the other nodes' writers for some tens of milliseconds.
    static let rewrapRowsMax = 500

    /// Where a rotation stands is seen from rows and files alone, so any node goes on after any crash:
    ///
    /// 1. the new epoch's key is durable in the folder, then the current one in the database;
    /// 2. no key is left under the old epoch, and none can come: writers use the current one, under the row's lock;
    /// 3. the old epoch's file is destroyed; 4. that is recorded, with the date.
    func advanceEpoch(begins: Bool, at time: Timestamp) throws -> EpochStep? {
        if begins {
            try write { connection, rows in try begin(EpochStore(connection: connection), rows.state, at: time) }
            return .begun
        }
        let found: (epoch: EpochID, rewrapped: Int)? = try write { _, rows in
            guard let epoch = rows.state.leaving else { return nil }
            return (epoch, try rows.rewrap(from: epoch, rowsMax: Self.rewrapRowsMax))
        }
        guard let found else { return nil }
        if found.rewrapped > 0 { return .rewrapped }
        if try epochs.isThere(found.epoch) {
            try epochs.destroy(found.epoch)
            return .keyDestroyed
        }
        try write { connection, _ in
            try EpochStore(connection: connection).recordDestruction(of: found.epoch, at: time)
        }
        return .recorded
    }

    /// A rotation that was cut off is enough when nothing was destroyed since it began.
    private func begin(_ store: EpochStore, _ state: EpochState, at time: Timestamp) throws {
        if state.leaving != nil, try !store.hasDestructions(in: state.current) { return }
        try store.begin(try epochs.make(under: root), at: time)
    }
}
