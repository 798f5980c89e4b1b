#if canImport(Glibc)
    import Glibc
#endif

/// Published test files beside the package; absent on most machines.
enum RealFiles {
    private static let root =
        String(#filePath).split(separator: "/").dropLast(4).reduce("") { $0 + "/" + $1 }
        + "/../shared/data/"

    static func exist(_ folder: String) -> Bool { access(root + folder, R_OK) == 0 }

    /// Nil when it cannot be read.
    static func bytes(_ path: String) -> [UInt8]? {
        guard let file = fopen(root + path, "rb") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&piece, 1, piece.count, file), count > 0 { bytes += piece[..<count] }
        return bytes
    }

    /// Paths of the files in a folder, in order.
    static func list(_ folder: String) -> [String] {
        guard let directory = opendir(root + folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(folder + "/" + name) }
        }
        return names.sorted()
    }
}
