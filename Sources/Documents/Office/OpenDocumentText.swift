/// What a paragraph says, and what hangs on it: frames and notes, which are written after it.
struct OpenDocumentText {
    private(set) var text: [UInt8] = []
    /// Frames, shapes and the bodies of notes.
    private(set) var attached: [XMLTree] = []
    private let styles: OpenDocumentStyles
    /// Words of an embedded formula, by its address.
    private let formula: (String) -> [UInt8]?

    /// Shapes (OpenDocument part 3, 10.3 and 10.4).
    static let shapes: Set<String> = [
        "frame", "custom-shape", "g", "rect", "line", "polyline", "polygon", "regular-polygon", "path", "circle",
        "ellipse", "connector", "caption", "measure", "control", "scene",
    ]

    init(_ paragraph: XMLTree, _ styles: OpenDocumentStyles, formula: @escaping (String) -> [UInt8]?) {
        (self.styles, self.formula) = (styles, formula)
        let isHidden = paragraph.descendants("hidden-paragraph").contains { $0["is-hidden"] == "true" }
        if !isHidden, !styles.isHidden(paragraph["style-name"], "paragraph") { addAll(paragraph) }
    }

    private mutating func addAll(_ node: XMLTree) {
        for item in node.items {
            switch item {
            case .text(let words): text += words
            case .element(let element): add(element)
            }
        }
    }

    private mutating func add(_ node: XMLTree) {
        switch node.name {
        case "s", "tab", "line-break": text.append(0x20)
        case "span": if !styles.isHidden(node["style-name"], "text") { addAll(node) }
        case "hidden-text": if node["is-hidden"] == "false" { addAll(node) }
        case "annotation", "annotation-end", "tracked-changes", "script", "event-listeners": break
        case "note": if let body = node.first("note-body") { attached.append(body) }
        case "ruby": if let base = node.first("ruby-base") { addAll(base) }
        case "frame" where addFormula(node): break
        case let name where Self.shapes.contains(name): attached.append(node)
        default: addAll(node)
        }
    }

    private mutating func addFormula(_ frame: XMLTree) -> Bool {
        guard let address = frame.first("object")?["href"], let words = formula(address) else { return false }
        text += words
        return true
    }
}
