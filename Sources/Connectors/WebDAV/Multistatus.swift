import Kit

/// The answer to PROPFIND (RFC 4918 section 13): what each address is.
struct Multistatus: Equatable, Sendable {
    struct Part: Equatable, Sendable {
        var href = ""
        /// Of the whole part; nil where each property has its own.
        var status: Int?
        var isCollection = false
        var tag = ""
        var size = ""
        var modified = ""
        var mediaType = ""
    }

    private(set) var parts: [Part] = []
    /// Of one `propstat`, until its status says whether they count.
    private var found = Part()
    private var foundStatus: Int?

    /// What is asked for; servers send dead properties and locks with `allprop`.
    static let request = Array(
        """
        <?xml version="1.0" encoding="utf-8"?><propfind xmlns="DAV:"><prop><resourcetype/><getetag/>\
        <getcontentlength/><getlastmodified/><getcontenttype/></prop></propfind>
        """.utf8)

    /// Throws `.misbehaved` for anything else.
    init(_ bytes: [UInt8], partsMax: Int) throws(SourceFailure) {
        let isMultistatus: Bool
        do throws(XMLPullReader.Fault) { isMultistatus = try read(bytes, partsMax) } catch {
            throw .misbehaved("The server's list of a collection is not the XML that it should be.")
        }
        guard isMultistatus else { throw .misbehaved("The answer is not a list of WebDAV. Check the address.") }
        guard parts.count <= partsMax else { throw .limit(.entriesInFolder(partsMax)) }
    }

    /// False when the root is another element.
    private mutating func read(_ bytes: [UInt8], _ partsMax: Int) throws(XMLPullReader.Fault) -> Bool {
        var reader = XMLPullReader(bytes)
        var path: [String] = []
        var text = ""
        while let event = try reader.next() {
            switch event {
            case .start(let name):
                path.append(name)
                text = ""
                guard path[0] == "multistatus" else { return false }
                begin(path)
                guard parts.count <= partsMax else { return true }
            case .text(let part): if path.count > 2, text.utf8.count < XMLPullReader.textBytesMax { text += part }
            case .end:
                end(path, text)
                path.removeLast()
                text = ""
            }
        }
        return true
    }

    private mutating func begin(_ path: [String]) {
        if path.count == 2, path[1] == "response" { parts.append(Part()) }
        if path.count == 3, path[2] == "propstat" { (found, foundStatus) = (Part(), nil) }
        if path.count == 6, path[4] == "resourcetype", path[5] == "collection" { found.isCollection = true }
    }

    private mutating func end(_ path: [String], _ text: String) {
        guard path.count > 2, path[1] == "response" else { return }
        switch path[2...] {
        case ["href"]: parts[parts.count - 1].href = text
        case ["status"]: parts[parts.count - 1].status = Self.status(text)
        case ["propstat", "status"]: foundStatus = Self.status(text)
        case ["propstat"]: if let foundStatus, (200...299).contains(foundStatus) { keep() }
        case ["propstat", "prop", "getetag"]: found.tag = text
        case ["propstat", "prop", "getcontentlength"]: found.size = text
        case ["propstat", "prop", "getlastmodified"]: found.modified = text
        case ["propstat", "prop", "getcontenttype"]: found.mediaType = text
        default: break
        }
    }

    private mutating func keep() {
        var part = parts[parts.count - 1]
        part.isCollection = part.isCollection || found.isCollection
        if !found.tag.isEmpty { part.tag = found.tag }
        if !found.size.isEmpty { part.size = found.size }
        if !found.modified.isEmpty { part.modified = found.modified }
        if !found.mediaType.isEmpty { part.mediaType = found.mediaType }
        parts[parts.count - 1] = part
    }

    /// `HTTP/1.1 404 Not Found`. What is no status line is a failure.
    private static func status(_ line: String) -> Int {
        let words = line.split(whereSeparator: \.isWhitespace)
        return words.count > 1 && words[0].hasPrefix("HTTP/") ? Int(words[1]) ?? 500 : 500
    }
}
