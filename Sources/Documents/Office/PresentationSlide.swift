/// Where a shape stands, in EMU from the top left of its slide or group.
struct SlidePlace {
    let left: Int
    let top: Int
    let width: Int
    let height: Int

    /// `transform`: an `xfrm`. Nil where it says nothing, or numbers beyond all slides.
    init?(_ transform: XMLTree?) {
        guard let offset = transform?.first("off"), let left = offset.number("x"), let top = offset.number("y") else {
            return nil
        }
        let size = transform?.first("ext")
        (self.left, self.top) = (left, top)
        (width, height) = (size?.number("cx") ?? 0, size?.number("cy") ?? 0)
        guard [left, top, width, height].allSatisfy({ abs($0.clamped) == $0.magnitude }) else { return nil }
    }

    func isOutside(width slideWidth: Int, height slideHeight: Int) -> Bool {
        left >= slideWidth || top >= slideHeight || left + width < 0 || top + height < 0
    }
}

extension Int {
    /// Coordinates are 32 bits wide (ECMA-376 part 1, 20.1.10.16).
    fileprivate var clamped: Int { Swift.max(-0x7fff_ffff, Swift.min(self, 0x7fff_ffff)) }
}

/// The places that a layout and its master give to shapes that have none of their own.
struct PlaceholderPlaces {
    private var byIndex: [String: SlidePlace] = [:]
    private var byType: [String: SlidePlace] = [:]

    init() {}

    init(layout: XMLTree?, master: XMLTree?) {
        for (tree, isLayout) in [(layout, true), (master, false)] {
            for shape in tree?.first("cSld", "spTree")?.descendants("sp") ?? [] {
                guard let mark = shape.placeholder, let place = SlidePlace(shape.first("spPr", "xfrm")) else {
                    continue
                }
                if isLayout, let index = mark["idx"], byIndex[index] == nil { byIndex[index] = place }
                let type = Self.type(mark)
                if byType[type] == nil { byType[type] = place }
            }
        }
    }

    private static func type(_ mark: XMLTree) -> String { mark["type"] ?? "obj" }

    func place(of mark: XMLTree) -> SlidePlace? {
        mark["idx"].flatMap { byIndex[$0] } ?? byType[Self.type(mark)]
    }
}

/// A shape that is to be written.
struct SlideShape {
    enum Role { case title, bullets, text, table, chart, diagram, group }

    let role: Role
    let isCentredTitle: Bool
    let element: XMLTree
    fileprivate(set) var place: SlidePlace?

    /// All its paragraphs on one line.
    var words: [UInt8] {
        (element.first("txBody")?.all("p") ?? []).map { DrawingParts.text(of: $0) }.joinedBytes(by: [0x20])
    }
}

/// Finds the shapes of one slide and writes them.
struct SlideWriting {
    let package: OfficePackage
    let relationships: [String: OfficePackage.Relationship]
    let places: PlaceholderPlaces
    let width: Int
    let height: Int
    /// Words of shapes that are not shown.
    private(set) var hidden: [UInt8] = []

    /// On every slide and not about it.
    private static let furniture: Set<String> = ["dt", "ftr", "hdr", "sldNum", "sldImg"]
    /// Shapes whose tops differ by less than this part of the slide stand beside each other.
    private static let bandsOfSlide = 24

    /// In reading order: rows from the top, in a row from the left; without a place after the shape before.
    mutating func shapes(in tree: XMLTree) -> [SlideShape] {
        let shapes = candidates(in: tree)
        let outside = shapes.filter { $0.place?.isOutside(width: width, height: height) == true }
        hidden += outside.flatMap { $0.element.drawnText }
        return ordered(shapes.filter { $0.place?.isOutside(width: width, height: height) != true })
    }

    private mutating func candidates(in tree: XMLTree) -> [SlideShape] {
        let elements = tree.elements.flatMap { $0.name == "AlternateContent" ? alternative($0) : [$0] }
        hidden += elements.filter(Self.isHidden).flatMap(\.drawnText)
        return elements.filter { !Self.isHidden($0) }.compactMap { shape($0) }
    }

    private static func isHidden(_ element: XMLTree) -> Bool {
        let properties = element.elements.first { $0.name.hasPrefix("nv") }
        return ["1", "true"].contains(properties?.first("cNvPr")?["hidden"] ?? "0")
    }

    private func alternative(_ node: XMLTree) -> [XMLTree] {
        (node.first("Choice") ?? node.first("Fallback"))?.elements ?? []
    }

    private func ordered(_ shapes: [SlideShape]) -> [SlideShape] {
        let places = shapes.map { $0.place.map { (top: Double($0.top), left: Double($0.left)) } }
        let band = Double(max(1, height / Self.bandsOfSlide))
        return SlideOrder.indices(of: places, band: band).map { shapes[$0] }
    }

    private func shape(_ element: XMLTree) -> SlideShape? {
        let mark = element.placeholder
        let type = mark?["type"]
        if let type, Self.furniture.contains(type) { return nil }
        guard let role = role(of: element, mark) else { return nil }
        let transform = element.first("spPr", "xfrm") ?? element.first("xfrm") ?? element.first("grpSpPr", "xfrm")
        return SlideShape(
            role: role, isCentredTitle: type == "ctrTitle", element: element,
            place: SlidePlace(transform) ?? mark.flatMap { places.place(of: $0) })
    }

    private func role(of element: XMLTree, _ mark: XMLTree?) -> SlideShape.Role? {
        switch element.name {
        case "sp", "cxnSp", "pic":
            guard element.first("txBody") != nil else { return nil }
            guard let mark else { return .text }
            return switch mark["type"] {
            case "title", "ctrTitle": .title
            case "body", "obj", nil: .bullets
            default: .text
            }
        case "grpSp": return .group
        case "graphicFrame": return role(ofGraphic: element.first("graphic", "graphicData"))
        default: return element.first("txBody") == nil ? nil : .text
        }
    }

    private func role(ofGraphic data: XMLTree?) -> SlideShape.Role? {
        if data?.first("tbl") != nil { return .table }
        if data?.first("chart") != nil { return .chart }
        return data?.first("relIds") != nil ? .diagram : nil
    }

    mutating func write(_ shape: SlideShape, into writer: inout DocumentWriter) {
        guard !writer.isFull else { return }
        let data = shape.element.first("graphic", "graphicData")
        switch shape.role {
        case .title: writer.paragraph([Inline(shape.words)])
        case .bullets, .text: writeText(shape, into: &writer)
        case .table: writeTable(data?.first("tbl"), into: &writer)
        case .chart: writePart(data?.first("chart")?["r:id"], into: &writer)
        case .diagram: writePart(data?.first("relIds")?["r:dm"], into: &writer)
        case .group:
            for inner in shapes(inGroup: shape.element) { write(inner, into: &writer) }
        }
    }

    /// A group has coordinates of its own.
    private mutating func shapes(inGroup group: XMLTree) -> [SlideShape] { ordered(candidates(in: group)) }

    private func writeText(_ shape: SlideShape, into writer: inout DocumentWriter) {
        for paragraph in shape.element.first("txBody")?.all("p") ?? [] {
            let properties = paragraph.first("pPr")
            let hasBullet = properties?.first("buChar") != nil || properties?.first("buAutoNum") != nil
            let isItem = hasBullet || (shape.role == .bullets && properties?.first("buNone") == nil)
            let words = [Inline(DrawingParts.text(of: paragraph))]
            if isItem { writer.listItem(words) } else { writer.paragraph(words) }
        }
    }

    private func writePart(_ id: String?, into writer: inout DocumentWriter) {
        guard let path = id.flatMap({ relationships[$0]?.path }), let part = package.treeOnce(path) else { return }
        DrawingParts.write(part, into: &writer)
    }

    private func writeTable(_ table: XMLTree?, into writer: inout DocumentWriter) {
        var grid = SpannedGrid()
        for row in table?.all("tr") ?? [] {
            grid.beginRow()
            for cell in row.all("tc") {
                let words = (cell.first("txBody")?.all("p") ?? []).map { DrawingParts.text(of: $0) }
                let isCovered = cell["hMerge"] == "1" || cell["hMerge"] == "true"
                let goesOn = cell["vMerge"] == "1" || cell["vMerge"] == "true"
                grid.add(
                    isCovered ? [] : words.joinedBytes(by: [0x20]), rows: cell.number("rowSpan") ?? 1,
                    isContinuation: goesOn && !isCovered)
            }
        }
        writer.table(grid.content, headerRows: grid.headerRows)
    }
}
