import Access
import Kit

/// A fresh installation gets one tenant with its operator, so that the first minute needs no set-up.
struct FirstTenant {
    static let name = "home"

    let access: AccessService

    /// Does nothing once any tenant exists.
    func ensure() async throws {
        do {
            _ = try await access.authenticate(PresentedCredentials(localTenant: Self.name))
        } catch {
            guard try await access.findTenant("") == nil, try await access.findTenant(Self.name) == nil else { return }
            _ = try await access.createTenant(name: Self.name)
        }
    }
}
