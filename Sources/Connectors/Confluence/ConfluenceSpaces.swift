import Kit
import Synchronization

/// Who may view which space, asked once for a run. There is no denying in Confluence.
final class ConfluenceSpaces: Sendable {
    private struct State {
        /// Nil inside for those that cannot be read.
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

    /// Throws what the site says when it does not tell. Data Center tells from 9.1 on.
    func readers(of space: ConfluenceSpace) async throws -> Set<SourcePrincipal> {
        guard api.isCloud else {
            let path = ["rest", "api", "space", space.key, "permissions"]
            let readers = Set(try await permissions(path).compactMap(Self.principal))
            guard try await admitsGuests(), try await isOpen(path + ["anonymous"]) else { return readers }
            return readers.union([.everyone])
        }
        guard let id = space.id?.text, id.isConfluenceID else { throw SourceFailure.gone }
        let grants = try await api.all(
            ConfluenceGrant.self, ["api", "v2", "spaces", id, "permissions"], [(name: "limit", value: "250")])
        return Set(grants.compactMap(Self.principal))
    }

    /// How the cloud names guests in this list is not documented: it may be a flag, as in v1, or the class of access
    /// `anonymous-users`, as in the assignment of roles. A grant that is not understood is left out: it lets nobody in.
    private static func principal(_ grant: ConfluenceGrant) -> SourcePrincipal? {
        guard grant.operation.key == "read", grant.operation.targetType == "space" else { return nil }
        if grant.anonymousAccess == true { return .everyone }
        switch (grant.principal?.type.lowercased(), grant.principal?.id) {
        case (_, nil), (_, ""): return nil
        case ("user", let id?): return .user(ExactText(id))
        case ("group", let id?): return .group(ExactText(id))
        case (_, "anonymous-users"): return .everyone
        case (_, "authenticated-users"): return .authenticated
        default: return nil
        }
    }

    private static func principal(_ permission: ConfluencePermission) -> SourcePrincipal? {
        guard permission.operation.isViewing, let subject = permission.subject else { return nil }
        if subject.type == "group" { return subject.name.map { .group(ExactText($0)) } }
        return subject.userKey.map { .user(ExactText($0)) }
    }

    private func permissions(_ path: [String]) async throws -> [ConfluencePermission] {
        try await api.get([Lossy<ConfluencePermission>].self, path).compactMap(\.value)
    }

    /// Guests see a space of Data Center only where the site admits them at all.
    private func admitsGuests() async throws -> Bool {
        if let known = state.withLock({ $0.admitsGuests }) { return known }
        let admits = try await isOpen(["rest", "api", "permissions", "anonymous"])
        state.withLock { $0.admitsGuests = admits }
        return admits
    }

    /// Whether a list of what guests may has viewing in it, or using the site. Not told is no.
    private func isOpen(_ path: [String]) async throws -> Bool {
        do {
            return try await permissions(path).contains { $0.operation.isViewing || $0.operation.isUsing }
        } catch let failure as SourceFailure where failure.isAboutOneAnswer {
            return false
        }
    }
}

extension ConfluencePermission.Operation {
    fileprivate var isViewing: Bool { operationKey == "read" && targetType == "space" }
    fileprivate var isUsing: Bool { operationKey == "use" && targetType == "application" }
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
