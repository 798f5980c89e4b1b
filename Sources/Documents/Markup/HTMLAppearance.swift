/// What a style says about whether text can be seen. Nil: nothing.
///
/// Text that a reader cannot see is how instructions are slipped past a reader: white on white, no size, off the page.
struct HTMLAppearance: Equatable {
    /// Not displayed, or out of sight with everything in it.
    var isHidden: Bool?
    /// These three are inherited; a style further in may say otherwise.
    var isTiny: Bool?
    var isInvisible: Bool?
    var isTransparent: Bool?

    var saysNothing: Bool { self == HTMLAppearance() }

    /// The declarations of a `style` attribute or of a rule in a style sheet (CSS Style Attributes).
    init(_ declarations: ArraySlice<UInt8> = []) {
        var style = Style(declarations)
        for declaration in style.declarations { apply(declaration.key, declaration.value) }
        if style.isCutOff || style.isBehindItself { isHidden = true }
    }

    /// Later declarations win.
    mutating func merge(_ later: HTMLAppearance) {
        isHidden = later.isHidden ?? isHidden
        isTiny = later.isTiny ?? isTiny
        isInvisible = later.isInvisible ?? isInvisible
        isTransparent = later.isTransparent ?? isTransparent
    }

    private mutating func apply(_ property: String, _ value: String) {
        switch property {
        case "display": isHidden = value == "none"
        case "visibility": isInvisible = value == "hidden" || value == "collapse"
        case "opacity": if Style.length(value).map({ $0 < 0.05 }) ?? false { isHidden = true }
        case "font-size": isTiny = Style.length(value).map { $0 <= 1 && !value.hasSuffix("em") || $0 < 0.1 } ?? false
        case "font": if value.hasPrefix("0") { isTiny = true }
        case "color", "-webkit-text-fill-color": isTransparent = Style.isTransparent(value)
        case "text-indent": if Style.isFarAway(value) { isHidden = true }
        case "transform": if value.hasPrefix("scale(0)") || value.hasPrefix("scale(0,") { isHidden = true }
        case "mso-hide": if value == "all" { isHidden = true }
        default: break
        }
    }
}

/// Property by property, in lower case, without spaces.
private struct Style {
    private(set) var declarations: [String: String] = [:]

    static let propertiesMax = 200

    init(_ bytes: ArraySlice<UInt8>) {
        for part in Style.withoutComments(bytes).split(separator: UInt8(ascii: ";")).prefix(Self.propertiesMax) {
            guard let colon = part.firstIndex(of: UInt8(ascii: ":")) else { continue }
            let name = part[..<colon].filter { !$0.isMarkupSpace }.lowercasedText
            let value = part[(colon + 1)...].prefix(200).filter { !$0.isMarkupSpace }.lowercasedText
            declarations[name] = value.hasSuffix("!important") ? String(value.dropLast(10)) : value
        }
    }

    static func withoutComments(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        let bytes = Array(bytes)
        guard var start = bytes.firstIndex(ofSequence: "/*", from: 0) else { return bytes }
        var text: [UInt8] = []
        var index = 0
        while true {
            text += bytes[index..<start]
            guard let end = bytes.firstIndex(ofSequence: "*/", from: start + 2) else { return text }
            index = end + 2
            guard let next = bytes.firstIndex(ofSequence: "/*", from: index) else { return text + bytes[index...] }
            start = next
        }
    }

    /// The number at the beginning, whatever its unit.
    static func length(_ value: String) -> Double? {
        Double(value.prefix { "0123456789.-+".contains($0) })
    }

    static func isFarAway(_ value: String) -> Bool {
        length(value).map { $0 <= (value.hasSuffix("em") ? -60 : -900) } ?? false
    }

    static func isTransparent(_ value: String) -> Bool {
        value == "transparent" || (value.hasPrefix("rgba(") && (value.hasSuffix(",0)") || value.hasSuffix(",0.0)")))
    }

    /// Pushed off the page, clipped to nothing, or in a box of no size.
    lazy var isCutOff: Bool = {
        let position = declarations["position"]
        let isPlaced = position == "absolute" || position == "fixed" || position == "relative"
        let sides = isPlaced ? ["left", "top", "right", "bottom"] : []
        if (sides + ["margin-left", "margin-top"]).contains(where: { declarations[$0].map(Self.isFarAway) ?? false }) {
            return true
        }
        if isPlaced, let clip = declarations["clip"], clip.hasPrefix("rect(0") || clip.hasPrefix("rect(1px,1px,1px") {
            return true
        }
        if let clip = declarations["clip-path"], clip == "inset(50%)" || clip == "inset(100%)" { return true }
        let overflow = declarations["overflow"] ?? declarations["overflow-x"] ?? declarations["overflow-y"]
        guard overflow == "hidden" || overflow == "clip" else { return false }
        return ["height", "max-height", "width", "max-width"].contains { side in
            declarations[side].flatMap(Self.length).map { $0 <= 1 } ?? false
        }
    }()

    /// Text in the colour that is behind it.
    lazy var isBehindItself: Bool = {
        guard let color = declarations["color"] else { return false }
        return color == declarations["background-color"] || color == declarations["background"]
    }()
}

/// The rules of a page's style sheets for one class or one id: enough for the ways in which pages and mails hide text.
/// Rules for some media only, and selectors of more than one part, are passed over.
struct HTMLStyleSheet {
    private static let rulesMax = 20_000
    private var rules: [String: HTMLAppearance] = [:]

    /// `class` and `id` are attribute values.
    func appearance(class classes: ArraySlice<UInt8>?, id: ArraySlice<UInt8>?) -> HTMLAppearance? {
        guard !rules.isEmpty else { return nil }
        var found: HTMLAppearance?
        for name in (classes ?? []).split(whereSeparator: \.isMarkupSpace).prefix(50) {
            if let rule = rules["." + String(decoding: name, as: UTF8.self)] {
                found = found ?? HTMLAppearance()
                found?.merge(rule)
            }
        }
        if let id, let rule = rules["#" + String(decoding: id, as: UTF8.self)] {
            found = found ?? HTMLAppearance()
            found?.merge(rule)
        }
        return found
    }

    mutating func add(_ source: ArraySlice<UInt8>) {
        let text = Style.withoutComments(source)
        var index = 0
        while rules.count < Self.rulesMax, let open = text[index...].firstIndex(of: UInt8(ascii: "{")) {
            // What stands before a rule without a block, such as an import, ends with a semicolon.
            let start = text[index..<open].lastIndex(of: UInt8(ascii: ";")).map { $0 + 1 } ?? index
            let selectors = text[start..<open].drop(while: \.isMarkupSpace)
            let end = Self.blockEnd(of: text, from: open)
            if selectors.first != UInt8(ascii: "@") { add(selectors, text[(open + 1)..<end]) }
            index = min(end + 1, text.count)
        }
    }

    private static func blockEnd(of text: [UInt8], from open: Int) -> Int {
        var depth = 0
        for index in open..<text.count {
            if text[index] == UInt8(ascii: "{") { depth += 1 }
            if text[index] == UInt8(ascii: "}") { depth -= 1 }
            if depth == 0 { return index }
        }
        return text.count
    }

    private mutating func add(_ selectors: ArraySlice<UInt8>, _ declarations: ArraySlice<UInt8>) {
        let appearance = HTMLAppearance(declarations)
        guard !appearance.saysNothing else { return }
        for selector in selectors.split(separator: UInt8(ascii: ",")).prefix(100) {
            guard let name = Self.simple(selector) else { continue }
            rules[name, default: HTMLAppearance()].merge(appearance)
        }
    }

    /// `.name`, `#name`, or one of them after an element's name.
    private static func simple(_ selector: ArraySlice<UInt8>) -> String? {
        let trimmed = String(decoding: selector, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        guard trimmed.count == 1, let start = trimmed[0].firstIndex(where: { $0 == "." || $0 == "#" }) else {
            return nil
        }
        let name = trimmed[0][start...]
        return name.dropFirst().contains { ".#:[>+~*".contains($0) } ? nil : String(name)
    }
}
