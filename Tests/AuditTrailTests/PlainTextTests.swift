import AuditTrail
import Foundation
import Keyring
import Kit
import Storage
import TestKit
import Testing

@Suite struct PlainTextTests {
    private let canary = "the heron of the northern harbour"

    @Test func `no file of the database holds an entry's words`() async throws {
        try await TestEnvironment.withTemporaryDirectory { path in
            let database = try SQLiteDatabase.open(path: path + "/data.sqlite")
            try await Migrator([AuditMigrations.schema]).migrate(database)
            try await writeCanary(AuditBench(database, keys: path + "/keys"))
            #expect(try files(in: path).contains(where: { $0.hasPrefix("data.sqlite") }))
            try expectCleanFiles(in: path)
            await database.close()
            try expectCleanFiles(in: path)
        }
    }

    @Test func `no row of either engine holds an entry's words`() async throws {
        try await AuditBench.each { bench in
            try await writeCanary(bench)
            let cells = try await bench.database.read { connection in
                try connection.rows("SELECT entry FROM audit_leaves").map { try $0["entry"] as [UInt8] }
                    + connection.rows("SELECT payload FROM audit_intents").map { try $0["payload"] as [UInt8] }
            }
            #expect(cells.count == 3)
            for cell in cells { expectClean(Data(cell), "a cell") }
        }
    }

    private func writeCanary(_ bench: AuditBench) async throws {
        let tenant = try bench.makeTenant()
        let entry = AuditEntry(action: "notes.write", resource: canary, facts: ["note": canary, canary: "x"])
        try await bench.trail.record(entry, for: .tenant(tenant))
        _ = try await bench.database.write(.tenant(tenant)) {
            try bench.trail.beginIntent(kind: "notes.burn", payload: Array(canary.utf8), entry: entry, in: $0)
        }
    }

    private func files(in path: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: path).filter { !$0.hasSuffix("keys") }
    }

    private func expectCleanFiles(in path: String) throws {
        for file in try files(in: path) { expectClean(try Data(contentsOf: URL(filePath: path + "/" + file)), file) }
    }

    private func expectClean(_ data: Data, _ place: String) {
        #expect(data.range(of: Data(canary.utf8)) == nil, "\(place)")
        #expect(data.range(of: Data("notes.write".utf8)) == nil, "\(place)")
    }
}
