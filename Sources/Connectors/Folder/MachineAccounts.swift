import Glibc
import Synchronization

/// The accounts and groups of this machine, as the name service gives them: files, LDAP, whatever is set up. Ids are
/// numbers, as files carry them.
enum MachineAccounts {
    static let accountsMax = 100_000
    /// `getpwent` and `getgrent` keep their place, and what they give, in the process.
    private static let walk = Mutex(())

    /// Throws `.retryable` when a directory does not answer and `.misbehaved` when it is larger than the bound.
    static func directory() throws(SourceFailure) -> SourceDirectory {
        let (accounts, groups) = walk.withLock { _ in (readAccounts(), readGroups()) }
        guard accounts.count <= accountsMax, groups.count <= accountsMax else {
            throw .misbehaved("This machine has more than \(accountsMax) accounts or groups.")
        }
        guard !accounts.isEmpty else { throw .retryable(after: nil, "The accounts of this machine cannot be read.") }
        let ids = Dictionary(accounts.map { ($0.name, $0.id) }) { first, _ in first }
        var members = groups.reduce(into: [UInt32: Set<ExactText>]()) { all, group in
            all[group.id, default: []].formUnion(group.members.compactMap { ids[$0] }.map { ExactText("\($0)") })
        }
        for account in accounts { members[account.group, default: []].insert(ExactText("\(account.id)")) }
        let names = Dictionary(groups.map { ($0.id, $0.name) }) { first, _ in first }
        return SourceDirectory(
            accounts: accounts.map { SourceAccount(id: ExactText("\($0.id)"), name: $0.name) },
            groups: members.sorted { $0.key < $1.key }.map { id, accounts in
                SourceGroup(id: ExactText("\(id)"), name: names[id] ?? "\(id)", accounts: accounts)
            })
    }

    private struct Account {
        let id, group: UInt32
        let name: String
    }

    private struct Group {
        let id: UInt32
        let name: String
        let members: [String]
    }

    private static func readAccounts() -> [Account] {
        setpwent()
        defer { endpwent() }
        var all: [Account] = []
        while all.count <= accountsMax, let entry = getpwent()?.pointee {
            guard let name = entry.pw_name else { continue }
            all.append(Account(id: entry.pw_uid, group: entry.pw_gid, name: String(cString: name)))
        }
        return all
    }

    private static func readGroups() -> [Group] {
        setgrent()
        defer { endgrent() }
        var all: [Group] = []
        while all.count <= accountsMax, let entry = getgrent()?.pointee {
            guard let name = entry.gr_name else { continue }
            all.append(Group(id: entry.gr_gid, name: String(cString: name), members: names(entry.gr_mem)))
        }
        return all
    }

    private static func names(_ list: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> [String] {
        var (next, names) = (list, [String]())
        while let pointer = next, let name = pointer.pointee {
            names.append(String(cString: name))
            next = pointer + 1
        }
        return names
    }
}
