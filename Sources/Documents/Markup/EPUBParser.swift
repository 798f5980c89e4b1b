/// Books (EPUB 2 and 3): the chapters of the spine in their order, each read as a page.
///
/// The table of contents is left out, since the chapters bring their headings. A chapter that is missing or cannot be
/// read becomes a note.
enum EPUBParser: FormatParser {
    static let version = "epub/1"

    static func parse(_ source: SourceFile, into session: inout ParseSession) throws(ParseFailure) {
        let frame = try ZipPackage.members(of: source.bytes, for: &session) {
            $0 == "META-INF/container.xml" || $0 == "META-INF/encryption.xml" || $0.hasSuffix(".opf")
        }
        guard let container = frame["META-INF/container.xml"], let path = try packagePath(in: container) else {
            throw .damaged
        }
        var package = frame[path]
        if package == nil { package = try ZipPackage.members(of: source.bytes, for: &session) { $0 == path }[path] }
        guard let package else { throw .damaged }
        let book = try EPUBPackage(package, at: path)
        if let encryption = frame["META-INF/encryption.xml"] {
            let locked = try EPUBPackage.encryptedPaths(encryption)
            guard book.chapters.allSatisfy({ !locked.contains($0.path) }) else { throw .encrypted }
        }
        session.title = session.title ?? book.title
        try write(book, of: source, into: &session)
    }

    private static func write(
        _ book: EPUBPackage, of source: SourceFile, into session: inout ParseSession
    ) throws(ParseFailure) {
        guard book.chapters.count <= session.limits.partsMax else { throw .tooManyParts }
        let wanted = Set(book.chapters.map(\.path))
        let members = try ZipPackage.members(of: source.bytes, for: &session) { wanted.contains($0) }
        for chapter in book.chapters where !session.writer.isFull {
            guard let bytes = members[chapter.path] else {
                session.note(.partUnreadable)
                continue
            }
            try write(bytes, chapter, into: &session)
        }
        if book.chapters.isEmpty { session.note(.partUnreadable) }
    }

    private static func write(
        _ bytes: [UInt8], _ chapter: EPUBPackage.Chapter, into session: inout ParseSession
    ) throws(ParseFailure) {
        guard chapter.isPage else { return session.note(.partSkipped) }
        do {
            let charset = HTMLParser.declaredCharset(of: bytes)
            let text = try TextDecoding.decode(bytes, charset: charset).text
            try HTMLParser.write(text, into: &session, keepsBoilerplate: true)
        } catch {
            guard error.isAboutThePart else { throw error }
            session.note(.partUnreadable)
        }
    }

    /// The first root file of the container (EPUB OCF 3.3, section 4.2.6.3.1).
    private static func packagePath(in container: [UInt8]) throws(ParseFailure) -> String? {
        var reader = try XMLReader(container, isLenient: true)
        while let event = try reader.next() {
            if case .start(let element) = event, element.name == "rootfile", let path = element["full-path"] {
                return EPUBPackage.resolved(path, from: "")
            }
        }
        return nil
    }
}
