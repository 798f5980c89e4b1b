import Kit
import Storage
import Synchronization

extension Keyring {
    /// Makes keys that were destroyed before this call unreadable in every copy of a PostgreSQL database, too: wraps
    /// all surviving keys under a new epoch's key and destroys the old one. Nothing to do with a file of keys.
    ///
    /// Works in bounded transactions, between which all nodes go on. After an error or a crash, call it again, on any
    /// node. A database backup of before opens nothing from then on: make a new one right after, and keep no backup of
    /// the keys directory from before. Throws `KeyringFailure`, `StorageFailure`.
    package func rotateEpoch() throws { try rotateEpoch { _ in } }

    /// Tests cut it off between two steps.
    func rotateEpoch(after step: (EpochStep) throws -> Void) throws {
        var begins = true
        while let done = try advanceEpoch(begins: begins) {
            begins = false
            try step(done)
        }
    }

    private func advanceEpoch(begins: Bool) throws -> EpochStep? {
        try locked { try $0.advanceEpoch(begins: begins, at: self.clock.now()) }
    }
}
