/// The base roles. What each may do is `Access`' policy; the golden authorisation table prints it.
package enum Role: String, CaseIterable, Codable, Sendable {
    case admin, developer, user, viewer
}

/// What data is used for. A document may restrict the purposes it may be read for.
package struct Purpose: Hashable, Sendable, Codable, RawRepresentable {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
    /// Ordinary work; the purpose of every request that names none.
    package static let general = Purpose(rawValue: "general")
}

/// One thing that a route, job or command may require. The raw value is `resource.action`.
package enum Permission: String, CaseIterable, Codable, Sendable {
    case tenantRead = "tenant.read"
    case usersRead = "users.read"
    case usersManage = "users.manage"
    case groupsRead = "groups.read"
    case groupsManage = "groups.manage"
    case keysOwn = "keys.own"
    case keysManage = "keys.manage"
    case sessionsOwn = "sessions.own"
    case collectionsRead = "collections.read"
    case collectionsManage = "collections.manage"
    case documentsRead = "documents.read"
    case documentsWrite = "documents.write"
    case documentsDelete = "documents.delete"
    /// Numbers about the whole library, seen documents or not, and work on all of it.
    case libraryMaintain = "library.maintain"
    case sourcesRead = "sources.read"
    case sourcesManage = "sources.manage"
    case searchQuery = "search.query"
    case answersAsk = "answers.ask"
    /// See what people said of answers, with their questions.
    case answersReview = "answers.review"
    case jobsRead = "jobs.read"
    case jobsCancel = "jobs.cancel"
    case auditRead = "audit.read"
    case metricsRead = "metrics.read"
}

/// How a principal proved who it is.
package enum Credential: Hashable, Sendable {
    case apiKey(APIKeyID)
    case session(SessionID)
    /// The owner of the data directory over the 0600 socket, or the same wiring in-process.
    case localOperator
    /// A leased job acting for its subject, with the subject's rights of this moment.
    case job(JobID)
}

/// Who is asking, for which tenant, with which rights of this moment. Every store call takes one.
///
/// A principal is resolved at use and never stored: a job keeps subject and purpose and asks again at each lease.
package struct Principal: Hashable, Sendable {
    package let tenant: TenantID
    package let subject: SubjectID
    /// Every group the subject is in, nested membership included.
    package let groups: Set<GroupID>
    package let roles: Set<Role>
    package let clearance: Classification
    package let purpose: Purpose
    /// What the roles grant, cut down to the credential's scopes.
    package let permissions: Set<Permission>
    package let credential: Credential

    package init(
        tenant: TenantID, subject: SubjectID, groups: Set<GroupID>, roles: Set<Role>, clearance: Classification,
        purpose: Purpose, permissions: Set<Permission>, credential: Credential
    ) {
        self.tenant = tenant
        self.subject = subject
        self.groups = groups
        self.roles = roles
        self.clearance = clearance
        self.purpose = purpose
        self.permissions = permissions
        self.credential = credential
    }
}
