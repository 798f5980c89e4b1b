/// Rich Text Format (Microsoft RTF 1.9.1).
///
/// Left out are deleted text, hidden text (with a note), pictures, headers and footers, comments, fields' instructions
/// and every destination that is not known. Notes and text boxes follow the paragraph that they hang on.
enum RTFParser: FormatParser {
    static let version = "rtf/2"

    static func parse(_ source: SourceFile, into session: inout ParseSession) throws(ParseFailure) {
        guard source.bytes.starts(with: "{\\rtf".utf8) else { throw .damaged }
        var tokens = RTFTokens(source.bytes)
        var reading = RTFReading()
        while !session.writer.isFull, !reading.isDone, let token = tokens.next() {
            reading.take(token, into: &session)
        }
        reading.finish(into: &session)
    }
}

/// The state of reading one file: open groups, and the paragraph and table that are being written.
private struct RTFReading {
    /// Where text goes.
    private enum Target { case paragraph, attached, label, title, fonts, styles, nowhere }

    private struct Group {
        var target = Target.paragraph
        var isHidden = false
        var isTiny = false
        var isDeleted = false
        var font: Int?
        var isUnseen: Bool { isHidden || isTiny || isDeleted }
        /// Bytes that stand for a numbered character in programs that do not know it.
        var fallbackBytes = 1
    }

    /// Deeper groups are passed over.
    private static let depthMax = 500
    private static let attachedMax = 100_000

    private var groups = [Group()]
    private var groupsTooDeep = 0
    private var hiddenBytes = 0
    private var characters = RTFCharacters()
    private var fallbackLeft = 0
    /// The group began with `\*`: unknown destinations are for other programs.
    private var isOptional = false
    private var defaultFont: Int?

    private var paragraph: [UInt8] = []
    private var label: [UInt8] = []
    private var title: [UInt8] = []
    /// Paragraphs of notes and text boxes.
    private var attached: [[UInt8]] = [[]]
    private var style = RTFStyle()
    private var styleName: [UInt8] = []
    private var styles: [Int: RTFStyle] = [:]
    private var table = RTFTable()
    private(set) var isDone = false

    private var group: Group {
        get { groups[groups.count - 1] }
        set { groups[groups.count - 1] = newValue }
    }

    mutating func take(_ token: RTFTokens.Token, into session: inout ParseSession) {
        switch token {
        case .open: open()
        case .close: close(into: &session)
        case .byte(let byte): if !takesFallback() { add(byte) }
        case .symbol(let symbol): take(symbol)
        case .word(let name, let number):
            if groupsTooDeep == 0, name == "u" || !takesFallback() { take(name, number, into: &session) }
            isOptional = false
        }
    }

    private mutating func takesFallback() -> Bool {
        guard fallbackLeft > 0 else { return false }
        fallbackLeft -= 1
        return true
    }

    // MARK: Groups

    private mutating func open() {
        flush()
        fallbackLeft = 0
        isOptional = false
        if groups.count < Self.depthMax { groups.append(group) } else { groupsTooDeep += 1 }
    }

    private mutating func close(into session: inout ParseSession) {
        flush()
        fallbackLeft = 0
        guard groupsTooDeep == 0 else { return groupsTooDeep -= 1 }
        guard groups.count > 1 else { return }
        let closed = groups.removeLast()
        if closed.target == .attached, group.target != .attached { endAttached() }
        if closed.target == .styles { endStyle() }
        isDone = groups.count == 1
    }

    mutating func finish(into session: inout ParseSession) {
        flush()
        session.leaveOut(hiddenBytes: hiddenBytes)
        if !isDone, !session.writer.isFull { session.note(.repaired) }
        endParagraph(into: &session)
        table.write(into: &session.writer)
        if session.title == nil, title.contains(where: { $0 > 0x20 }) {
            session.title = String(decoding: title, as: UTF8.self)
        }
    }

    // MARK: Text

    private mutating func add(_ byte: UInt8) {
        guard groupsTooDeep == 0, group.target != .nowhere else { return }
        switch group.target {
        case .fonts: if let font = group.font, byte != UInt8(ascii: ";") { characters.addName(byte, of: font) }
        case .styles: if styleName.count < 100 { styleName.append(byte) }
        default:
            let (isHidden, font) = (group.isUnseen, group.font ?? defaultFont)
            if isHidden, !group.isDeleted, byte > 0x20 { hiddenBytes += 1 }
            if !isHidden { withText { $0.add(byte, font: font, to: &$1) } }
        }
    }

    private mutating func flush() { withText { $0.flush(to: &$1) } }

    private mutating func withText(_ body: (inout RTFCharacters, inout [UInt8]) -> Void) {
        switch group.target {
        case .paragraph: body(&characters, &paragraph)
        case .attached: body(&characters, &attached[attached.count - 1])
        case .label: body(&characters, &label)
        case .title: body(&characters, &title)
        case .fonts, .styles, .nowhere: break
        }
    }

    private mutating func add(_ text: String) {
        guard !group.isUnseen else { return }
        withText { characters, target in
            characters.flush(to: &target)
            target += Array(text.utf8)
        }
    }

    private mutating func take(_ symbol: UInt8) {
        if symbol == UInt8(ascii: "*") { return isOptional = true }
        guard !takesFallback() else { return }
        switch symbol {
        case UInt8(ascii: "~"): add(" ")
        case UInt8(ascii: "_"): add("-")
        default: break
        }
    }

    // MARK: Words

    private mutating func take(_ name: String, _ number: Int?, into session: inout ParseSession) {
        if let target = destination(name) {
            flush()
            if group.target != .nowhere { group.target = target }
            return
        }
        if takesDefinition(name, number) || group.target == .nowhere { return }
        switch name {
        case "u":
            fallbackLeft = 0
            if let number, !group.isUnseen { withText { $0.add(unit: number, to: &$1) } }
            fallbackLeft = group.fallbackBytes
        case "par", "sect", "page", "column": endLine(into: &session)
        case "cell":
            flush()
            table.endCell(&paragraph)
            clearParagraph()
        case "row": table.endRow()
        case "line", "tab", "nestcell", "nestrow", "emspace", "enspace", "qmspace": add(" ")
        default:
            if let text = RTFWords.characters[name] { add(text) } else { takeProperty(name, number) }
        }
    }

    /// Where a group's text goes, by the word it begins with; nil when the word is none of a destination.
    private func destination(_ name: String) -> Target? {
        if RTFWords.skipped.contains(name) { return .nowhere }
        switch name {
        case "fonttbl": return .fonts
        case "stylesheet": return .styles
        case "title" where group.target == .nowhere: return .nowhere
        case "footnote", "shptxt": return .attached
        case "listtext", "pntext": return .label
        default: return isOptional && !RTFWords.read.contains(name) && group.target != .styles ? .nowhere : nil
        }
    }

    /// Character sets, fonts and styles.
    private mutating func takesDefinition(_ name: String, _ number: Int?) -> Bool {
        switch name {
        case "mac": characters.charset = "macintosh"
        case "pc": characters.charset = "cp437"
        case "pca": characters.charset = "cp850"
        case "ansicpg": characters.setCodePage(number ?? 0)
        case "deff": defaultFont = number
        case "fcharset":
            if group.target == .fonts, let font = group.font { characters.setCharset(number ?? 0, of: font) }
        case "f": group.font = number
        case "uc": group.fallbackBytes = max(0, min(number ?? 1, 255))
        case "info": break
        case "title": group.target = .title
        default: return false
        }
        return true
    }

    private mutating func takeProperty(_ name: String, _ number: Int?) {
        let isOn = number != 0
        switch name {
        case "v": setLook { $0.isHidden = isOn }
        case "deleted": setLook { $0.isDeleted = isOn }
        case "fs": if let number { setLook { $0.isTiny = number <= 2 } }
        case "plain": setLook { ($0.isHidden, $0.isTiny, $0.isDeleted) = (false, false, false) }
        case "pard": style = RTFStyle()
        case "outlinelevel": style.outlineLevel = number
        case "s":
            style.number = number
            if group.target != .styles, let number, let known = styles[number] {
                style.outlineLevel = known.outlineLevel
            }
        case "ls": style.isItem = isOn
        case "intbl": style.isInTable = isOn
        default: table.take(name, number)
        }
    }

    private mutating func setLook(_ change: (inout Group) -> Void) {
        flush()
        change(&group)
    }

    /// One style of the sheet; headings are also known by their name.
    private mutating func endStyle() {
        let name = String(decoding: styleName, as: UTF8.self).lowercased()
        if let number = style.number, styles.count < 4096 {
            let level = name.hasPrefix("heading ") ? Int(name.dropFirst(8).prefix { $0.isNumber }) : nil
            if style.outlineLevel == nil { style.outlineLevel = name.hasPrefix("title;") ? 0 : level.map { $0 - 1 } }
            styles[number] = style
        }
        style = RTFStyle()
        styleName = []
    }

    // MARK: Paragraphs

    private mutating func endLine(into session: inout ParseSession) {
        flush()
        switch group.target {
        case .attached: endAttached()
        case .paragraph where style.isInTable: paragraph.append(0x20)
        case .paragraph: endParagraph(into: &session)
        default: break
        }
    }

    private mutating func endAttached() {
        if attached.count < Self.attachedMax { attached.append([]) } else { attached[attached.count - 1].append(0x20) }
    }

    private mutating func endParagraph(into session: inout ParseSession) {
        table.write(into: &session.writer)
        let words = [Inline(shownLabel), Inline(paragraph)]
        if let level = style.outlineLevel, (0..<9).contains(level) {
            session.writer.heading(words, level: level + 1)
        } else if style.isItem || !label.isEmpty {
            session.writer.listItem(words)
        } else {
            session.writer.paragraph(words)
        }
        for note in attached { session.writer.paragraph([Inline(note)]) }
        attached = [[]]
        clearParagraph()
    }

    /// A number, but no bullet.
    private var shownLabel: [UInt8] {
        let isNumber = label.contains { (0x30...0x39).contains($0) || (0x61...0x7a).contains($0 | 0x20) }
        return isNumber && !paragraph.isEmpty ? label + [0x20] : []
    }

    private mutating func clearParagraph() {
        paragraph.removeAll(keepingCapacity: true)
        label.removeAll()
    }
}
