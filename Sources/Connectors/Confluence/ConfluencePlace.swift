import Kit

/// Where the reading of a site goes on. Pure.
///
/// A *listing* names everything; a *follow-up* names what the search finds as modified. Restrictions, moves, trashing
/// and deletions modify no page, so listings come again after `fullEvery`.
struct ConfluencePlace: Equatable, Sendable {
    enum Mode: String { case listing, followUp, between }

    var mode: Mode
    /// Of the sections of this run.
    var section = 0
    /// Within the section; empty at its beginning.
    var mark = ""
    /// Items of this run so far.
    var count = 0
    /// When this run began.
    var begun: Timestamp
    /// When the run before began; what happened since is asked for.
    var since: Timestamp
    /// When the last listing began.
    var listed: Timestamp

    /// The search's index lags, and both clocks may be off by as much.
    static let overlapMinutes = 10

    init(
        _ cursor: SourceCursor?, _ form: CursorForm, fullEvery: Duration, now: Timestamp
    ) throws(SourceFailure) {
        (mode, begun, since, listed) = (.listing, now, now, now)
        guard let cursor else { return }
        let fields = try form.fields(of: cursor, count: 7)
        guard let kept = Mode(rawValue: fields[0].text) else { throw .cursorExpired }
        let times = [try fields[4].number(), try fields[5].number(), try fields[6].number()]
            .map { Timestamp(microseconds: Int64($0)) }
        guard kept == .between else {
            (mode, section, mark, count) = (kept, try fields[1].number(), fields[2].text, try fields[3].number())
            (begun, since, listed) = (times[0], times[1], times[2])
            return
        }
        (since, listed) = (times[1], times[2])
        let age = now - listed
        mode = age >= .zero && age < fullEvery ? .followUp : .listing
        if mode == .listing { listed = now }
    }

    /// Nothing of this run has been read yet.
    var isBeginning: Bool { section == 0 && mark.isEmpty }

    func cursor(_ form: CursorForm) throws(SourceFailure) -> SourceCursor {
        try form.cursor(
            [ExactText(mode.rawValue), ExactText(section), ExactText(mark), ExactText(count)]
                + [begun, since, listed].map { ExactText(Int(clamping: max(0, $0.microseconds))) })
    }

    /// After a page that ended with `next`, of a run of `sections`.
    func after(next: String, items: Int, sections: Int) throws(SourceFailure) -> ConfluencePlace {
        guard next.isEmpty || next != mark else { throw .misbehaved("A list of Confluence goes in a circle.") }
        var place = self
        (place.mark, place.count) = (next, count + items)
        if next.isEmpty { place.section += 1 }
        if place.section >= sections {
            (place.mode, place.section, place.count, place.since) = (.between, 0, 0, begun)
        }
        return place
    }

    /// `now("-15m")` of CQL: a span, because a date in a query is read in the time zone of the account.
    var span: String {
        let minutes = (max(0, (begun - since).components.seconds) + 59) / 60 + Int64(Self.overlapMinutes)
        return "now(\"-\(minutes)m\")"
    }
}

/// A list that a run reads to its end. All give `ConfluenceContent`.
struct ConfluenceSection: Equatable, Sendable {
    var path: [String]
    var query: [String: String]

    /// In the order in which they are read.
    ///
    /// The cloud lists content with its restrictions by search only (v2 has no expansions, v1's list is gone). Data
    /// Center's pages come from its database by `scan` (7.18 and later) and blog posts by the plain list, because an
    /// administrator may rebuild the index while we read. Attachments and comments come from the search there, too:
    /// while it is rebuilt they may vanish, and come back.
    static func all(_ settings: ConfluenceSettings, _ place: ConfluencePlace) -> [ConfluenceSection] {
        let isServer = settings.edition == .datacenter && place.mode == .listing
        let scopes: [String?] = settings.spaces.isEmpty ? [nil] : settings.spaces
        let lists = scopes.flatMap { [listed("page", ["scan"], $0), listed("blogpost", [], $0)] }
        let types = isServer ? extras(settings) : ["page", "blogpost"] + extras(settings)
        let span = place.mode == .followUp ? "lastmodified >= \(place.span)" : nil
        let searches = terms(settings.spaces).map { space in
            let type = "type in (\(types.joined(separator: ", ")))"
            return search([span, type, space].compactMap { $0 }.joined(separator: " and "), settings)
        }
        return (isServer ? lists : []) + (types.isEmpty ? [] : searches)
    }

    /// As many keys in one query as an address surely holds, every byte of them encoded.
    private static let keysBytesMax = 1200

    private static func terms(_ spaces: [String]) -> [String?] {
        var groups: [[String]] = []
        var size = 0
        for key in spaces {
            if groups.isEmpty || size + key.utf8.count > keysBytesMax { (groups, size) = (groups + [[]], 0) }
            groups[groups.count - 1].append(key)
            size += key.utf8.count + 4
        }
        guard !groups.isEmpty else { return [nil] }
        return groups.map { "space in (\($0.map { "\"\($0)\"" }.joined(separator: ", ")))" }
    }

    private static func extras(_ settings: ConfluenceSettings) -> [String] {
        (settings.readsAttachments ? ["attachment"] : []) + (settings.readsComments ? ["comment"] : [])
    }

    private static func listed(_ type: String, _ path: [String], _ space: String?) -> ConfluenceSection {
        var query = ["type": type, "status": "current"]
        query["spaceKey"] = space
        return ConfluenceSection(path: ["rest", "api", "content"] + path, query: query)
    }

    static func search(_ cql: String, _ settings: ConfluenceSettings) -> ConfluenceSection {
        var query = ["cql": cql]
        if settings.includesArchived {
            query["cqlcontext"] = #"{"contentStatuses":["current","archived"]}"#
            query["includeArchivedSpaces"] = "true"
        }
        return ConfluenceSection(path: ["rest", "api", "content", "search"], query: query)
    }

    func items(limit: Int, expand: String) -> ConfluenceAPI.Query {
        var query = query
        (query["limit"], query["expand"]) = ("\(limit)", expand)
        return query.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
    }
}
