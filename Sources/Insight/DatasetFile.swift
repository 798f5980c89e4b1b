import Foundation

/// The text of a file of a data set, unpacked when its name ends in `.gz`.
enum DatasetFile {
    static func text(_ path: String) throws -> String {
        let data = path.hasSuffix(".gz") ? try gunzipped(path) : FileManager.default.contents(atPath: path)
        guard let data else { throw InsightFailure.unreadable(path: path) }
        return String(decoding: data, as: UTF8.self)
    }

    /// gzip is part of every Debian; a library for one file of an evaluation is not worth its weight.
    private static func gunzipped(_ path: String) throws -> Data? {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/gzip")
        process.arguments = ["-dc", "--", path]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        do { try process.run() } catch { return nil }
        let data = try output.fileHandleForReading.readToEnd()
        process.waitUntilExit()
        return process.terminationStatus == 0 ? data : nil
    }
}

extension DatasetFile {
    /// One JSON object on each line.
    static func lines<Line: Decodable>(_ path: String) throws -> [Line] {
        let decoder = JSONDecoder()
        return try text(path).split(separator: "\n").enumerated().map { index, line in
            do {
                return try decoder.decode(Line.self, from: Data(line.utf8))
            } catch {
                throw InsightFailure.malformed(file: URL(filePath: path).lastPathComponent, line: index + 1)
            }
        }
    }
}
