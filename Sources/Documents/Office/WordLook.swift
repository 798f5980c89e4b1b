/// What properties say about whether letters can be seen (ECMA-376 part 1, 17.3.2). Nil: nothing.
struct WordLook: Equatable {
    var isHidden: Bool?
    /// At most one point high.
    var isTiny: Bool?
    var isWhite: Bool?
    /// Something with a colour is behind them.
    var isShaded: Bool?

    /// Half-points.
    private static let tinySizeMax = 2
    /// Of 255; no eye tells these from paper.
    private static let whiteMin: UInt8 = 0xfa

    /// `properties`: an `rPr`.
    init(_ properties: XMLTree? = nil) {
        guard let properties else { return }
        isHidden = properties.toggle("vanish")
        isTiny = properties.first("sz")?.number("val").map { $0 <= Self.tinySizeMax }
        isWhite = properties.first("color")?["val"].map(Self.isWhite)
        isShaded = Self.isShaded(properties)
        if let mark = properties.first("highlight")?["val"], mark != "none", mark != "white" { isShaded = true }
    }

    /// `properties`: those of a run, paragraph, cell or table.
    static func isShaded(_ properties: XMLTree?) -> Bool? { properties?.first("shd").map(isColour) }

    /// A pattern counts: which of its two colours is seen is not told by one number.
    static func isColour(_ shading: XMLTree) -> Bool {
        if shading["themeFill"] != nil || !["clear", "nil"].contains(shading["val"] ?? "clear") { return true }
        let fill = shading["fill"] ?? "auto"
        return fill != "auto" && !isWhite(fill)
    }

    /// Six hexadecimal digits; anything else is a colour.
    private static func isWhite(_ color: String) -> Bool {
        guard color.utf8.count == 6, let value = UInt32(color, radix: 16) else { return false }
        return [value >> 16, value >> 8, value].allSatisfy { UInt8(truncatingIfNeeded: $0) >= whiteMin }
    }
}
