/// The elements of HTML that mean something to a reader of text. All others are inline and transparent.
enum HTMLTag: UInt8, CaseIterable {
    case html, head, body, title, base, link, meta, style, script, template, noscript
    case main, article, section, nav, aside, header, footer, address, hgroup, search
    case h1, h2, h3, h4, h5, h6
    case p, div, center, hr, br, wbr, pre, xmp, listing, plaintext, blockquote, figure, figcaption
    case ul, ol, menu, dir, li, dl, dt, dd
    case table, caption, colgroup, col, thead, tbody, tfoot, tr, td, th
    case form, fieldset, legend, label, input, button, select, datalist, textarea, option, optgroup
    case details, summary, dialog
    case a, b, strong, img, area, embed, param, source, track
    case svg, canvas, audio, video, iframe, noembed, noframes, object, math, annotation
    case annotationXML

    enum Kind {
        case inline
        /// Has no content and no end tag.
        case void
        /// Ends an open paragraph and the text before it.
        case block
        /// Nothing in it is shown.
        case skipped
    }

    var kind: Kind {
        switch self {
        case .base, .link, .meta, .hr, .br, .wbr, .col, .input, .img, .area, .embed, .param, .source, .track: .void
        case .style, .script, .template, .noscript, .svg, .canvas, .audio, .video, .iframe, .noembed, .noframes,
            .select, .datalist, .annotation, .annotationXML, .title:
            .skipped
        case .a, .b, .strong, .label, .button, .textarea, .object, .math, .option, .optgroup: .inline
        default: .block
        }
    }

    /// Their content is not markup (HTML, section 13.2.5.2 and following).
    var isRawText: Bool {
        switch self {
        case .style, .script, .title, .textarea, .xmp, .iframe, .noembed, .noframes, .plaintext: true
        default: false
        }
    }

    var headingLevel: Int? {
        switch self {
        case .h1: 1
        case .h2: 2
        case .h3: 3
        case .h4: 4
        case .h5: 5
        case .h6: 6
        default: nil
        }
    }

    /// By `hash` of the name.
    static let byHash = Dictionary(
        uniqueKeysWithValues: allCases.map { (hash(of: Array($0.name.utf8)[...]), $0) })

    private var name: String { self == .annotationXML ? "annotation-xml" : String(describing: self) }

    /// FNV-1a, 64 bits, of the name in lower case. A name made to collide with another only stands for that one.
    static func hash(of name: ArraySlice<UInt8>) -> UInt64 {
        name.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1.lowercased)) &* 0x0000_0100_0000_01b3 }
    }
}

/// Attributes that say something about text; all others are passed over.
enum HTMLAttribute: String, CaseIterable {
    case id, `class`, style, hidden, role, href, alt, width, height, colspan, rowspan, start, value, type, reversed,
        open
    case ariaHidden = "aria-hidden"

    static let byHash = Dictionary(
        uniqueKeysWithValues: allCases.map { (HTMLTag.hash(of: Array($0.rawValue.utf8)[...]), $0) })
}
