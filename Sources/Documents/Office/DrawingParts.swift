/// Words of DrawingML (ECMA-376 part 1, 21): paragraphs of shapes, charts' values and diagrams' boxes, which all three
/// kinds of Office file have in the same form.
enum DrawingParts {
    /// Values of one series; a chart with more is data, not a picture.
    private static let pointsMax = 2_000
    private static let seriesMax = 100

    /// The words of one paragraph.
    static func text(of paragraph: XMLTree) -> [UInt8] {
        var text: [UInt8] = []
        for element in paragraph.elements {
            switch element.name {
            case "r", "fld": text += element.first("t")?.text ?? []
            case "br": text.append(0x20)
            case "m", "oMath", "oMathPara": text += MathText.text(of: element)
            case "AlternateContent": text += element.first("Choice").map { self.text(of: $0) } ?? []
            default: break
            }
        }
        return OfficeEscape.decoded(text)
    }

    /// `part`: the root of a chart or of a diagram's data.
    static func write(_ part: XMLTree, into writer: inout DocumentWriter) {
        switch part.name {
        case "chartSpace": writeChart(part, into: &writer)
        case "dataModel": writeDiagram(part, into: &writer)
        default: break
        }
    }

    private static func writeDiagram(_ data: XMLTree, into writer: inout DocumentWriter) {
        let shown: Set<String> = ["node", "asst"]
        for point in data.first("ptLst")?.all("pt") ?? [] where shown.contains(point["type"] ?? "node") {
            for paragraph in point.first("t")?.all("p") ?? [] { writer.listItem([Inline(text(of: paragraph))]) }
        }
    }

    private static func writeChart(_ space: XMLTree, into writer: inout DocumentWriter) {
        guard let chart = space.first("chart") else { return }
        writer.paragraph([Inline(paragraphs(in: chart.first("title")))])
        let series = Array((chart.first("plotArea")?.descendants("ser") ?? []).prefix(seriesMax))
        let values = series.map { points($0.first("val") ?? $0.first("yVal")) }
        let categories = series.lazy.map { points($0.first("cat") ?? $0.first("xVal")) }.first { !$0.isEmpty } ?? [:]
        let places = Set(values.flatMap(\.keys)).union(categories.keys).sorted().prefix(pointsMax)
        let names = series.map { points($0.first("tx"))[0] ?? $0.first("tx", "v")?.text ?? [] }
        let rows = places.map { place in [categories[place] ?? []] + values.map { $0[place] ?? [] } }
        writer.table(([[[]] + names] + rows).map { $0.map { [Inline($0)] } }, headerRows: 1)
    }

    private static func paragraphs(in node: XMLTree?) -> [UInt8] {
        (node?.descendants("p") ?? []).map { text(of: $0) }.joinedBytes(by: [0x20])
    }

    /// Cached values by place.
    private static func points(_ source: XMLTree?) -> [Int: [UInt8]] {
        var points: [Int: [UInt8]] = [:]
        for point in source?.descendants("pt") ?? [] {
            guard points.count < pointsMax, let place = point.number("idx"), place >= 0 else { continue }
            let value = point.first("v")?.text ?? []
            points[place] = point.firstDescendant("f") == nil ? DecimalText.shortest(value) : value
        }
        return points
    }
}

/// `_x000D_` and the like stand for characters that XML cannot hold (ECMA-376 part 1, 22.9.2.19).
enum OfficeEscape {
    static func decoded(_ text: [UInt8]) -> [UInt8] {
        guard text.containsSequence([0x5f, 0x78]) else { return text }
        var result: [UInt8] = []
        var index = 0
        while index < text.count {
            if let scalar = scalar(at: index, of: text) {
                result += Array(String(Character(scalar)).utf8)
                index += 7
            } else {
                result.append(text[index])
                index += 1
            }
        }
        return result
    }

    private static func scalar(at index: Int, of text: [UInt8]) -> Unicode.Scalar? {
        guard index + 7 <= text.count, text[index] == 0x5f, text[index + 1] == 0x78, text[index + 6] == 0x5f else {
            return nil
        }
        return UInt32(String(decoding: text[index + 2..<index + 6], as: UTF8.self), radix: 16).flatMap(
            Unicode.Scalar.init)
    }
}
