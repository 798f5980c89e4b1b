extension ConfluenceContent {
    var isPage: Bool { ["page", "blogpost"].contains(type) }

    /// The page whose restrictions count.
    var owner: String? {
        guard !isPage else { return id.text }
        guard let container, ["page", "blogpost"].contains(container.type), let id = container.id?.text,
            id.isConfluenceID
        else { return nil }
        return id
    }

    /// Drafts and what is in the trash never.
    func isShown(_ settings: ConfluenceSettings) -> Bool {
        guard let space, settings.names(space.key) else { return false }
        let isArchived = status == "archived" || space.status == "archived"
        return ["current", "archived"].contains(status) && (settings.includesArchived || !isArchived)
    }
}

extension ConfluenceUser {
    /// Never the name, which may be given to somebody else.
    func key(_ edition: ConfluenceSettings.Edition) -> ExactText? {
        (edition == .cloud ? accountId : userKey).flatMap { $0.isEmpty ? nil : ExactText($0) }
    }
}

extension ConfluenceGroup {
    /// Data Center has nothing better than the name; there a group that is renamed is another group.
    func key(_ edition: ConfluenceSettings.Edition) -> ExactText? {
        (edition == .cloud ? id : name).flatMap { $0.isEmpty ? nil : ExactText($0) }
    }
}

extension String {
    /// Digits, as they are written into paths and queries; attachments have `att` before them.
    var isConfluenceID: Bool {
        let digits = hasPrefix("att") ? utf8.dropFirst(3) : utf8[...]
        return (1...20).contains(digits.count) && digits.allSatisfy { (0x30...0x39).contains($0) }
    }
}
