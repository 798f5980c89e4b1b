/// What an element adds to the context around it.
extension HTMLContext {
    init(_ outer: HTMLContext, _ tag: HTMLTokenizer.Tag, _ sheet: HTMLStyleSheet) {
        self = outer
        apply(tag)
        guard !tag.attributes.isEmpty else { return }
        applyRole(tag)
        if tag[.hidden] != nil || tag[.ariaHidden]?.lowercasedText == "true" { conceal() }
        if let appearance = sheet.appearance(class: tag[.class], id: tag[.id]) { apply(appearance) }
        if let style = tag[.style] { apply(HTMLAppearance(style)) }
    }

    private mutating func apply(_ tag: HTMLTokenizer.Tag) {
        guard let element = tag.tag else { return }
        if element.kind == .skipped { flags.formUnion([.hidden, .skipped]) }
        if let level = element.headingLevel { heading = UInt8(level) }
        switch element {
        case .main:
            flags.insert(.content)
            flags.remove(.boilerplate)
        case .article: flags.insert(.content)
        case .nav, .aside, .search: flags.insert(.boilerplate)
        case .header, .footer: if !flags.contains(.content) { flags.insert(.boilerplate) }
        case .a: if tag[.href] != nil { flags.insert(.link) }
        case .pre, .xmp, .listing, .plaintext: flags.insert(.verbatim)
        case .dialog: if tag[.open] == nil { flags.insert(.hidden) }
        default: break
        }
    }

    private mutating func applyRole(_ tag: HTMLTokenizer.Tag) {
        switch tag[.role]?.prefix(20).lowercasedText {
        case "main":
            flags.insert(.content)
            flags.remove(.boilerplate)
        case "navigation", "search", "dialog", "alertdialog", "complementary": flags.insert(.boilerplate)
        case "banner", "contentinfo": if !flags.contains(.content) { flags.insert(.boilerplate) }
        default: break
        }
        if isCookieBanner(tag[.id]) || isCookieBanner(tag[.class]) { flags.insert(.boilerplate) }
    }

    private func isCookieBanner(_ names: ArraySlice<UInt8>?) -> Bool {
        guard let names, names.count < 200, names.contains(where: { $0 | 0x20 == UInt8(ascii: "k") }) else {
            return false
        }
        let text = names.lowercasedText
        return text.contains("cookie") && ["banner", "consent", "notice", "popup"].contains { text.contains($0) }
    }

    private mutating func conceal() { flags.formUnion([.hidden, .concealed]) }

    private mutating func apply(_ appearance: HTMLAppearance) {
        func set(_ flag: Flags, _ value: Bool?) {
            guard let value else { return }
            if value { flags.insert(flag) } else { flags.remove(flag) }
        }
        if appearance.isHidden == true { conceal() }
        set(.tiny, appearance.isTiny)
        set(.invisible, appearance.isInvisible)
        set(.transparent, appearance.isTransparent)
    }

    /// An image's alternative text when it says something: at least four words. Not of an image that only counts
    /// readers.
    static func sentence(of image: HTMLTokenizer.Tag) -> ArraySlice<UInt8>? {
        guard let text = image[.alt], text.split(whereSeparator: \.isMarkupSpace).count >= 4 else { return nil }
        for side in [image[.width], image[.height]] where MarkupList.number(side).map({ $0 <= 1 }) ?? false {
            return nil
        }
        return text
    }

    static func isPresentation(_ table: HTMLTokenizer.Tag) -> Bool {
        let role = table[.role]?.prefix(20).lowercasedText
        return role == "presentation" || role == "none"
    }
}
