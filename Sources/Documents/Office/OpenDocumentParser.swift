/// OpenDocument texts, spreadsheets and presentations (ODT, ODS, ODP; OASIS OpenDocument 1.3).
///
/// Left out are deleted text, comments, headers and footers, the templates that fields and indexes are made from, and
/// with a note hidden text, sections, sheets and slides. The tables of indexes are read.
enum OpenDocumentParser: FormatParser {
    static let version = "opendocument/2"

    static func parse(_ source: SourceFile, into session: inout ParseSession) throws(ParseFailure) {
        let members = try ZipPackage.members(of: source.bytes, for: &session) { path in
            ["content.xml", "styles.xml", "meta.xml", "META-INF/manifest.xml"].contains(path)
                || (path.hasPrefix("Object ") && path.hasSuffix("/content.xml"))
        }
        if isEncrypted(members["META-INF/manifest.xml"]) { throw .encrypted }
        guard let content = members["content.xml"] else { throw .damaged }
        session.title = session.title ?? title(members["meta.xml"]) ?? (source.format == .ods ? source.name : nil)
        let styles = tree(members["styles.xml"])
        var reading = OpenDocumentBody(OpenDocumentStyles(styles), objects: members)
        try reading.read(content, into: &session)
    }

    private static func tree(_ bytes: [UInt8]?) -> XMLTree? { bytes.flatMap { try? XMLTree.document($0) } }

    private static func isEncrypted(_ manifest: [UInt8]?) -> Bool {
        tree(manifest)?.firstDescendant("encryption-data") != nil
    }

    private static func title(_ meta: [UInt8]?) -> String? {
        guard let title = tree(meta)?.first("meta", "title")?.text, title.contains(where: { $0 > 0x20 }) else {
            return nil
        }
        return String(decoding: title, as: UTF8.self)
    }
}

/// What styles say about text, sheets and slides: what is hidden, what is a title, how large a slide is.
struct OpenDocumentStyles {
    private struct Style {
        var parent: String?
        var isHidden: Bool?
    }

    /// Longer chains are loops.
    private static let chainMax = 24
    /// Points: nobody sees letters as small as that.
    private static let tinySizeMax = 1.0

    /// By family and name.
    private var styles: [String: Style] = [:]
    private var masters: [String: String] = [:]
    private var sizes: [String: (width: Double, height: Double)] = [:]

    /// `tree`: the styles that all parts of the document share.
    init(_ tree: XMLTree?) {
        for group in tree?.elements ?? [] {
            for element in group.elements { add(element) }
        }
    }

    mutating func add(_ element: XMLTree) {
        switch element.name {
        case "style": addStyle(element)
        case "master-page": masters[element["name"] ?? ""] = element["page-layout-name"]
        case "page-layout":
            guard let properties = element.first("page-layout-properties") else { return }
            sizes[element["name"] ?? ""] = (
                OpenDocumentLength.points(properties["page-width"]) ?? 0,
                OpenDocumentLength.points(properties["page-height"]) ?? 0
            )
        default: break
        }
    }

    private mutating func addStyle(_ element: XMLTree) {
        guard let name = element["name"], let family = element["family"] else { return }
        let visible =
            element.first("text-properties")?["display"] ?? element.first("table-properties")?["display"]
            ?? element.first("drawing-page-properties")?["visibility"]
        let size = OpenDocumentLength.points(element.first("text-properties")?["font-size"])
        let isTiny = size.map { $0 <= Self.tinySizeMax }
        let isHidden = visible.map { ["none", "false", "hidden"].contains($0) } ?? isTiny
        styles["\(family)/\(name)"] = Style(parent: element["parent-style-name"], isHidden: isHidden)
    }

    func isHidden(_ name: String?, _ family: String) -> Bool {
        chain(name, family).lazy.compactMap { self.styles[$0]?.isHidden }.first ?? false
    }

    func isTitle(_ name: String?) -> Bool { chain(name, "paragraph").contains("paragraph/Title") }

    private func chain(_ name: String?, _ family: String) -> [String] {
        var chain: [String] = []
        var next = name
        while let name = next, chain.count < Self.chainMax {
            let key = "\(family)/\(name)"
            chain.append(key)
            next = styles[key]?.parent
        }
        return chain
    }

    /// In points; zero where it is not said.
    func size(ofMaster name: String?) -> (width: Double, height: Double) {
        sizes[masters[name ?? ""] ?? ""] ?? (0, 0)
    }
}

/// `2.54cm`, in points.
enum OpenDocumentLength {
    private static let units = ["cm": 72 / 2.54, "mm": 72 / 25.4, "in": 72, "pt": 1, "pc": 12, "px": 0.75]

    static func points(_ text: String?) -> Double? {
        guard let text, let unit = units[String(text.suffix(2))], let number = Double(text.dropLast(2)),
            number.magnitude < 1e6
        else { return nil }
        return number * unit
    }
}
