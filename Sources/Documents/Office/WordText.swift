/// What a paragraph says, and what hangs on it: text boxes, notes and drawings, which are written after it.
struct WordText {
    private(set) var text: [UInt8] = []
    private(set) var boxes: [XMLTree] = []
    /// `footnote` or `endnote` and the identifier.
    private(set) var notes: [(kind: String, id: String)] = []
    /// Relationships of charts and diagrams.
    private(set) var drawings: [String] = []
    /// Bytes of words that are hidden, without white space.
    private(set) var hiddenBytes = 0
    private let styles: WordStyles
    private let style: String?
    /// White letters can be read on what is behind them.
    private let isOnColour: Bool
    /// One for each open field: whether its instruction, and not its result, is being read.
    private var fields: [Bool] = []

    private static let fieldsMax = 64

    /// `isOnColour`: what is around the paragraph has a colour of its own.
    init(_ paragraph: XMLTree, _ styles: WordStyles, isOnColour: Bool) {
        self.styles = styles
        style = paragraph.first("pPr", "pStyle")?["val"]
        self.isOnColour =
            isOnColour || WordLook.isShaded(paragraph.first("pPr")) ?? styles.look(style, \.isShaded) ?? false
        addAll(paragraph)
    }

    private var isInInstruction: Bool { fields.contains(true) }

    private mutating func addAll(_ node: XMLTree) {
        for element in node.elements { add(element) }
    }

    private mutating func add(_ node: XMLTree) {
        switch node.name {
        case "r": addRun(node)
        case "oMath", "oMathPara": if !isInInstruction { text += MathText.text(of: node) }
        case "del", "moveFrom", "pPr", "sdtPr", "sdtEndPr", "smartTagPr", "customXmlPr": break
        case "AlternateContent": addAlternative(node)
        default: addAll(node)
        }
    }

    /// Of several forms of one thing the first is for programs that know more.
    private mutating func addAlternative(_ node: XMLTree) {
        guard let content = node.first("Choice") ?? node.first("Fallback") else { return }
        for element in content.elements { isDrawing(element) ? addDrawing(element) : add(element) }
    }

    private func isDrawing(_ node: XMLTree) -> Bool { ["drawing", "pict", "object"].contains(node.name) }

    private mutating func addRun(_ run: XMLTree) {
        let isHidden = isHidden(run)
        for element in run.elements {
            if element.name == "fldChar" {
                takeField(element, isHidden: isHidden)
            } else if isHidden, element.name == "t" {
                hiddenBytes += element.text.count { $0 > 0x20 }
            } else if !isHidden, !isInInstruction {
                addContent(element)
            }
        }
    }

    /// `vanish`, letters of at most one point, or white ones on paper: nobody sees them.
    private func isHidden(_ run: XMLTree) -> Bool {
        let direct = WordLook(run.first("rPr"))
        let character = run.first("rPr", "rStyle")?["val"]
        func look(_ property: KeyPath<WordLook, Bool?>) -> Bool? {
            direct[keyPath: property] ?? styles.look(character, property) ?? styles.look(style, property)
        }
        if look(\.isTiny) == true { return true }
        if direct.isHidden ?? (styles.isHidden(style) || styles.isHidden(character)) { return true }
        return look(\.isWhite) == true && !isOnColour && look(\.isShaded) != true
    }

    private mutating func takeField(_ mark: XMLTree, isHidden: Bool) {
        switch mark["fldCharType"] {
        case "begin":
            if !isHidden, !isInInstruction, let box = mark.first("ffData", "checkBox") { addCheckBox(box) }
            if fields.count < Self.fieldsMax { fields.append(true) }
        case "separate": if !fields.isEmpty { fields[fields.count - 1] = false }
        case "end": _ = fields.popLast()
        default: break
        }
    }

    private mutating func addCheckBox(_ box: XMLTree) {
        let isChecked = box.toggle("checked") ?? box.toggle("default") ?? false
        text += Array((isChecked ? "☒" : "☐").utf8)
    }

    private mutating func addContent(_ node: XMLTree) {
        switch node.name {
        case "t": text += node.text
        case "tab", "br", "cr", "ptab": text.append(0x20)
        case "noBreakHyphen": text.append(0x2d)
        case "sym": text += SymbolFont.text(font: node["font"] ?? "", code: node["char"] ?? "")
        case "footnoteReference": takeNote("footnote", node)
        case "endnoteReference": takeNote("endnote", node)
        case "ruby": if let base = node.first("rubyBase") { addAll(base) }
        case "AlternateContent": addAlternative(node)
        case "drawing", "pict", "object": addDrawing(node)
        default: break
        }
    }

    private mutating func takeNote(_ kind: String, _ node: XMLTree) {
        if let id = node["id"] { notes.append((kind, id)) }
    }

    /// Looks for the few things with words in them; a box within a box is found when the box is written.
    private mutating func addDrawing(_ node: XMLTree) {
        for element in node.elements {
            switch element.name {
            case "txbxContent": boxes.append(element)
            case "chart": if let id = element["r:id"] { drawings.append(id) }
            case "relIds": if let id = element["r:dm"] { drawings.append(id) }
            case "AlternateContent":
                if let content = element.first("Choice") ?? element.first("Fallback") { addDrawing(content) }
            default: addDrawing(element)
            }
        }
    }
}

/// Characters of fonts that have pictures in place of letters.
enum SymbolFont {
    /// `code`: hexadecimal, mostly in the private area from F000.
    static func text(font: String, code: String) -> [UInt8] {
        guard let value = UInt32(code, radix: 16), let scalar = Unicode.Scalar(value) else { return [] }
        guard (0xf000...0xf0ff).contains(value) else { return Array(String(Character(scalar)).utf8) }
        let place = UInt8(value & 0xff)
        let known = font.lowercased().hasPrefix("wingdings") ? wingdings[place] : symbol(place)
        return Array((known ?? "").utf8)
    }

    private static let wingdings: [UInt8: String] = [
        0x6c: "●", 0x6e: "■", 0x6f: "☐", 0x71: "❑", 0x72: "❒", 0x76: "❖", 0xa7: "▪", 0xa8: "☐", 0xd8: "➢",
        0xdf: "←", 0xe0: "→", 0xe1: "↑", 0xe2: "↓", 0xe8: "→", 0xf0: "⇨", 0xfb: "✗", 0xfc: "✓", 0xfd: "☒", 0xfe: "☑",
    ]

    private static func symbol(_ place: UInt8) -> String? {
        if let known = symbols[place] { return known }
        let letters = Array("ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ")
        let small = Array("αβχδεφγηιϕκλμνοπθρστυϖωξψζ")
        switch place {
        case 0x41...0x5a: return String(letters[Int(place) - 0x41])
        case 0x61...0x7a: return String(small[Int(place) - 0x61])
        case 0x20...0x7e: return String(Unicode.Scalar(place))
        default: return nil
        }
    }

    private static let symbols: [UInt8: String] = [
        0xa3: "≤", 0xa5: "∞", 0xab: "↔", 0xac: "←", 0xad: "↑", 0xae: "→", 0xaf: "↓", 0xb0: "°", 0xb1: "±", 0xb3: "≥",
        0xb4: "×", 0xb5: "∝", 0xb6: "∂", 0xb7: "•", 0xb8: "÷", 0xb9: "≠", 0xba: "≡", 0xbb: "≈", 0xbc: "…", 0xc5: "⊕",
        0xc6: "∅", 0xc7: "∩", 0xc8: "∪", 0xcd: "⊆", 0xce: "∈", 0xd1: "∇", 0xd2: "®", 0xd3: "©", 0xd4: "™", 0xd6: "√",
        0xd7: "⋅", 0xd8: "¬", 0xd9: "∧", 0xda: "∨", 0xe5: "∑", 0xf2: "∫",
    ]
}
