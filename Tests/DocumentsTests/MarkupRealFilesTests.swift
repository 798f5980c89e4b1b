import Foundation
import Testing

@testable import Documents

private let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("../shared/data/docparse-docling").standardized

/// Published files with the text that another reader is held to. They are not part of the project.
@Suite(.enabled(if: FileManager.default.fileExists(atPath: folder.path)))
struct MarkupRealFilesTests {
    private static func words(_ text: String) -> [Substring] {
        text.replacing(/<!--.*?-->/, with: "").replacing(/\]\([^)]*\)/, with: "").split { !$0.isLetter && !$0.isNumber }
    }

    /// How many of the expected words are there, as often as expected.
    private static func recall(_ kind: String, _ name: String) throws -> Double {
        let place = folder.appendingPathComponent(kind)
        let bytes = [UInt8](try Data(contentsOf: place.appendingPathComponent("sources/\(name)")))
        let expected = try String(
            contentsOf: place.appendingPathComponent("expected/\(name).md"), encoding: .utf8)
        var left: [Substring: Int] = [:]
        let text = String(decoding: try DocumentParser.parse(bytes, name: name).text, as: UTF8.self)
        for word in words(text) { left[word, default: 0] += 1 }
        let wanted = words(expected)
        let found = wanted.count { word in
            left[word, default: 0] -= 1
            return left[word, default: 0] >= 0
        }
        return Double(found) / Double(max(wanted.count, 1))
    }

    /// The floor is what short files lose by an image's name or by `H 2 O` for H2O.
    @Test(arguments: ["html", "epub", "jats"])
    func `the expected words are read`(kind: String) throws {
        let expected = folder.appendingPathComponent(kind).appendingPathComponent("expected")
        let names = try FileManager.default.contentsOfDirectory(atPath: expected.path).map { String($0.dropLast(3)) }
            .filter { !$0.hasSuffix(".txt") }
        var total = 0.0
        for name in names.sorted() {
            let recall = try Self.recall(kind, name)
            #expect(recall > 0.85, "\(name) \(recall)")
            total += recall
        }
        #expect(total / Double(names.count) > 0.96, "\(kind)")
    }
}
