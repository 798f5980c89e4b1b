/// Slides of a presentation, each a page.
extension OpenDocumentBody {
    mutating func writePage(_ page: XMLTree, into session: inout ParseSession) {
        pageNumber += 1
        guard !styles.isHidden(page["style-name"], "drawing-page") else { return session.leaveOut(hidden: page.text) }
        let size = styles.size(ofMaster: page["master-page-name"])
        session.writer.beginPage(pageNumber, width: size.width, height: size.height)
        let shapes = ordered(page.elements.filter(isShown))
        let titles = shapes.filter { $0["class"] == "title" && !isBlank($0) }
        let isOpening = shapes.contains { $0["class"] == "subtitle" }
        for title in titles { session.writer.heading([Inline(flatText(of: title))], level: isOpening ? 1 : 2) }
        if titles.isEmpty, hasPageHeading, !shapes.isEmpty { session.writer.heading("Slide \(pageNumber)", level: 2) }
        hasPageHeading = hasPageHeading || !titles.isEmpty
        for shape in shapes where shape["class"] != "title" { write(shape, into: &session) }
        for notes in page.all("notes") {
            for shape in notes.elements where shape["class"] == "notes" { write(shape, into: &session) }
        }
        session.writer.endPage()
    }

    private func isShown(_ shape: XMLTree) -> Bool {
        let furniture: Set<String> = ["header", "footer", "date-time", "page-number", "page"]
        return OpenDocumentText.shapes.contains(shape.name) && shape["placeholder"] != "true"
            && !furniture.contains(shape["class"] ?? "")
    }

    private func ordered(_ shapes: [XMLTree]) -> [XMLTree] {
        let places = shapes.map { shape -> (top: Double, left: Double)? in
            guard let top = OpenDocumentLength.points(shape["y"]), let left = OpenDocumentLength.points(shape["x"])
            else { return nil }
            return (top, left)
        }
        return SlideOrder.indices(of: places, band: 20).map { shapes[$0] }
    }
}
