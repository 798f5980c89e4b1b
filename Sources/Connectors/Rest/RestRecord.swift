import Crypto
import Kit
import Outbound

/// One element of the list, as the mapping reads it.
struct RestRecord: Sendable {
    enum Content: Sendable {
        case text(String, mediaType: String)
        case address(OutboundURL)
        /// The pointer or setting that gives nothing usable.
        case missing(String)
    }

    let id: ExactText
    let title: String?
    let path: String
    let tag: ExactText
    let modified: Timestamp?
    let permissions: SourcePermissions
    let content: Content

    /// Nil when there is no identifier.
    init?(_ value: JSONValue, _ mapping: RestMapping, at list: OutboundURL) {
        guard let text = mapping.id.value(in: value)?.plainText else { return nil }
        let modified = mapping.modified.flatMap { $0.value(in: value)?.plainText }
        id = ExactText(text)
        title = mapping.title.flatMap { $0.value(in: value)?.plainText }
        path = mapping.path.flatMap { $0.value(in: value)?.plainText } ?? title ?? text
        tag = Self.tag(value, mapping, modified)
        self.modified = modified.flatMap(SourceDate.stamp)
        permissions = Self.permissions(value, mapping)
        content = Self.content(value, mapping, id, at: list)
    }

    private static func tag(_ value: JSONValue, _ mapping: RestMapping, _ modified: String?) -> ExactText {
        let said = mapping.version.flatMap { $0.value(in: value)?.plainText }
        if let said, said.utf8.count <= 512 { return ExactText("v:" + said) }
        if mapping.version == nil, let modified, modified.utf8.count <= 64 { return ExactText("m:" + modified) }
        var form = CanonicalBytes(domain: "cloister.source.rest.item")
        value.append(to: &form)
        return ExactText("h:" + Hex.encode(SHA256.hash(data: form.bytes)))
    }

    private static func permissions(_ value: JSONValue, _ mapping: RestMapping) -> SourcePermissions {
        guard mapping.statesReaders else { return SourcePermissions([SourceConstraint(allow: [.everyone])]) }
        var allow: Set<SourcePrincipal> = []
        if let pointer = mapping.users {
            guard let names = pointer.value(in: value)?.names else { return .unknown }
            allow.formUnion(names.map { .user(ExactText($0)) })
        }
        if let pointer = mapping.groups {
            guard let names = pointer.value(in: value)?.names else { return .unknown }
            allow.formUnion(names.map { .group(ExactText($0)) })
        }
        return SourcePermissions([SourceConstraint(allow: allow)])
    }

    private static func content(
        _ value: JSONValue, _ mapping: RestMapping, _ id: ExactText, at list: OutboundURL
    ) -> Content {
        switch mapping.content {
        case .text(let pointer, let type):
            guard case .string(let text) = pointer.value(in: value) else { return .missing(pointer.text) }
            return .text(text, mediaType: type)
        case .address(let pointer):
            guard case .string(let link) = pointer.value(in: value), let url = try? list.resolve(link: link) else {
                return .missing(pointer.text)
            }
            return .address(url)
        case .template(let template):
            return template.address(of: id).map { .address($0) } ?? .missing("{id}")
        }
    }
}

extension JSONValue {
    static let namesMax = 10_000

    /// A list of names, or one name; nil for anything else, so that what is not understood opens nothing.
    fileprivate var names: [String]? {
        switch self {
        case .string(let name): return name.isEmpty ? nil : [name]
        case .array(let elements) where elements.count <= Self.namesMax:
            let names = elements.compactMap(\.plainText)
            return names.count == elements.count ? names : nil
        default: return nil
        }
    }

    /// The same for the same value, whatever the order of its members.
    fileprivate func append(to form: inout CanonicalBytes) {
        switch self {
        case .null: form.append("null")
        case .boolean(let truth): form.append("\(truth)")
        case .number(let digits): form.append("#" + digits)
        case .string(let text): form.append("\"" + text)
        case .array(let elements):
            form.append("[\(elements.count)")
            for element in elements { element.append(to: &form) }
        case .object(let members):
            form.append("{\(members.count)")
            for (name, member) in members.sorted(by: { ExactText($0.key) < ExactText($1.key) }) {
                form.append(name)
                member.append(to: &form)
            }
        }
    }
}
