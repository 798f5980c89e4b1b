/// Rights that have just been cut. Open streams, caches and the authenticator listen (DESIGN 7.4).
package struct Revocation: Hashable, Sendable, Codable {
    package enum Reach: Hashable, Sendable, Codable {
        /// Group, role, suspension or clearance of one subject changed.
        case subject(SubjectID)
        /// Access to documents changed for the whole tenant (an ACL, a group of groups).
        case tenant
    }

    package let tenant: TenantID
    package let reach: Reach

    package init(tenant: TenantID, reach: Reach) {
        self.tenant = tenant
        self.reach = reach
    }

    package func touches(_ principal: Principal) -> Bool {
        guard tenant == principal.tenant else { return false }
        return switch reach {
        case .subject(let subject): subject == principal.subject
        case .tenant: true
        }
    }
}
