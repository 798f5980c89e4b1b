import Kit
import Synchronization

/// Reasons to look again; any number that come before the look are one.
final class Wakeups: Sendable {
    let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func fire() { continuation.yield() }

    func finish() { continuation.finish() }
}

/// The tenants one of whose leases here may have been taken away since the last look.
final class LeaseDoubts: Sendable {
    private let tenants = Mutex<Set<TenantID>>([])
    private let wakeups = Wakeups()

    var stream: AsyncStream<Void> { wakeups.stream }

    func add(_ tenant: TenantID) {
        tenants.withLock { _ = $0.insert(tenant) }
        wakeups.fire()
    }

    func take() -> [TenantID] {
        tenants.withLock { tenants in
            defer { tenants = [] }
            return tenants.sorted()
        }
    }
}
