import HTTPTypes
import Kit
import Outbound

/// `RestSettings`, checked and read: the pointers and addresses in the form in which they are used.
struct RestMapping: Sendable {
    enum Content: Sendable {
        case text(JSONPointer, mediaType: String)
        case address(JSONPointer)
        case template(RestTemplate)
    }

    let list: OutboundURL
    let items: JSONPointer
    let id: JSONPointer
    let title: JSONPointer?
    let path: JSONPointer?
    let version: JSONPointer?
    let modified: JSONPointer?
    let users: JSONPointer?
    let groups: JSONPointer?
    let statesReaders: Bool
    let usersAreEmails: Bool
    /// Of the address or cursor of the next page.
    let next: JSONPointer?
    let content: Content
    let item: RestTemplate?
    let origins: Set<OutboundOrigin>
    let header: HTTPField.Name

    /// Throws `.misconfigured` with the name of the setting.
    init(_ settings: RestSettings) throws(SourceFailure) {
        list = try Self.address(settings.list, "list")
        items = try Self.pointer(settings.items, "items")
        id = try Self.pointer(settings.id, "id")
        title = try Self.optional(settings.title, "title")
        path = try Self.optional(settings.path, "path")
        version = try Self.optional(settings.version, "version")
        modified = try Self.optional(settings.modified, "modified")
        item = try settings.item.map { text throws(SourceFailure) in try RestTemplate(text, "item") }
        content = try Self.content(settings.content)
        next = try Self.next(settings.paging)
        switch settings.readers {
        case nil, .items(nil, nil, _):
            throw .misconfigured("Say who may read: set users or groups, or set readers to collection.")
        case .collection: (users, groups, statesReaders, usersAreEmails) = (nil, nil, false, false)
        case .items(let users, let groups, let areEmails):
            self.users = try Self.optional(users, "users")
            self.groups = try Self.optional(groups, "groups")
            (statesReaders, usersAreEmails) = (true, areEmails)
        }
        origins = try Self.origins(settings, list)
        guard let header = HTTPField.Name(settings.header), !header.rawName.hasPrefix(":") else {
            throw .misconfigured("The setting header is the name of a header, such as Authorization.")
        }
        self.header = header
        guard settings.secret.map({ Self.isFieldValue($0.reveal()) }) ?? true else {
            throw .misconfigured("The setting secret is one line of printable characters.")
        }
        for template in [item, contentTemplate] {
            guard template.map({ origins.contains($0.origin) }) ?? true else {
                throw .misconfigured("An address leads to another host than the list. Name that host under origins.")
            }
        }
        try settings.limits.validate()
    }

    private var contentTemplate: RestTemplate? {
        if case .template(let template) = content { template } else { nil }
    }

    private static func pointer(_ text: String, _ name: String) throws(SourceFailure) -> JSONPointer {
        guard let pointer = JSONPointer(text) else {
            throw .misconfigured("The setting \(name) is a JSON pointer such as /data/items.")
        }
        return pointer
    }

    private static func optional(_ text: String?, _ name: String) throws(SourceFailure) -> JSONPointer? {
        try text.map { text throws(SourceFailure) in try pointer(text, name) }
    }

    private static func content(_ content: RestSettings.Content) throws(SourceFailure) -> Content {
        switch content {
        case .text(let pointer, let type): .text(try Self.pointer(pointer, "text"), mediaType: type)
        case .address(let pointer): .address(try Self.pointer(pointer, "content_address"))
        case .template(let text): .template(try RestTemplate(text, "content"))
        }
    }

    private static func next(_ paging: RestSettings.Paging) throws(SourceFailure) -> JSONPointer? {
        switch paging {
        case .none: return nil
        case .address(let pointer): return try Self.pointer(pointer, "next")
        case .cursor(let pointer, let parameter):
            try check(parameter, "next_parameter")
            return try Self.pointer(pointer, "next")
        case .number(let parameter, _):
            try check(parameter, "page_parameter")
            return nil
        }
    }

    private static func check(_ parameter: String, _ name: String) throws(SourceFailure) {
        guard (1...128).contains(parameter.utf8.count) else {
            throw .misconfigured("The setting \(name) is the name of a parameter.")
        }
    }

    private static func origins(
        _ settings: RestSettings, _ list: OutboundURL
    ) throws(SourceFailure) -> Set<OutboundOrigin> {
        guard settings.origins.count <= RestSettings.originsMax else {
            throw .misconfigured("The setting origins has at most \(RestSettings.originsMax) entries.")
        }
        var origins: Set<OutboundOrigin> = [list.origin]
        for text in settings.origins { origins.insert(try address(text, "origins").origin) }
        return origins
    }

    static func address(_ text: String, _ name: String) throws(SourceFailure) -> OutboundURL {
        do throws(URLFault) { return try OutboundURL(text) } catch {
            throw .misconfigured("The setting \(name) is an address. \(error.sentence)")
        }
    }

    private static func isFieldValue(_ text: String) -> Bool {
        (1...8192).contains(text.utf8.count) && text.utf8.allSatisfy { (0x20...0x7e).contains($0) }
    }
}

/// An address with a place for an identifier: `https://host/files/{id}?raw=1`.
struct RestTemplate: Sendable {
    let origin: OutboundOrigin
    private let text: String

    private static let mark = "{id}"

    /// Throws `.misconfigured` unless the identifier stands in path or query.
    init(_ text: String, _ name: String) throws(SourceFailure) {
        guard text.contains(Self.mark) else {
            throw .misconfigured("The setting \(name) is an address with {id} in it.")
        }
        let one = try RestMapping.address(text.replacing(Self.mark, with: "1"), name)
        let other = try RestMapping.address(text.replacing(Self.mark, with: "2"), name)
        guard one.origin == other.origin, one != other else {
            throw .misconfigured("In the setting \(name), {id} stands in the path or the query.")
        }
        origin = one.origin
        self.text = text
    }

    /// The identifier is one segment, whatever is in it. Nil for those that would be removed as dot segments.
    func address(of id: ExactText) -> OutboundURL? {
        let encoded = S3Text.encoded(id.text).replacing("/", with: "%2F")
        guard !id.text.isEmpty, ![".", ".."].contains(id.text) else { return nil }
        guard let url = try? OutboundURL(text.replacing(Self.mark, with: encoded)), url.origin == origin else {
            return nil
        }
        return url
    }
}
