import Foundation
import TestKit
import Testing

/// A file that a test's outcome is compared with; `CLOISTER_GOLDEN=write` rewrites it, and the diff is reviewed.
struct GoldenFile {
    /// Relative to the folder of Package.swift.
    let path: String

    static func ofProduct(_ name: String) -> GoldenFile { GoldenFile(path: "Tests/cloisterTests/Golden/" + name) }

    func check(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let url = URL(filePath: TestEnvironment.packageRoot + "/" + path)
        if ProcessInfo.processInfo.environment["CLOISTER_GOLDEN"] == "write" {
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url)
        }
        let kept = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
        let (old, new) = (
            kept.split(separator: "\n", omittingEmptySubsequences: false),
            text.split(separator: "\n", omittingEmptySubsequences: false)
        )
        let changes = new.difference(from: old).map { change in
            switch change {
            case .insert(_, let line, _): "+ \(line)"
            case .remove(_, let line, _): "- \(line)"
            }
        }
        #expect(changes == [], "\(path) is out of date; `make golden` rewrites it.", sourceLocation: sourceLocation)
    }
}
