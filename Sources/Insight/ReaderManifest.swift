import Crypto
import Encoder
import Foundation
import Kit

/// Which paragraphs the reader was trained, tuned and is reported on. Training and evaluation never share rows.
package struct ReaderManifest: Sendable {
    package enum Split: String, Sendable, Decodable {
        case train, tune, report
    }

    private let splits: [String: Split]

    /// - Parameter lines: JSON objects, one a line, with `split` and the `sha256` of a paragraph's UTF-8 text.
    package init(lines: [UInt8]) throws {
        let decoder = JSONDecoder()
        var splits: [String: Split] = [:]
        for (number, line) in lines.split(separator: UInt8(ascii: "\n")).enumerated() {
            guard let row = try? decoder.decode(Row.self, from: Data(line)) else {
                throw InsightFailure.malformed(file: "manifest.jsonl", line: number + 1)
            }
            splits[row.sha256] = row.split == .train ? .train : splits[row.sha256] ?? row.split
        }
        self.splits = splits
    }

    /// That of the reader in this binary.
    package static func shipped() throws -> ReaderManifest { try ReaderManifest(lines: Encoder.readerManifest) }

    /// The split of a paragraph; one that is unknown was never trained on, and may be reported.
    package func split(of paragraph: String) -> Split {
        splits[Hex.encode(SHA256.hash(data: Data(paragraph.utf8)))] ?? .report
    }

    private struct Row: Decodable {
        let split: Split
        let sha256: String
    }
}
