/// One engine's writing connection, as `GroupCommit` drives it.
///
/// Contract: each throwing call leaves the reason in `health`. `rollback` works in every state and makes the
/// connection ready for `begin`.
protocol WriteSession: SQLConnection {
    var health: TransactionHealth { get }
    func begin(_ scope: WriteScope) throws
    func savepoint(_ step: SavepointStep) throws
    /// Sends signals to other nodes with the commit.
    func announce(_ signals: [Signal]) throws
    func commit() throws
    func rollback()
    /// Gives whatever forced a retry time to pass; `attempt` counts from 1.
    func waitBeforeRetry(_ attempt: Int)
}

enum SavepointStep: String {
    case begin = "SAVEPOINT body"
    case release = "RELEASE SAVEPOINT body"
    /// Ends it as well.
    case rollback = "ROLLBACK TO SAVEPOINT body"
}

/// Runs waiting writes in one transaction, each inside a savepoint: one full sync for all of them.
///
/// A closure that throws takes back only its savepoint. When the engine gives up the transaction, the writes are run
/// again one by one, so that a bad one fails alone; a lone write is retried when timing was the cause.
struct GroupCommit {
    static let attemptsMax = 5

    private enum Attempt {
        case settled
        case abandoned(any Error, TransactionHealth.Remedy)
    }

    private enum Outcome {
        case done(deliver: @Sendable () -> Void, [Signal])
        case failed(any Error)

        var signals: [Signal] {
            if case .done(_, let signals) = self { signals } else { [] }
        }
    }

    let session: any WriteSession
    let hub: SignalHub
    let lanes: WriteLanes

    func run(_ writes: [PendingWrite], attempt: Int = 1) {
        guard case .abandoned(let error, let remedy) = transact(writes) else { return }
        switch remedy {
        case .retry where writes.count == 1 && attempt < Self.attemptsMax:
            session.waitBeforeRetry(attempt)
            run(writes, attempt: attempt + 1)
        case .retry where writes.count > 1, .isolate where writes.count > 1:
            for write in writes { run([write]) }
        default:
            for write in writes { write.fail(error) }
        }
    }

    private func transact(_ writes: [PendingWrite]) -> Attempt {
        do {
            try session.begin(writes[0].scope)
            let outcomes = try writes.map { try outcome(of: $0, inSavepoint: writes.count > 1) }
            if outcomes.contains(where: { if case .done = $0 { true } else { false } }) {
                try session.commit()
                lanes.committed(writes.count)
            } else {
                session.rollback()
            }
            deliver(outcomes, of: writes)
            return .settled
        } catch {
            let health = session.health
            session.rollback()
            if case .aborted(let failure, let remedy) = health { return .abandoned(failure, remedy) }
            return .abandoned(error, .isolate)
        }
    }

    private func outcome(of write: PendingWrite, inSavepoint: Bool) throws -> Outcome {
        if inSavepoint { try session.savepoint(.begin) }
        do {
            let transaction = WriteTransaction(write.scope, on: session)
            let deliver = try write.run(transaction)
            // A closure may have swallowed a refusal; half of its statements must not commit.
            try session.health.requireSound()
            try session.announce(transaction.signals)
            if inSavepoint { try session.savepoint(.release) }
            return .done(deliver: deliver, transaction.signals)
        } catch {
            if case .aborted = session.health { throw error }
            if inSavepoint { try session.savepoint(.rollback) }
            return .failed(error)
        }
    }

    /// Signals first, so that a caller that goes on knows them to be on their way.
    private func deliver(_ outcomes: [Outcome], of writes: [PendingWrite]) {
        hub.deliver(outcomes.flatMap(\.signals))
        for (write, outcome) in zip(writes, outcomes) {
            switch outcome {
            case .done(let deliver, _): deliver()
            case .failed(let error): write.fail(error)
            }
        }
    }
}
