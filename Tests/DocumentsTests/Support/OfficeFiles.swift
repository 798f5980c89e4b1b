import TestKit

@testable import Documents

/// Office packages made of the parts that a test is about.
enum OfficeFiles {
    typealias Members = [(path: String, content: String)]

    private static let relationships = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

    /// `body`: what is in `w:body`; `extra`: further parts, by path.
    static func word(_ body: String, extra: Members = []) -> Members {
        let root =
            "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" xmlns:r=\"\(relationships)\""
        let links = [
            "styles", "numbering", "footnotes", "endnotes", "header1.xml:header", "comments",
            "diagrams/data1.xml:diagramData", "charts/chart1.xml:chart",
        ]
        return [
            ("word/document.xml", "<w:document \(root)><w:body>\(body)</w:body></w:document>"),
            ("word/_rels/document.xml.rels", rels(links)),
        ] + extra
    }

    /// `slides`: what is in each slide's `p:spTree`, or all of it where it begins with `<p:sld`.
    static func presentation(_ slides: [String], extra: Members = []) -> Members {
        let root =
            "xmlns:p=\"http://schemas.openxmlformats.org/presentationml/2006/main\" xmlns:r=\"\(relationships)\""
            + " xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" xmlns:c=\"c\" xmlns:dgm=\"d\""
        let list = slides.indices.map { "<p:sldId id=\"\(256 + $0)\" r:id=\"slides/slide\($0).xml\"/>" }.joined()
        let parts = slides.enumerated().map { index, slide -> (path: String, content: String) in
            let tree = slide.hasPrefix("<p:cSld") ? slide : "<p:cSld><p:spTree>\(slide)</p:spTree></p:cSld>"
            let whole =
                slide.hasPrefix("<p:sld") ? slide.replacing("ROOT", with: root) : "<p:sld \(root)>\(tree)</p:sld>"
            return ("ppt/slides/slide\(index).xml", whole)
        }
        let links = slides.indices.map { "slides/slide\($0).xml:slide" }
        return [
            (
                "ppt/presentation.xml",
                "<p:presentation \(root)><p:sldIdLst>\(list)</p:sldIdLst><p:sldSz cx=\"9144000\" cy=\"6858000\"/>"
                    + "</p:presentation>"
            ), ("ppt/_rels/presentation.xml.rels", rels(links)),
        ] + parts + extra
    }

    /// `sheets`: name, attributes and what is in `worksheet`.
    static func workbook(
        _ sheets: [(name: String, attributes: String, content: String)], properties: String = "", extra: Members = []
    ) -> Members {
        let list = sheets.enumerated().map { index, sheet in
            "<sheet name=\"\(sheet.name)\" sheetId=\"\(index + 1)\" \(sheet.attributes) r:id=\"sheet\(index).xml\"/>"
        }
        let links = sheets.indices.map { "sheet\($0).xml:worksheet" } + ["styles", "sharedStrings"]
        return [
            (
                "xl/workbook.xml",
                "<workbook xmlns:r=\"\(relationships)\">\(properties)<sheets>\(list.joined())</sheets></workbook>"
            ), ("xl/_rels/workbook.xml.rels", rels(links)),
        ]
            + sheets.enumerated().map { index, sheet in
                ("xl/sheet\(index).xml", "<worksheet>\(sheet.content)</worksheet>")
            } + extra
    }

    static func openDocument(
        _ type: String, _ body: String, automatic: String = "", extra: Members = []
    ) -> Members {
        let root = ["office", "text", "table", "draw", "presentation", "style", "fo", "svg", "xlink"]
            .map { "xmlns:\($0)=\"urn:\($0)\"" }.joined(separator: " ")
        return [
            ("mimetype", "application/vnd.oasis.opendocument.\(type)"),
            (
                "content.xml",
                "<office:document-content \(root)><office:automatic-styles>\(automatic)</office:automatic-styles>"
                    + "<office:body><office:\(type)>\(body)</office:\(type)></office:body></office:document-content>"
            ),
        ] + extra.map { ($0.path, $0.content.replacing("ROOT", with: root)) }
    }

    /// `name` stands for `name.xml` of that type; the identifier is the target.
    static func rels(_ links: [String]) -> String {
        let lines = links.map { link in
            let parts = link.split(separator: ":")
            let target = parts.count > 1 ? String(parts[0]) : link + ".xml"
            return "<Relationship Id=\"\(target)\" Type=\"\(relationships)/\(parts.last ?? "")\" Target=\"\(target)\"/>"
        }
        return "<Relationships>\(lines.joined())</Relationships>"
    }

    static func parse(_ members: Members, limits: ParseLimits = ParseLimits()) throws -> ParsedDocument {
        let bytes = ZipWriter.archive(members)
        let format = try DocumentFormat.detect(bytes, name: "x")
        return try DocumentParser.parse(SourceFile(bytes: bytes, name: "x", format: format), limits: limits)
    }

    /// Parses many damaged forms of a file. Whatever happens to them, they end in a document or a known failure.
    static func surviveDamage(_ members: Members, seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let format = (try? DocumentFormat.detect(ZipWriter.archive(members), name: "x")) ?? .zip
        for _ in 0..<40 {
            var writer = ZipWriter()
            for member in members {
                let bytes = Array(member.content.utf8)
                let isHit = member.path != "mimetype" && Bool.random(using: &generator)
                writer.add(member.path, isHit ? damaged(bytes, using: &generator) : bytes)
            }
            let whole = writer.finished()
            let file = Int.random(in: 0..<4, using: &generator) == 0 ? damaged(whole, using: &generator) : whole
            _ = try? DocumentParser.parse(SourceFile(bytes: file, name: "x", format: format))
        }
    }

    /// A byte turned, a piece cut, a piece said twice, or a number made large.
    static func damaged(_ bytes: [UInt8], using generator: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        guard !bytes.isEmpty else { return bytes }
        for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
            let start = Int.random(in: 0..<bytes.count, using: &generator)
            let end = min(bytes.count, start + Int.random(in: 1...60, using: &generator))
            switch Int.random(in: 0..<5, using: &generator) {
            case 0: bytes[start] = .random(in: 0...255, using: &generator)
            case 1: bytes.removeSubrange(start..<end)
            case 2: bytes.insert(contentsOf: bytes[start..<end], at: start)
            case 3:
                let digit = bytes[start...].firstIndex { (0x30...0x39).contains($0) } ?? start
                bytes.replaceSubrange(digit...digit, with: Array("9223372036854775807".utf8))
            default:
                let digit = bytes[start...].firstIndex { (0x30...0x39).contains($0) } ?? start
                bytes.replaceSubrange(digit...digit, with: Array("-9223372036854775808".utf8))
            }
        }
        return bytes
    }
}
