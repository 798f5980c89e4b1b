import Access
import Kit
import Storage

extension SearchIndex {
    /// The access rule of that name in a tenant, or nil when it was never defined there.
    package func acl(_ id: ACLID, tenant: TenantID, in connection: any SQLConnection) throws -> EffectiveACL? {
        try store.acl(id, tenant: tenant, connection)
    }
}
