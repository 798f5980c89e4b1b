/// The least that converters accept, made by hand.
enum SmallDocuments {
    /// One page with one line of Helvetica. Readers forgive the missing table of objects.
    static func pdf(_ line: String) -> [UInt8] {
        let content = "BT /F1 18 Tf 20 100 Td (\(line)) Tj ET"
        let objects = [
            "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
            "<</Length \(content.utf8.count)>>stream\n\(content)\nendstream",
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        ]
        let body = objects.enumerated().map { "\($0 + 1) 0 obj\($1)endobj\n" }.joined()
        return Array("%PDF-1.4\n\(body)trailer<</Root 1 0 R>>\n".utf8)
    }

    /// Five columns of seven dots a letter, the top one in the lowest bit.
    private static let letters: [Character: [UInt8]] = [
        "H": [0x7f, 0x08, 0x08, 0x08, 0x7f], "E": [0x7f, 0x49, 0x49, 0x49, 0x41],
        "L": [0x7f, 0x40, 0x40, 0x40, 0x40], "O": [0x3e, 0x41, 0x41, 0x41, 0x3e],
    ]

    /// A grey picture (PGM) of large letters; known ones only.
    static func image(_ text: String, dot: Int = 6) -> [UInt8] {
        let drawn = text.map { (letters[$0] ?? []) + [0, 0] }
        let columns: [UInt8] = [0, 0, 0] + drawn.joined() + [0]
        let rows = (-3..<10).map { row in
            columns.map { column -> UInt8 in (0..<7).contains(row) && column >> UInt8(row) & 1 == 1 ? 0 : 255 }
        }
        let pixels = rows.flatMap { row -> [UInt8] in
            let line = row.flatMap { [UInt8](repeating: $0, count: dot) }
            return (0..<dot).flatMap { _ in line }
        }
        return Array("P5 \(columns.count * dot) \(rows.count * dot) 255\n".utf8) + pixels
    }
}
