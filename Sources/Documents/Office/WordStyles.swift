/// What styles say about paragraphs and runs (ECMA-376 part 1, 17.7): which are headings, list items or hidden.
struct WordStyles {
    struct Style {
        fileprivate(set) var id = ""
        fileprivate(set) var name = ""
        fileprivate(set) var basedOn: String?
        fileprivate(set) var outlineLevel: Int?
        fileprivate(set) var list: WordNumbering.Place?
        fileprivate(set) var look = WordLook()
    }

    /// A style stands on another at most so often; longer chains are loops.
    private static let chainMax = 24

    private var styles: [String: Style] = [:]

    init(_ tree: XMLTree?) {
        for element in tree?.all("style") ?? [] {
            guard let id = element["styleId"], styles[id] == nil else { continue }
            let properties = element.first("pPr")
            styles[id] = Style(
                id: id, name: (element.first("name")?["val"] ?? "").lowercased(),
                basedOn: element.first("basedOn")?["val"],
                outlineLevel: properties?.first("outlineLvl")?.number("val"),
                list: properties?.first("numPr").map { WordNumbering.Place($0) },
                look: Self.look(of: element))
        }
    }

    /// The style and those that it is based on, nearest first.
    private func chain(_ id: String?) -> [Style] {
        var chain: [Style] = []
        var next = id
        while let id = next, let style = styles[id], chain.count < Self.chainMax {
            chain.append(style)
            next = style.basedOn
        }
        return chain
    }

    /// Of letters, and of what is behind them: of a table's style, of any part of the table.
    private static func look(of style: XMLTree) -> WordLook {
        var look = WordLook(style.first("rPr"))
        let behind = style["type"] == "table" ? style.descendants("shd") : [style.first("pPr", "shd")].compactMap { $0 }
        if behind.contains(where: WordLook.isColour) { look.isShaded = true }
        return look
    }

    func isHidden(_ id: String?) -> Bool { look(id, \.isHidden) ?? false }

    /// What the nearest style says that says anything about it.
    func look(_ id: String?, _ property: KeyPath<WordLook, Bool?>) -> Bool? {
        chain(id).lazy.compactMap { $0.look[keyPath: property] }.first
    }

    /// From 1; nil for body text.
    func headingLevel(_ id: String?) -> Int? {
        let chain = chain(id)
        if isTitle(id) { return 1 }
        if let outline = chain.lazy.compactMap(\.outlineLevel).first { return outline < 9 ? outline + 1 : nil }
        for style in chain {
            if let level = Self.level(named: style.name) ?? Self.level(named: style.id.lowercased()) { return level }
        }
        return chain.isEmpty ? id.flatMap { Self.level(named: $0.lowercased()) } : nil
    }

    func isTitle(_ id: String?) -> Bool {
        let chain = chain(id)
        return chain.isEmpty ? id == "Title" : chain.contains { $0.name == "title" }
    }

    func list(_ id: String?) -> (place: WordNumbering.Place, style: String)? {
        for style in chain(id) {
            if let place = style.list { return (place, style.id) }
        }
        return nil
    }

    /// Programs other than Word translate the names, and drop what is not ASCII from identifiers.
    private static let headingNames: Set<String> = [
        "heading", "überschrift", "berschrift", "titre", "título", "ttulo", "titolo", "kop", "rubrik", "overskrift",
        "otsikko", "nagłówek", "nagwek", "nadpis", "заголовок", "επικεφαλίδα", "címsor", "cmsor", "başlık", "balk",
        "見出し", "标题", "標題", "제목",
    ]

    private static func level(named name: String) -> Int? {
        guard let last = name.last, let level = last.wholeNumberValue, last.isASCII, (1...9).contains(level) else {
            return nil
        }
        let stem = name.dropLast().filter { $0 != " " && $0 != "-" && $0 != "_" }
        return headingNames.contains(String(stem)) ? level : nil
    }
}
