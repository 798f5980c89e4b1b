import Foundation

/// The files of a folder, with their paths relative to it. Links and hidden files are left out.
struct FolderListing {
    struct File: Sendable {
        /// Relative, with `/`.
        let name: String
        let url: URL
    }

    let files: [File]

    init(_ path: String) throws {
        let root = URL(filePath: path).standardizedFileURL
        let values = try? root.resourceValues(forKeys: [.isDirectoryKey])
        guard let isFolder = values?.isDirectory else { throw CommandFailure.notAFolder(path) }
        files = isFolder ? Self.list(root) : [File(name: root.lastPathComponent, url: root)]
        guard !files.isEmpty else { throw CommandFailure.nothingToIngest(path) }
    }

    private static func list(_ root: URL) -> [File] {
        let keys: [URLResourceKey] = [.isRegularFileKey, .isSymbolicLinkKey]
        let walk = FileManager.default.enumerator(
            at: root, includingPropertiesForKeys: keys, options: [.skipsHiddenFiles])
        var found: [File] = []
        while let url = walk?.nextObject() as? URL {
            let values = try? url.resourceValues(forKeys: Set(keys))
            guard values?.isRegularFile == true, values?.isSymbolicLink != true else { continue }
            let name = url.standardizedFileURL.path.dropFirst(root.path.count).drop { $0 == "/" }
            found.append(File(name: String(name), url: url))
        }
        return found.sorted { $0.name < $1.name }
    }
}
