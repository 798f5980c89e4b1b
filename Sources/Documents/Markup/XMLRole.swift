/// What an element of XML is to a reader, by its name: JATS (Z39.96), DocBook 5, TEI, RSS 2.0, Atom (RFC 4287), and
/// XHTML's tables.
enum XMLRole: Equatable {
    /// What no name tells: a block of its own, unless it stands in running text.
    case block
    case inline
    case title
    case section
    case list(isOrdered: Bool)
    case item
    case table, head, row, cell(isHeader: Bool)
    case code
    /// One block, whatever is in it, with spaces between its parts.
    case gathered
    /// HTML as escaped text.
    case html
    case lineBreak
    /// Said elsewhere, or for machines.
    case skipped

    /// `isFeed`: the root is that of a feed.
    static func of(_ name: String, isFeed: Bool) -> XMLRole {
        if isFeed, let role = feed[name] { return role }
        return names[name] ?? .block
    }

    static func isFeed(_ root: String) -> Bool { root == "rss" || root == "feed" || root == "RDF" }

    private static let feed: [String: XMLRole] = {
        var roles: [String: XMLRole] = ["item": .section, "entry": .section]
        for name in ["description", "summary", "content", "encoded", "subtitle"] { roles[name] = .html }
        for name in [
            "link", "guid", "id", "generator", "docs", "ttl", "language", "lastBuildDate", "image", "cloud",
            "enclosure",
            "uri", "email", "icon", "logo", "items", "webMaster", "managingEditor", "skipHours", "skipDays", "comments",
            "commentRss", "updatePeriod", "updateFrequency", "post-id",
        ] { roles[name] = .skipped }
        return roles
    }()

    private static let names: [String: XMLRole] = {
        var roles: [String: XMLRole] = [
            "table": .table, "informaltable": .block, "thead": .head, "tr": .row, "row": .row,
            "th": .cell(isHeader: true), "td": .cell(isHeader: false), "entry": .cell(isHeader: false),
            "br": .lineBreak, "break": .lineBreak, "lb": .lineBreak, "ol": .list(isOrdered: true),
            "orderedlist": .list(isOrdered: true), "procedure": .list(isOrdered: true), "step": .item,
        ]
        func set(_ role: XMLRole, _ names: String) {
            for name in names.split(separator: " ") { roles[String(name)] = role }
        }
        set(.title, "title article-title head trans-title")
        set(
            .section,
            "sec section sect1 sect2 sect3 sect4 sect5 chapter part appendix preface simplesect ack abstract "
                + "app ref-list glossary bibliography book-part trans-abstract fn-group notes")
        set(.list(isOrdered: false), "list itemizedlist variablelist simplelist ul def-list gloss-list")
        set(.item, "list-item listitem li item member ref biblioentry bibliomixed fn")
        set(.code, "pre programlisting screen preformat literallayout synopsis")
        set(
            .gathered,
            "contrib aff name string-name collab address author mixed-citation element-citation formula "
                + "inline-formula disp-formula math tex-math citation")
        set(
            .inline,
            "italic bold sup sub xref ext-link sc underline monospace styled-content named-content email uri "
                + "emphasis link ulink literal code i b em strong a span u tt hi ref-type abbrev abbr acronym quote q "
                + "phrase filename command option varname function type firstterm footnoteref superscript subscript "
                + "inline-graphic institution institution-wrap country city addr-line label surname given-names year "
                + "replaceable userinput computeroutput guilabel menuchoice keycap trademark wordasword cite fpage "
                + "lpage volume issue source person-group pub-id strike overline roman sans-serif rp rt ruby small "
                + "mark kbd var"
        )
        set(
            .skipped,
            "journal-meta article-id pub-date history contrib-id object-id processing-meta counts "
                + "custom-meta-group article-categories elocation-id self-uri issn isbn pub-history issue-title "
                + "article-version institution-id journal-id copyright-year license-ref annotation annotation-xml "
                + "script style indexterm journal-title-group publisher permissions funding-group author-notes "
                + "kwd-group related-article pub-date-not-available supplementary-material")
        return roles
    }()
}
