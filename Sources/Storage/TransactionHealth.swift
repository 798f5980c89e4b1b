/// Whether the transaction on a connection can still commit, as the connection saw it.
enum TransactionHealth {
    /// What helps when an engine gave up a transaction that several writes share.
    enum Remedy {
        /// Run it again: the cause was other people's timing.
        case retry
        /// Run each write alone, so that only the culprit fails.
        case isolate
        /// Nothing; all of them fail.
        case none
    }

    case sound
    /// The engine refused one statement. Going back to the savepoint heals.
    case refused(StorageFailure)
    /// The engine gave up the whole transaction.
    case aborted(StorageFailure, Remedy)

    var failure: StorageFailure? {
        switch self {
        case .sound: nil
        case .refused(let failure), .aborted(let failure, _): failure
        }
    }

    /// PostgreSQL refuses everything after a refused statement. SQLite would go on; both behave like PostgreSQL here.
    func requireSound() throws(StorageFailure) {
        if let failure { throw failure }
    }
}
