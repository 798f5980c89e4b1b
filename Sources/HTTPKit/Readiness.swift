import Kit
import Synchronization

/// Whether the process may be sent work: every named check must say so, and start-up must be over.
///
/// `AuditTrail` blocked, keys sealed, index behind: each capability adds its check in wiring.
package final class Readiness: Sendable {
    package typealias Check = @Sendable () async -> Bool

    private struct State {
        var checks: [(name: String, check: Check)] = []
        var hasStarted = false
    }

    private let state = Mutex(State())

    package init() {}

    /// `name` is public in `/readyz`; it says what is not ready, never why.
    package func add(_ name: String, _ check: @escaping Check) {
        state.withLock { $0.checks.append((name, check)) }
    }

    /// Migrations have run and the listeners are open.
    package func markStarted() { state.withLock { $0.hasStarted = true } }

    package var hasStarted: Bool { state.withLock { $0.hasStarted } }

    /// By name, all checks at once.
    package func report() async -> [String: Bool] {
        let checks = state.withLock { $0.checks }
        var results = ["startup": hasStarted]
        await withTaskGroup(of: (String, Bool).self) { group in
            for (name, check) in checks { group.addTask { (name, await check()) } }
            for await (name, isReady) in group { results[name] = isReady }
        }
        return results
    }
}
