import Documents
import Foundation

/// Files to read, some with the text that should come out: a folder with an `index.jsonl` of `file` and `expected`, or
/// any folder of files.
package struct ParsingDataset: Sendable {
    package struct Item: Sendable {
        package let name: String
        package let url: URL
        /// Markdown.
        package let expected: URL?
    }

    package let items: [Item]

    package init(directory: String) throws {
        let root = URL(filePath: directory)
        let index = root.appending(path: "index.jsonl")
        if let lines = try? String(contentsOf: index, encoding: .utf8) {
            items = try lines.split(separator: "\n").map { try Self.item($0, in: root) }
        } else {
            items = Self.files(in: root)
        }
        guard !items.isEmpty else { throw InsightFailure.unreadable(path: directory) }
    }

    private struct Line: Decodable {
        let file: String
        let expected: String?
    }

    private static func item(_ line: Substring, in root: URL) throws -> Item {
        let entry = try JSONDecoder().decode(Line.self, from: Data(line.utf8))
        return Item(
            name: entry.file, url: root.appending(path: entry.file),
            expected: entry.expected.map { root.appending(path: $0) })
    }

    /// Without what tells about the data set itself.
    private static func files(in root: URL) -> [Item] {
        let walk = FileManager.default.enumerator(at: root, includingPropertiesForKeys: [.isRegularFileKey])
        var found: [Item] = []
        while let url = walk?.nextObject() as? URL {
            let isFile = (try? url.resourceValues(forKeys: [.isRegularFileKey]))?.isRegularFile ?? false
            let name = url.lastPathComponent
            guard isFile, name != "README.md", !name.hasPrefix("LICENSE"), !name.hasPrefix("files.") else { continue }
            let path = url.standardizedFileURL.path.dropFirst(root.standardizedFileURL.path.count)
            found.append(Item(name: String(path.drop { $0 == "/" }), url: url, expected: nil))
        }
        return found.sorted { $0.name < $1.name }
    }
}
