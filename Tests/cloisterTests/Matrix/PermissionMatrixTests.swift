import Foundation
import HTTPKit
import HTTPTypes
import Kit
import Testing

@Suite("Permission matrix", .serialized) struct PermissionMatrixTests {
    @Test(arguments: Engine.allCases)
    func `nobody meets a document that is not theirs in any answer, and everybody meets their own`(
        on engine: Engine
    ) async throws {
        try await TestPlatform.run(on: engine) { house in
            let world = try await MatrixBuilder.build(house)
            var columns: [[String]] = []
            for name in MatrixWorld.people { columns.append(try await Self.column(of: name, in: world)) }
            let names = ["document"] + Plant.all.map(\.name)
            let rows = names.indices.map { row in [names[row]] + columns.map { $0[row] } }
            try GoldenFile.ofProduct("permission-matrix.txt").check(Self.table(rows))
        }
    }

    /// The person's name and what they meet of each document.
    private static func column(of name: String, in world: MatrixWorld) async throws -> [String] {
        let probe = try await MatrixProbe.result(of: name, in: world)
        #expect(probe.leaks == [])
        #expect(probe.mistakes == [])
        for plant in Plant.all {
            #expect((probe.cell(plant) == "reads") == plant.readers.contains(name), "\(name), \(plant.name)")
        }
        return [name] + Plant.all.map(probe.cell)
    }

    /// A document stands in the clinic after every vain attempt to change it.
    @Test(arguments: Engine.allCases)
    func `what people try on documents that are hidden from them changes nothing`(on engine: Engine) async throws {
        try await TestPlatform.run(on: engine) { house in
            let world = try await MatrixBuilder.build(house)
            let (owner, address) = (world.caller("owner"), "/api/v1/collections/\(world.clinic)/documents?limit=100")
            let before = try await owner.get(address).text
            for name in ["member", "denied", "low", "other", "admin", "stranger"] {
                _ = try await MatrixProbe.result(of: name, in: world)
            }
            #expect(try await owner.get(address).text == before)
        }
    }

    private static func table(_ rows: [[String]]) -> String {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let padded = zip(row, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }
            var line = padded.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }.joined()
    }
}
