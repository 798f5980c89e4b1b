/// PowerPoint presentations (PPTX; ECMA-376 part 1, PresentationML). Each slide is a page: title, shapes from the top
/// left on, then the speaker's notes. Comments, and with a note hidden slides, hidden shapes and what stands outside a
/// slide, are left out.
enum PresentationParser: FormatParser {
    static let version = "presentation/1"

    static func parse(_ source: SourceFile, into session: inout ParseSession) throws(ParseFailure) {
        let unwanted = ["media/", "theme/", "embeddings/", "comments", "tags/", "fonts/", "handoutmasters/"]
        let package = try OfficePackage(source.bytes, folder: "ppt/", unwanted: unwanted, for: &session)
        let main = package.mainPart(or: "ppt/presentation.xml")
        guard let bytes = package[main], let presentation = try XMLTree.document(bytes) else { throw .damaged }
        session.title = session.title ?? package.title
        let size = presentation.first("sldSz")
        var deck = PresentationDeck(
            package: package, width: size?.number("cx") ?? 9_144_000, height: size?.number("cy") ?? 6_858_000)
        let parts = package.relationships(of: main)
        for (index, slide) in (presentation.first("sldIdLst")?.all("sldId") ?? []).enumerated() {
            guard !session.writer.isFull else { return }
            guard let path = slide["r:id"].flatMap({ parts[$0]?.path }) else { continue }
            deck.write(path, number: index + 1, into: &session)
        }
    }
}

/// What all slides of one presentation share.
private struct PresentationDeck {
    let package: OfficePackage
    /// In EMU, of which 12,700 make a point.
    let width: Int
    let height: Int
    /// Places of the placeholders of a layout and its master, by the layout's path.
    private var layouts: [String: PlaceholderPlaces] = [:]
    private var hasHeading = false

    init(package: OfficePackage, width: Int, height: Int) {
        (self.package, self.width, self.height) = (package, width, height)
    }

    /// A slide that cannot be read does not keep the others from being read.
    mutating func write(_ path: String, number: Int, into session: inout ParseSession) {
        guard let slide = package.treeOnce(path) else { return session.note(.partUnreadable) }
        guard let shapes = slide.first("cSld", "spTree") else { return }
        if ["0", "false"].contains(slide["show"] ?? "1") { return session.leaveOut(hidden: shapes.drawnText) }
        let relationships = package.relationships(of: path)
        let layout = relationships.values.first { $0.type == "slideLayout" }?.path
        session.writer.beginPage(number, width: Double(width) / 12_700, height: Double(height) / 12_700)
        var writing = SlideWriting(
            package: package, relationships: relationships, places: places(of: layout), width: width, height: height)
        let found = writing.shapes(in: shapes)
        writeTitle(of: found, number: number, into: &session.writer)
        for shape in found where shape.role != .title { writing.write(shape, into: &session.writer) }
        session.leaveOut(hidden: writing.hidden)
        writeNotes(relationships, into: &session.writer)
        session.writer.endPage()
    }

    /// A slide without a title must not seem to belong to the one before.
    private mutating func writeTitle(of shapes: [SlideShape], number: Int, into writer: inout DocumentWriter) {
        let titles = shapes.filter { $0.role == .title && !$0.words.allSatisfy { $0 <= 0x20 } }
        for shape in titles { writer.heading([Inline(shape.words)], level: shape.isCentredTitle ? 1 : 2) }
        if titles.isEmpty, hasHeading, !shapes.isEmpty { writer.heading("Slide \(number)", level: 2) }
        hasHeading = hasHeading || !titles.isEmpty
    }

    private mutating func places(of layout: String?) -> PlaceholderPlaces {
        guard let layout else { return PlaceholderPlaces() }
        if let known = layouts[layout] { return known }
        let master = package.relationships(of: layout).values.first { $0.type == "slideMaster" }?.path
        let places = PlaceholderPlaces(layout: package.optionalTree(layout), master: package.optionalTree(master))
        layouts[layout] = places
        return places
    }

    private func writeNotes(
        _ relationships: [String: OfficePackage.Relationship], into writer: inout DocumentWriter
    ) {
        let path = relationships.values.first { $0.type == "notesSlide" }?.path
        guard let shapes = package.treeOnce(path)?.first("cSld", "spTree") else { return }
        for shape in shapes.descendants("sp") where shape.placeholder?["type"] == "body" {
            for paragraph in shape.first("txBody")?.all("p") ?? [] {
                writer.paragraph([Inline(DrawingParts.text(of: paragraph))])
            }
        }
    }
}

extension XMLTree {
    /// All words in it, apart by spaces.
    var drawnText: [UInt8] { descendants("p").map { DrawingParts.text(of: $0) }.joinedBytes(by: [0x20]) }

    /// The mark of a shape that fills a place of its slide's layout.
    var placeholder: XMLTree? {
        elements.first { $0.name.hasPrefix("nv") }?.first("nvPr", "ph")
    }
}
