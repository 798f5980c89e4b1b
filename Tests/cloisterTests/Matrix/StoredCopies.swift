import Foundation
import HTTPKit
import Kit
import Storage

@testable import cloister

/// Looks through everything that a platform has stored: each file under its home, and each row of PostgreSQL.
extension TestPlatform {
    /// Where any of `words` stands in the clear, as such or in hexadecimal.
    func storedCopies(of words: [[UInt8]]) async throws -> [String] {
        let needles = words.flatMap { word in [Data(word), Data(Hex.encode(word).utf8)] }
        var found: [String] = []
        for path in try files() {
            let contents = try Data(contentsOf: URL(filePath: home + "/" + path))
            for (index, needle) in needles.enumerated() where contents.range(of: needle) != nil {
                found.append("word \(index / 2) in \(path)")
            }
        }
        for (table, line) in try await postgresRows() {
            for (index, needle) in needles.enumerated() where Data(line.utf8).range(of: needle) != nil {
                found.append("word \(index / 2) in table \(table)")
            }
        }
        return found
    }

    /// Regular files under the home, relative to it; sockets and directories left out.
    func files() throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: home).filter { path in
            let attributes = try? FileManager.default.attributesOfItem(atPath: home + "/" + path)
            return attributes?[.type] as? FileAttributeType == .typeRegular
        }
    }

    /// Every row as PostgreSQL prints it: bytes in hexadecimal. None on SQLite, whose file is read as it is.
    private func postgresRows() async throws -> [(String, String)] {
        guard !platform.ground.isExclusive else { return [] }
        return try await platform.ground.database.read { connection in
            let tables = try connection.rows(
                "SELECT table_name::text AS name FROM information_schema.tables WHERE table_schema = current_schema()")
            return try tables.flatMap { try Self.rows(of: try $0["name"], in: connection) }
        }
    }

    private static func rows(of name: String, in connection: any SQLConnection) throws -> [(String, String)] {
        guard let table = SQLIdentifier(name) else { throw UnreadableTable(name: name) }
        return try connection.rows("SELECT t::text AS line FROM \(table) t").map { row in
            let line: String = try row["line"]
            return (name, line)
        }
    }
}

struct UnreadableTable: Error {
    let name: String
}

extension TestPlatform {
    /// Writes a file under the home, as a careless part of the product would.
    func leave(_ text: String, in path: String) throws {
        try Data(text.utf8).write(to: URL(filePath: home + "/" + path))
    }
}
