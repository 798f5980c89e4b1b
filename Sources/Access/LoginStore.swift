import Kit
import Storage

/// The counters of failed sign-ins. A bucket is a blind index: neither names nor addresses are kept.
struct LoginStore {
    let connection: any SQLConnection

    func throttle(_ bucket: String, at now: Timestamp) throws -> LoginThrottle {
        let query: SQLStatement = """
            SELECT attempts, window_start, next_allowed FROM login_attempts WHERE bucket = \(bucket)
            """
        guard let row = try connection.row(query) else { return LoginThrottle(at: now) }
        return LoginThrottle(
            attempts: try row["attempts"], windowStart: try row["window_start"], nextAllowed: try row["next_allowed"])
    }

    func save(_ throttle: LoginThrottle, _ bucket: String) throws {
        try connection.execute(
            """
            INSERT INTO login_attempts (bucket, attempts, window_start, next_allowed)
            VALUES (\(bucket), \(throttle.attempts), \(throttle.windowStart), \(throttle.nextAllowed))
            ON CONFLICT (bucket) DO UPDATE SET
                attempts = excluded.attempts, window_start = excluded.window_start,
                next_allowed = excluded.next_allowed
            """)
    }

    /// Windows that began before `oldest` say nothing any more.
    func sweep(before oldest: Timestamp) throws {
        try connection.execute("DELETE FROM login_attempts WHERE window_start < \(oldest)")
    }
}
