import Documents
import HTTPKit
import HTTPTypes
import Kit

/// Pages of a version over HTTP: which there are, where their words stand, what they look like.
struct PageRoutes: Sendable {
    static let usualWidth = 1200

    let library: DocumentLibrary

    var routes: [Route] {
        let pages = "/api/v1/documents/{document}/versions/{version}/pages"
        return [
            Route(
                .get, pages, .requires(.documentsRead), "The pages of a version, and whether they can be shown.",
                gives: .of(PagesBody.self), handler: list),
            Route(
                .get, pages + "/{page}", .requires(.documentsRead),
                "Where the words of ?start= to ?end= stand on a page.", gives: .of(PageWordsBody.self), handler: page),
            Route(
                .get, pages + "/{page}/image", .requires(.documentsRead),
                "A picture of a page, ?width= pixels wide.", gives: .bytes(contentType: "image/png"), handler: image),
        ]
    }

    private func list(_ exchange: Exchange) async throws -> Reply {
        let pages = try await library.pages(
            of: exchange.identifier("document"), version: exchange.identifier("version"), for: exchange.principal())
        return try .json(PagesBody(pages))
    }

    private func page(_ exchange: Exchange) async throws -> Reply {
        let found = try await library.page(
            number(exchange), of: exchange.identifier("document"), version: exchange.identifier("version"),
            touching: range(exchange), for: exchange.principal())
        return try .json(PageWordsBody(found))
    }

    private func image(_ exchange: Exchange) async throws -> Reply {
        let width = try whole("width", exchange, in: PictureSize.widths)
        let bytes = try await library.image(
            ofPage: number(exchange), of: exchange.identifier("document"), version: exchange.identifier("version"),
            width: width ?? Self.usualWidth, for: exchange.principal())
        return Reply(
            headers: [.contentType: "image/png", .contentDisposition: "inline", .contentSecurityPolicy: "sandbox"],
            body: .bytes(bytes))
    }

    private func number(_ exchange: Exchange) throws -> Int {
        guard let text = exchange.parameters["page"], let number = Int(text), String(number) == text else {
            throw LibraryFailure.notFound
        }
        return number
    }

    private func range(_ exchange: Exchange) throws -> Range<Int>? {
        let places = 0...(1 << 40)
        let start = try whole("start", exchange, in: places)
        let end = try whole("end", exchange, in: places)
        if start == nil, end == nil { return nil }
        guard let start, let end, start < end else {
            throw Problem.invalid("end", "Send ?start= and ?end=, bytes of the text, the end after the start.")
        }
        return start..<end
    }

    private func whole(_ name: String, _ exchange: Exchange, in allowed: ClosedRange<Int>) throws -> Int? {
        guard let text = exchange.query[name] else { return nil }
        guard let value = Int(text), allowed.contains(value) else {
            throw Problem.invalid(name, "A whole number, \(allowed.lowerBound) to \(allowed.upperBound).")
        }
        return value
    }
}

struct PagesBody: Codable, Sendable {
    let document: DocumentID
    let version: VersionID
    let title: String
    /// Empty for a file without pages.
    let items: [PageBody]
    /// Whether pictures of them can be had.
    let images: Bool

    init(_ pages: VersionPages) {
        document = pages.text.document.id
        version = pages.text.version
        title = pages.text.document.title ?? pages.text.document.path
        items = pages.pages.map(PageBody.init)
        images = pages.haveImages
    }
}

/// Width and height are points of 1/72 inch; start and end are UTF-8 bytes of the text.
struct PageBody: Codable, Sendable {
    let number: Int
    let width: Int
    let height: Int
    let start: Int
    let end: Int

    init(_ page: DocumentLayout.Page) {
        (number, width, height) = (page.number, page.width, page.height)
        (start, end) = (page.range.lowerBound, page.range.upperBound)
    }
}

struct PageWordsBody: Codable, Sendable {
    let page: PageBody
    let words: [WordBody]

    init(_ found: PageWords) {
        page = PageBody(found.page)
        words = found.words.map(WordBody.init)
    }
}

/// Edges are tenths of a point from the top left of the page; start and end are UTF-8 bytes of the text.
struct WordBody: Codable, Sendable {
    let start: Int
    let end: Int
    let left: Int
    let top: Int
    let right: Int
    let bottom: Int

    init(_ word: DocumentLayout.Word) {
        (start, end) = (Int(word.start), Int(word.end))
        (left, top) = (Int(word.box.left), Int(word.box.top))
        (right, bottom) = (Int(word.box.right), Int(word.box.bottom))
    }
}
