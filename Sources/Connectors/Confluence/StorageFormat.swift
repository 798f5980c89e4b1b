/// Confluence's storage format ("Confluence Storage Format" of the vendor's documentation) as plain HTML.
///
/// Macros give the text that their author wrote into them. Those that fetch text from another page (include, excerpt
/// include) give nothing: it would cross that page's permissions. Never fails: what is not well-formed XML, or too
/// deep, gives its text without markup.
struct StorageFormat {
    static let depthMax = 256
    static let textBytesMax = 16 << 20

    static func html(_ storage: String) -> String {
        let bytes = Array("<storage>\(storage)</storage>".utf8)
        var form = XMLPullReader.Form()
        (form.depthMax, form.textBytesMax, form.isMarkup) = (depthMax, textBytesMax, true)
        var reader = XMLPullReader(bytes, form: form)
        var writer = StorageFormat()
        do throws(XMLPullReader.Fault) {
            while let event = try reader.next() {
                switch event {
                case .start(let name): writer.start(name, reader.attributes)
                case .text(let text): writer.text(text)
                case .end: writer.end()
                }
            }
            return writer.html
        } catch {
            return stripped(storage)
        }
    }

    /// Everything between tags, each piece a word of its own. A `<` that ends nowhere is dropped.
    private static func stripped(_ storage: String) -> String {
        let bytes = Array(storage.utf8)
        var (text, at): ([UInt8], Int) = ([], 0)
        let lastEnd = bytes.lastIndex(of: UInt8(ascii: ">")) ?? -1
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "<"):
                if at < lastEnd {
                    while bytes[at] != UInt8(ascii: ">") { at += 1 }
                }
                text.append(UInt8(ascii: " "))
            case UInt8(ascii: ">"): text += Array("&gt;".utf8)
            default: text.append(bytes[at])
            }
            at += 1
        }
        return "<p>\(String(decoding: text, as: UTF8.self))</p>"
    }

    private struct Element {
        enum Kind { case plain, dropped, link, taskStatus }

        var kind = Kind.plain
        var close = ""
        /// Of a link: what it shows when nothing else is written in it, and how long the output was when it began.
        var label = ""
        var begun = 0
    }

    private var html = ""
    private var open: [Element] = []

    private init() {}

    private mutating func start(_ name: String, _ attributes: [XMLPullReader.Attribute]) {
        func value(_ name: String) -> String? { attributes.first { $0.name == name }?.value }
        guard open.last?.kind != .dropped, !Self.dropped.contains(name) else { return push(.dropped) }
        switch name {
        case "ac:structured-macro", "ac:macro":
            push(Self.droppedMacros.contains(value("ac:name") ?? "") ? .dropped : .plain)
        case "ac:parameter":
            value("ac:name") == "title" ? push(opening: "<strong>", "</strong> ") : push(.dropped)
        case "ac:link": open.append(Element(kind: .link, begun: html.utf8.count))
        case "ri:page", "ri:blog-post": label(value("ri:content-title"))
        case "ri:attachment": label(value("ri:filename"))
        case "ri:space": label(value("ri:space-key"))
        case "ri:url": label(value("ri:value"))
        case "ac:image": push(opening: Self.plain(value("ac:alt")), "")
        case "ac:emoticon": push(opening: Self.plain(value("ac:emoji-fallback")), "")
        case "ac:task-status": push(.taskStatus)
        case "time": push(opening: Self.plain(value("datetime")), "")
        case "a": anchor(value("href"))
        case "td", "th": cell(name, attributes)
        case "br", "hr": push(opening: "<\(name)>", "")
        default:
            let tag = Self.renamed[name] ?? (Self.kept.contains(name) ? name : nil)
            push(opening: tag.map { "<\($0)>" } ?? "", tag.map { "</\($0)>" } ?? "")
        }
    }

    private mutating func text(_ text: String) {
        switch open.last?.kind {
        case .dropped: break
        case .taskStatus: html += text == "complete" ? "[x] " : "[ ] "
        default: html += Self.plain(text)
        }
    }

    private mutating func end() {
        guard let element = open.popLast() else { return }
        if element.kind == .link, html.utf8.count == element.begun { html += element.label }
        html += element.close
    }

    /// Raw text of XML is text of HTML, also in quotation marks, but for these. By scalars: with a combining mark
    /// behind it, a quotation mark is another `Character`, and would end the attribute all the same.
    private static func plain(_ text: String?) -> String {
        guard let text, text.utf8.contains(where: { ">\"".utf8.contains($0) }) else { return text ?? "" }
        var plain = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case ">": plain += "&gt;".unicodeScalars
            case "\"": plain += "&quot;".unicodeScalars
            default: plain.append(scalar)
            }
        }
        return String(plain)
    }

    private mutating func push(_ kind: Element.Kind) { open.append(Element(kind: kind)) }

    private mutating func push(opening: String, _ close: String) {
        html += opening
        open.append(Element(close: close))
    }

    /// What a link leads to. The title of another page stands in this one, whoever may read the other.
    private mutating func label(_ label: String?) {
        if let label, open.last?.kind == .link { open[open.count - 1].label = Self.plain(label) }
        push(.plain)
    }

    private mutating func anchor(_ target: String?) {
        let schemes = ["https://", "http://", "mailto:"]
        guard let target, schemes.contains(where: { target.lowercased().hasPrefix($0) }) else { return push(.plain) }
        html += "<a href=\"\(Self.plain(target))\">"
        open.append(Element(close: "</a>"))
    }

    private mutating func cell(_ name: String, _ attributes: [XMLPullReader.Attribute]) {
        let spans = attributes.filter { ["colspan", "rowspan"].contains($0.name) }
            .filter { (1...4).contains($0.value.utf8.count) && $0.value.utf8.allSatisfy { (0x30...0x39).contains($0) } }
        html += "<\(name)\(spans.map { " \($0.name)=\"\($0.value)\"" }.joined())>"
        open.append(Element(close: "</\(name)>"))
    }

    private static let kept: Set<String> = [
        "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "table", "caption", "thead", "tbody", "tfoot", "tr",
        "pre", "code", "blockquote", "em", "strong", "b", "i", "u", "s", "sub", "sup", "del", "small", "dl", "dt", "dd",
        "div",
    ]

    private static let renamed = [
        "ac:plain-text-body": "pre", "ac:rich-text-body": "div", "ac:layout-cell": "div", "ac:task-list": "ul",
        "ac:task": "li",
    ]

    /// An extension of the new editor comes as a tree for it and as a fallback; the tree goes.
    private static let dropped: Set<String> = [
        "script", "style", "ac:task-id", "ac:task-uuid", "ac:placeholder", "ac:adf-node", "ac:default-parameter",
    ]

    private static let droppedMacros: Set<String> = ["include", "excerpt-include", "toc", "children", "pagetree"]
}
