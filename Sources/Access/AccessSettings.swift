import Kit

/// Bounds of identity. Each has a name; nothing in Access is unbounded.
package struct AccessSettings: Sendable {
    /// A session ends after so long without a request (SYSTEMS 1.1).
    package var sessionIdle: Duration = .seconds(30 * 60)
    /// A session ends so long after sign-in, used or not.
    package var sessionAbsolute: Duration = .seconds(12 * 3600)
    /// The last use of a session is written at most this often; it may therefore end this much early.
    package var sessionTouchInterval: Duration = .seconds(60)
    /// The oldest session of a subject ends when one more begins.
    package var sessionsPerSubjectMax = 20
    package var signInLinkLifetime: Duration = .seconds(10 * 60)
    /// How long a resolved principal may be answered from memory. Revocation drops it at once.
    package var principalCacheLifetime: Duration = .seconds(5)
    package var principalCacheEntriesMax = 10_000

    package var loginAttemptsMax = 10
    package var loginWindow: Duration = .seconds(15 * 60)
    /// Failures before each further try has to wait: 1 s, 2 s, 4 s ...
    package var loginFailuresWithoutDelay = 3

    /// scrypt's N is 2 to this power; with r = 8 one hash takes 32 MiB at 15.
    package var scryptCostLog2 = 15
    /// Password checks waiting or running on one node; one more is told to come back.
    package var passwordChecksMax = 16
    package var passwordCharactersMin = 12
    package var passwordBytesMax = 1024
    package var nameCharactersMax = 100

    package var keyDaysDefault = 90
    package var keyDaysMax = 366
    package var keysPerSubjectMax = 100

    package var usersMax = 100_000
    package var groupsMax = 10_000
    package var groupMembersMax = 10_000
    package var groupDepthMax = 16

    package init() {}

    /// Names the first setting that makes no sense.
    package func validate() throws(AccessFailure) {
        let positive: [(String, Int)] = [
            ("sessions_per_subject_max", sessionsPerSubjectMax), ("login_attempts_max", loginAttemptsMax),
            ("password_checks_max", passwordChecksMax), ("password_characters_min", passwordCharactersMin),
            ("key_days_default", keyDaysDefault), ("group_depth_max", groupDepthMax),
        ]
        for (field, value) in positive where value < 1 { throw .invalid(field: field, reason: "must be at least 1") }
        guard (10...20).contains(scryptCostLog2) else {
            throw .invalid(field: "scrypt_cost_log2", reason: "must be from 10 to 20")
        }
        guard sessionIdle <= sessionAbsolute else {
            throw .invalid(field: "session_idle", reason: "must not exceed the absolute limit")
        }
        guard keyDaysDefault <= keyDaysMax else {
            throw .invalid(field: "key_days_default", reason: "must not exceed key_days_max")
        }
    }
}
