/// What a paragraph says, and what hangs on it: frames and notes, which are written after it.
struct OpenDocumentText {
    private(set) var text: [UInt8] = []
    /// Frames, shapes and the bodies of notes.
    private(set) var attached: [XMLTree] = []
    /// Bytes of words that are hidden, without white space.
    private(set) var hiddenBytes = 0
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
        add(paragraph, isHidden: isHidden || styles.isHidden(paragraph["style-name"], "paragraph"))
    }

    private mutating func add(_ node: XMLTree, isHidden: Bool) {
        if isHidden { hiddenBytes += node.text.count { $0 > 0x20 } } else { addAll(node) }
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
        case "span": add(node, isHidden: styles.isHidden(node["style-name"], "text"))
        case "hidden-text": add(node, isHidden: node["is-hidden"] != "false")
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
