import Kit

/// How often one user name, or one remote address, may fail to sign in. Pure: the store keeps the three numbers.
///
/// A try counts before it is checked, so parallel tries cannot slip through together; success gives the name a clean
/// slate. After `failuresWithoutDelay` each further try waits twice as long as the one before, and after
/// `attemptsMax` none is admitted until the window ends.
struct LoginThrottle: Equatable, Sendable {
    struct Limits: Sendable {
        let attemptsMax: Int
        let window: Duration
        let failuresWithoutDelay: Int
    }

    private(set) var attempts: Int
    private(set) var windowStart: Timestamp
    private(set) var nextAllowed: Timestamp

    init(attempts: Int, windowStart: Timestamp, nextAllowed: Timestamp) {
        self.attempts = attempts
        self.windowStart = windowStart
        self.nextAllowed = nextAllowed
    }

    /// Nobody has tried yet.
    init(at now: Timestamp) {
        self.init(attempts: 0, windowStart: now, nextAllowed: now)
    }

    /// Counts one try. Gives nil when it may go ahead, else how long to wait, and then counts nothing.
    mutating func attempt(at now: Timestamp, limits: Limits) -> Duration? {
        if now >= windowStart + limits.window || now < windowStart { self = LoginThrottle(at: now) }
        if attempts >= limits.attemptsMax { return windowStart + limits.window - now }
        if now < nextAllowed { return nextAllowed - now }
        attempts += 1
        let doublings = min(attempts - limits.failuresWithoutDelay, 20)
        if doublings >= 0 { nextAllowed = now + .seconds(1 << doublings) }
        return nil
    }

    /// Takes back one counted try that turned out right.
    mutating func forgive(at now: Timestamp) {
        attempts = max(0, attempts - 1)
        nextAllowed = now
    }
}
