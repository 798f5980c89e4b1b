/// Formulas as one line of plain text: `(a)/(b)`, `x^2`, `a_1` (Office's math, ECMA-376 part 1, 22.1, and MathML).
enum MathText {
    /// `node`: an `oMath`, a `math` or anything in one.
    static func text(of node: XMLTree) -> [UInt8] {
        switch node.name {
        case "t", "mi", "mo", "mn", "mtext": node.text
        case "f", "mfrac": fraction(node)
        case "sSup", "msup": joined(node, "^")
        case "sSub", "msub", "munder": joined(node, "_")
        case "rad", "msqrt": Array("√(".utf8) + inner(node) + [0x29]
        case "d": delimited(node)
        case "nary": operation(node)
        case "rPr", "ctrlPr", "annotation", "annotation-xml": []
        default: node.name.hasSuffix("Pr") ? [] : inner(node)
        }
    }

    private static func inner(_ node: XMLTree) -> [UInt8] { node.elements.flatMap { text(of: $0) } }

    private static func parts(_ node: XMLTree) -> [[UInt8]] {
        node.elements.filter { !$0.name.hasSuffix("Pr") }.map { text(of: $0) }
    }

    private static func fraction(_ node: XMLTree) -> [UInt8] {
        parts(node).map { isSimple($0) ? $0 : [0x28] + $0 + [0x29] }.joinedBytes(by: [0x2f])
    }

    private static func isSimple(_ text: [UInt8]) -> Bool {
        text.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5a).contains($0) || (0x61...0x7a).contains($0) }
    }

    private static func joined(_ node: XMLTree, _ sign: String) -> [UInt8] {
        parts(node).joinedBytes(by: Array(sign.utf8))
    }

    private static func delimited(_ node: XMLTree) -> [UInt8] {
        let properties = node.first("dPr")
        let begin = properties?.first("begChr")?["val"] ?? "("
        let end = properties?.first("endChr")?["val"] ?? ")"
        return Array(begin.utf8) + parts(node).joinedBytes(by: [0x2c, 0x20]) + Array(end.utf8)
    }

    private static func operation(_ node: XMLTree) -> [UInt8] {
        let sign = node.first("naryPr", "chr")?["val"] ?? "∫"
        var result = Array(sign.utf8)
        for (name, mark) in [("sub", "_"), ("sup", "^")] {
            guard let limit = node.first(name).map(text), !limit.isEmpty else { continue }
            result += Array(mark.utf8) + limit
        }
        return result + [0x20] + (node.first("e").map(text) ?? [])
    }
}

extension [[UInt8]] {
    func joinedBytes(by separator: [UInt8]) -> [UInt8] { Array<UInt8>(joined(separator: separator)) }
}
