/// The JSON of Confluence, as far as it is read: REST API v1 of both editions, and v2 of the cloud where v1 is gone.

/// A page of a list. Of the link to the next one only the mark is taken, and put into our own request again: so no
/// answer leads to another host, path or expansion.
struct ConfluenceList<Value: Decodable & Sendable>: Decodable, Sendable {
    let results: [Lossy<Value>]
    let totalSize: Int?
    let totalCount: Int?
    let links: ConfluenceLinks?

    var values: [Value] { results.compactMap(\.value) }

    private enum CodingKeys: String, CodingKey {
        case results, totalSize, totalCount
        case links = "_links"
    }

    /// `cursor=...` or `start=...`; empty at the end. Throws `.misbehaved` for a link without either.
    func next() throws(SourceFailure) -> String {
        guard let link = links?.next else { return "" }
        let query = link.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
        for name in ["cursor=", "start="] {
            if let item = query.split(separator: "&").first(where: { $0.hasPrefix(name) }) { return String(item) }
        }
        throw .misbehaved("Confluence's link to the rest of a list says not where to go on.")
    }
}

struct ConfluenceLinks: Decodable, Sendable {
    let next: String?
    let webui: String?
    let download: String?
}

/// A page, a blog post, an attachment or a comment (`Content` of v1).
struct ConfluenceContent: Decodable, Sendable {
    struct Version: Decodable, Sendable {
        let number: Int
        let when: String?
    }

    struct Ancestor: Decodable, Sendable {
        let id: JSONText
        let type: String?
        let title: String?
    }

    struct Container: Decodable, Sendable {
        let id: JSONText?
        let type: String?
        let title: String?
    }

    struct Body: Decodable, Sendable {
        struct Storage: Decodable, Sendable { let value: String }
        let storage: Storage?
    }

    struct Extensions: Decodable, Sendable {
        let mediaType: String?
        let fileSize: Int?
    }

    let id: JSONText
    let type: String
    let status: String
    let title: String
    let space: ConfluenceSpace?
    let version: Version
    var ancestors: [Ancestor]?
    var container: Container?
    let restrictions: ConfluenceRestrictions?
    let body: Body?
    let extensions: Extensions?
    let links: ConfluenceLinks?

    private enum CodingKeys: String, CodingKey {
        case id, type, status, title, space, version, ancestors, container, restrictions, body, extensions
        case links = "_links"
    }
}

struct ConfluenceSpace: Decodable, Sendable {
    let id: JSONText?
    let key: String
    let status: String?
}

/// `restrictions` of content; only reading matters.
struct ConfluenceRestrictions: Decodable, Sendable {
    let read: ConfluenceRestriction?
}

struct ConfluenceRestriction: Decodable, Sendable {
    struct Subjects: Decodable, Sendable {
        let user: Members<ConfluenceUser>?
        let group: Members<ConfluenceGroup>?
    }

    /// Part of a list of those who may, as long as the vendor's page is.
    struct Members<Value: Decodable & Sendable>: Decodable, Sendable {
        let results: [Lossy<Value>]
        let size: Int?
        let limit: Int?
        let totalSize: Int?

        var values: [Value] { results.compactMap(\.value) }

        /// False also when it may go on: a list as long as its page.
        var isWhole: Bool {
            let count = results.count
            return count < limit ?? .max && count == size ?? count && totalSize ?? 0 <= count
        }
    }

    let restrictions: Subjects?
}

struct ConfluenceUser: Decodable, Sendable {
    let accountId: String?
    let userKey: String?
    /// Data Center.
    let username: String?
    let email: String?
    /// `active`, `inactive`, `closed`: cloud.
    let accountStatus: String?
    /// `current`, `deactivated`: Data Center, expanded.
    let status: String?
}

struct ConfluenceGroup: Decodable, Sendable {
    let id: String?
    let name: String
}

/// Of v2: where a page lies, whatever it lies in.
struct ConfluenceParent: Decodable, Sendable {
    let id: JSONText
    let title: String?
    let parentId: JSONText?
    /// `page`, `folder`, `whiteboard`, `database`, `embed`.
    let parentType: String?
}

/// Of v2.
struct ConfluenceAttachment: Decodable, Sendable {
    let status: String
    let version: ConfluenceContent.Version
    let pageId: JSONText?
    let blogPostId: JSONText?
}

/// Of v2.
struct ConfluenceGrant: Decodable, Sendable {
    struct Principal: Decodable, Sendable {
        let type: String
        let id: String
    }

    struct Operation: Decodable, Sendable {
        let key: String
        let targetType: String
    }

    let principal: Principal?
    let operation: Operation
    /// In place of a principal, as v1 documents it.
    let anonymousAccess: Bool?
}

/// Of Data Center: permissions of a space, and of the site. Those of guests come in lists of their own, without a
/// subject.
struct ConfluencePermission: Decodable, Sendable {
    struct Subject: Decodable, Sendable {
        let type: String?
        let userKey: String?
        let name: String?
    }

    struct Operation: Decodable, Sendable {
        let operationKey: String
        let targetType: String
    }

    let operation: Operation
    let subject: Subject?
}

struct ConfluenceCheck: Decodable, Sendable {
    let hasPermission: Bool
}
