import Kit

/// What Access refuses. Facts only; the routes file gives each a status, a code and a sentence.
package enum AccessFailure: Error, Equatable {
    /// Bytes that are not the canonical form of an ACL.
    case malformedACL
    /// No such tenant, user, group or key, or one the caller may not know of: the same answer.
    case unknown
    /// A user, group or tenant of this name exists already.
    case nameTaken
    /// The group would contain itself.
    case groupCycle
    /// Nested deeper than `AccessSettings.groupDepthMax`.
    case groupTooDeep
    /// A source says who is in this group; it is changed there.
    case managedGroup
    /// The act would leave the tenant without an active administrator.
    case lastAdministrator
    /// The caller's role or key does not carry this permission.
    case notPermitted(Permission)
    /// Nobody changes their own roles, clearance or suspension (ATT-4).
    case ownPrivileges
    /// More than the caller has: a key, role or clearance above the giver's own.
    case exceedsGiver
    /// Name, password or one-time link is wrong, used, expired or suspended: the same answer.
    case wrongCredentials
    case throttled(retryAfterSeconds: Int)
    case invalid(field: String, reason: String)
    /// A tenant holds at most so many of these.
    case tooMany(what: String, limit: Int)
}
