import Kit
import Storage

/// One log: a tenant's, or the platform's, of one calendar year (UTC). Its number starts at 1 each year, and its chain
/// starts from the last record of the year before.
package struct AuditLog: Hashable, Sendable, CustomStringConvertible {
    package let scope: WriteScope
    package let year: Int

    package init(scope: WriteScope, year: Int) {
        self.scope = scope
        self.year = year
    }

    /// `ten_…/2026` or `platform/2026`.
    package var description: String { "\(scope.owner)/\(year)" }
}

extension WriteScope {
    /// `ten_…` or `platform`: whose log it is, in the tables.
    var owner: String {
        switch self {
        case .tenant(let tenant): "\(tenant)"
        case .platform: "platform"
        }
    }

    /// Nil unless `owner` is what `owner` gives.
    init?(owner: String) {
        if owner == "platform" {
            self = .platform
        } else if let tenant = TenantID(owner) {
            self = .tenant(tenant)
        } else {
            return nil
        }
    }

    var tenant: TenantID? {
        guard case .tenant(let tenant) = self else { return nil }
        return tenant
    }

    /// Whose key seals the scope's entries.
    var keyScope: KeyScope { tenant.map { .tenant($0) } ?? .platform }
}
