import Kit
import Synchronization

/// Who may view which space, asked once for a run. There is no denying in Confluence.
final class ConfluenceSpaces: Sendable {
    private struct State {
        /// Nil for those that cannot be read.
        var rules: [String: SourceConstraint?] = [:]
        var admitsGuests: Bool?
    }

    private let api: ConfluenceAPI
    private let state = Mutex(State())

    init(_ api: ConfluenceAPI) { self.api = api }

    /// Nil when it is not known.
    func rule(of key: String) -> SourceConstraint? { state.withLock { $0.rules[key] ?? nil } }

    func learn(_ space: ConfluenceSpace) async throws {
        guard state.withLock({ $0.rules[space.key] == nil }) else { return }
        var rule: SourceConstraint?
        do {
            rule = SourceConstraint(allow: try await readers(of: space))
        } catch let failure as SourceFailure where failure.isAboutOneAnswer {}
        state.withLock { $0.rules[space.key] = .some(rule) }
    }

    /// Throws what the site says when it does not tell.
    func readers(of space: ConfluenceSpace) async throws -> Set<SourcePrincipal> {
        guard api.isCloud else {
            let path = ["rest", "api", "space", space.key, "permissions"]
            return try await principals(try await api.get([Lossy<ConfluencePermission>].self, path))
        }
        guard let id = space.id?.text, id.isConfluenceID else { throw SourceFailure.gone }
        let grants = try await api.all(
            ConfluenceGrant.self, ["api", "v2", "spaces", id, "permissions"], [(name: "limit", value: "250")])
        return Set(grants.compactMap(Self.principal))
    }

    /// The cloud names guests as the class of access `anonymous-users`. Other classes and roles are documented for the
    /// assignment of roles only; a grant that is not understood is left out, and lets nobody in.
    private static func principal(_ grant: ConfluenceGrant) -> SourcePrincipal? {
        guard grant.operation.key == "read", grant.operation.targetType == "space" else { return nil }
        switch (grant.principal.type.lowercased(), grant.principal.id) {
        case (_, ""): return nil
        case ("user", let id): return .user(ExactText(id))
        case ("group", let id): return .group(ExactText(id))
        case (_, "anonymous-users"): return .everyone
        case (_, "authenticated-users"): return .authenticated
        default: return nil
        }
    }

    private func principals(_ permissions: [Lossy<ConfluencePermission>]) async throws -> Set<SourcePrincipal> {
        var principals: Set<SourcePrincipal> = []
        for permission in permissions.compactMap(\.value) where permission.operation.isViewing {
            let subject = permission.subject
            switch subject?.type {
            case "group": subject?.name.map { _ = principals.insert(.group(ExactText($0))) }
            case "anonymous": if try await admitsGuests() { principals.insert(.everyone) }
            default: subject?.userKey.map { _ = principals.insert(.user(ExactText($0))) }
            }
        }
        return principals
    }

    /// Guests see a space of Data Center only where the site admits them at all. Not told is no.
    private func admitsGuests() async throws -> Bool {
        if let known = state.withLock({ $0.admitsGuests }) { return known }
        var admits = false
        do {
            let path = ["rest", "api", "permissions", "anonymous"]
            let permissions = try await api.get([Lossy<ConfluencePermission>].self, path).compactMap(\.value)
            admits = permissions.contains { $0.operation.operationKey == "use" || $0.operation.isViewing }
        } catch let failure as SourceFailure where failure.isAboutOneAnswer {}
        state.withLock { $0.admitsGuests = admits }
        return admits
    }
}

extension ConfluencePermission.Operation {
    fileprivate var isViewing: Bool { operationKey == "read" && targetType == "space" }
}

extension SourceFailure {
    /// Says that this one thing cannot be read, and nothing of the site as a whole.
    var isAboutOneAnswer: Bool {
        switch self {
        case .gone, .forbidden, .misbehaved: true
        default: false
        }
    }
}
