import Kit

/// Where a document lies in its collection: `handbook/leave.md`. Only a name: no file is ever opened by it.
package struct DocumentPath: Hashable, Sendable {
    package static let bytesMax = 1024
    package static let depthMax = 32

    /// At least one; none is empty, `.` or `..`.
    package let segments: [String]

    /// Refuses absolute paths, dot segments, back-slashes, control characters and over-long names (ATT-24).
    package init(_ text: String) throws(LibraryFailure) {
        guard !text.isEmpty else { throw .badPath(reason: "it is empty") }
        guard text.utf8.count <= Self.bytesMax else { throw .badPath(reason: "it is over \(Self.bytesMax) bytes") }
        guard !text.unicodeScalars.contains(where: Self.isForbidden) else {
            throw .badPath(reason: "it holds a control character or a back-slash")
        }
        // By scalar: to a string, a slash with a combining mark behind it is another character.
        let parts = text.unicodeScalars.split(separator: "/", omittingEmptySubsequences: false).map { String($0) }
        guard parts.count <= Self.depthMax else { throw .badPath(reason: "it is over \(Self.depthMax) levels deep") }
        guard !parts.contains(where: { ["", ".", ".."].contains($0) }) else {
            throw .badPath(reason: "it must be relative, without empty, . or .. parts")
        }
        segments = parts
    }

    private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "\\" || scalar.properties.generalCategory == .control
    }

    package var text: String { segments.joined(separator: "/") }
    package var name: String { segments[segments.count - 1] }

    /// Folders from the outermost: `a`, `a/b` for `a/b/c.md`.
    package var folders: [String] {
        segments.indices.dropLast().map { segments[...$0].joined(separator: "/") }
    }
}
