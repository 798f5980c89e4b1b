import Library

/// Where an item of a source lies in its collection: below the name of the source, as it is called there as far as a
/// path of ours can hold it. A name for people; two items may share one.
enum LandingPath {
    private static let segmentBytesMax = 200

    static func path(of text: String, in source: String) throws(LibraryFailure) -> DocumentPath {
        let parts = text.split(separator: "/").map { segment(String($0)) }
        // What lies too deep keeps its own name and its outermost folders.
        let kept =
            parts.count < DocumentPath.depthMax
            ? parts : Array(parts.prefix(DocumentPath.depthMax - 3)) + ["…", parts[parts.count - 1]]
        return try DocumentPath(fitting(([segment(source)] + (kept.isEmpty ? ["_"] : kept))).joined(separator: "/"))
    }

    private static func fitting(_ parts: [String]) -> [String] {
        var parts = parts
        while parts.count > 2, parts.reduce(parts.count, { $0 + $1.utf8.count }) > DocumentPath.bytesMax {
            parts.remove(at: parts.count - 2)
        }
        return parts
    }

    private static func segment(_ text: String) -> String {
        var (clean, bytes) = ("", 0)
        for scalar in text.unicodeScalars {
            let isForbidden = scalar == "\\" || scalar == "/" || scalar.properties.generalCategory == .control
            let plain = isForbidden ? "_" : scalar
            bytes += UTF8.width(plain)
            guard bytes <= segmentBytesMax else { break }
            clean.unicodeScalars.append(plain)
        }
        return ["", ".", ".."].contains(clean) ? "_" : clean
    }
}
