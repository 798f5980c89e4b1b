import Kit
import Outbound

/// Who there is at a site, and whether it can be reached.
extension ConfluenceConnector {
    private static let groupsMax = 20_000
    private static let spacesTested = 10

    /// Accounts are those of all groups: who is in none may not use Confluence. Groups in groups are Data Center's, and
    /// told from 9.4 on; before that, members of inner groups count only where the site names them as members of the
    /// outer one as well.
    package func directory() async throws -> SourceDirectory? {
        let found = try await api.all(
            ConfluenceGroup.self, ["rest", "api", "group"], [(name: "limit", value: "200")])
        guard found.count <= Self.groupsMax else { throw SourceFailure.limit(.items(Self.groupsMax)) }
        var accounts: [ExactText: SourceAccount] = [:]
        var members: [ExactText: Set<ExactText>] = [:]
        var inner: [ExactText: Set<ExactText>] = [:]
        for group in found {
            guard let id = group.key(settings.edition) else { continue }
            for user in try await users(of: group) {
                guard let key = user.key(settings.edition) else { continue }
                members[id, default: []].insert(key)
                accounts[key] = account(key, user)
            }
            for outer in try await outer(of: group) {
                guard let outer = outer.key(settings.edition) else { continue }
                inner[outer, default: []].insert(id)
            }
        }
        let groups = found.compactMap { group in
            group.key(settings.edition).map {
                SourceGroup(id: $0, name: group.name, accounts: members[$0] ?? [], groups: inner[$0] ?? [])
            }
        }
        return SourceDirectory(accounts: accounts.values.sorted { $0.id < $1.id }, groups: groups)
    }

    private func account(_ key: ExactText, _ user: ConfluenceUser) -> SourceAccount {
        let isActive = ["active", nil].contains(user.accountStatus) && ["current", nil].contains(user.status)
        let email = user.email.flatMap { $0.isEmpty ? nil : $0 }
        return SourceAccount(id: key, name: user.username, email: email, isActive: isActive)
    }

    private func users(of group: ConfluenceGroup) async throws -> [ConfluenceUser] {
        let path = api.isCloud ? [group.id ?? "", "membersByGroupId"] : [group.name, "member"]
        let query = [(name: "limit", value: "200")] + (api.isCloud ? [] : [(name: "expand", value: "status")])
        do {
            return try await api.all(ConfluenceUser.self, ["rest", "api", "group"] + path, query)
        } catch SourceFailure.gone {
            // Deleted since it was listed: it has no members.
            return []
        }
    }

    private func outer(of group: ConfluenceGroup) async throws -> [ConfluenceGroup] {
        guard !api.isCloud else { return [] }
        do {
            let path = ["rest", "api", "group", group.name, "groupancestor"]
            return try await api.all(ConfluenceGroup.self, path, [(name: "limit", value: "200")])
        } catch SourceFailure.gone {
            return []
        }
    }

    package func test() async -> ConnectionReport {
        var report = ConnectionReport()
        guard await report.reach(api.base, api.plain) else { return report }
        do {
            let me = try await api.get(ConfluenceUser.self, ["rest", "api", "user", "current"])
            guard me.key(settings.edition) != nil else {
                report.failed(.credentials, "Confluence takes us for a guest: the token does not sign in.")
                return report
            }
            report.passed(.credentials, "The token is accepted.")
            try await testSpaces(&report)
        } catch SourceFailure.gone {
            report.failed(.settings, "There is no Confluence of this edition at this address.")
        } catch {
            report.failed(error as? SourceFailure ?? .retryable(after: nil, "The test was cancelled."))
        }
        return report
    }

    private func testSpaces(_ report: inout ConnectionReport) async throws {
        let found = try await spaces()
        if let missing = settings.spaces.first(where: { key in !found.contains { ExactText($0.key) == ExactText(key) } }
        ) {
            return report.failed(.settings, "There is no space \(missing.shown(64)), or the account does not see it.")
        }
        for space in found.prefix(Self.spacesTested) {
            guard try await isTold(space) else {
                let sentence =
                    "The account may not read the permissions of the space \(space.key.shown(64)), so nobody "
                let remedy = "would see its pages. Make it an administrator of it. Data Center tells them from 9.1 on."
                return report.failed(.listing, sentence + remedy)
            }
        }
        report.passed(.listing, "\(found.count) spaces can be listed.")
        let place = try ConfluencePlace(nil, form, fullEvery: .zero, now: clock.now())
        let list = try await list(ConfluenceSection.all(settings, place)[0], place)
        let total = list.totalSize ?? list.results.count
        let more = try list.totalSize == nil && !list.next().isEmpty ? ", and there are more" : ""
        report.passed(.items, "\(total) pages and other documents were seen\(more).")
    }

    private func isTold(_ space: ConfluenceSpace) async throws -> Bool {
        do {
            _ = try await ConfluenceSpaces(api).readers(of: space)
            return true
        } catch let failure as SourceFailure where failure.isAboutOneAnswer {
            return false
        }
    }

    private func spaces() async throws -> [ConfluenceSpace] {
        let path = api.isCloud ? ["api", "v2", "spaces"] : ["rest", "api", "space"]
        let limit = [(name: "limit", value: api.isCloud ? "250" : "500")]
        return try await api.all(ConfluenceSpace.self, path, limit).filter { settings.names($0.key) }
    }
}
