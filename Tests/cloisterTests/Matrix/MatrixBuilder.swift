import HTTPKit
import HTTPTypes
import Kit

/// Makes a `MatrixWorld`, over HTTP throughout.
struct MatrixBuilder {
    let house: TestPlatform
    private let north: TestTenant
    private let south: TestTenant
    private var people: [String: Person] = [:]
    private var sent: [String: Sent] = [:]

    static func build(_ house: TestPlatform) async throws -> MatrixWorld {
        var builder = MatrixBuilder(
            house: house, north: try await house.tenant("north"), south: try await house.tenant("south"))
        return try await builder.build()
    }

    private mutating func build() async throws -> MatrixWorld {
        try await hire()
        let owner = person("owner").caller
        let clinic = try await makeClinic(owner)
        let hall = try await owner.createCollection("hall", allow: ["everyone"])
        try await send([.hall], to: hall, by: owner)
        let stranger = person("stranger").caller
        let foreign = try await stranger.createCollection("foreign", allow: ["everyone"])
        try await send([.foreign], to: foreign, by: stranger)
        try await rearrange(owner)
        return MatrixWorld(
            house: house, callers: people.mapValues(\.caller), subjects: people.mapValues(\.id), sent: sent,
            clinic: clinic, hall: hall, foreign: foreign)
    }

    /// `expired` comes first: its key has run out when the others are made.
    private mutating func hire() async throws {
        people["expired"] = try await north.person("expired", days: 1)
        house.time.advance(by: .seconds(2 * 86_400))
        people["owner"] = try await north.person("owner", roles: ["developer"], clearance: "restricted")
        people["member"] = try await north.person("member")
        people["nested"] = try await north.person("nested", clearance: "confidential")
        people["denied"] = try await north.person("denied")
        people["low"] = try await north.person("low", clearance: "public")
        people["other"] = try await north.person("other")
        people["admin"] = try await north.person("admin", roles: ["admin"], clearance: "top_secret")
        people["suspended"] = try await north.person("suspended")
        people["stranger"] = try await south.person("stranger", roles: ["developer"], clearance: "top_secret")
    }

    /// `nested` is in the ward only through the night shift.
    private mutating func makeClinic(_ owner: Caller) async throws -> String {
        let night = try await north.group("night", of: [id("nested")])
        let ward = try await north.group(
            "ward", of: [id("member"), id("denied"), id("low"), id("expired"), id("suspended"), night])
        let clinic = try await owner.createCollection("clinic", allow: [id("owner"), ward], deny: [id("denied")])
        try await restrict("night", to: [id("owner"), night], in: clinic, owner)
        try await restrict("deep", to: [id("owner"), ward], in: clinic, owner)
        try await restrict("deep/inner", to: [id("owner"), id("member")], in: clinic, owner)
        let plants = Plant.all.filter { ![Plant.hall.name, Plant.foreign.name].contains($0.name) }
        try await send(plants, to: clinic, by: owner)
        return clinic
    }

    private func restrict(_ path: String, to allowed: [String], in clinic: String, _ owner: Caller) async throws {
        let rule: JSON = ["path": .text(path), "allow": .list(allowed.map(JSON.text)), "deny": []]
        try await owner.put("/api/v1/collections/\(clinic)/folders/access", rule).succeeded()
    }

    private mutating func send(_ plants: [Plant], to collection: String, by caller: Caller) async throws {
        for plant in plants {
            sent[plant.name] = try await caller.upload(plant.text, to: collection, path: plant.path, label: plant.label)
        }
        try await caller.waitUntilReady(collection)
    }

    private func rearrange(_ owner: Caller) async throws {
        func address(_ plant: Plant) -> String { "/api/v1/documents/\(sent[plant.name]?.document ?? "")" }
        let denial: JSON = ["allow": .null, "deny": [.text(id("member"))]]
        try await owner.put(address(.documentDenied) + "/access", denial).succeeded()
        let inside: JSON = ["path": .text("night/\(Plant.movedIn.canary)path.md")]
        try await owner.post(address(.movedIn) + "/move", inside).succeeded()
        let outside: JSON = ["path": .text("open/\(Plant.movedOut.canary)path.md")]
        try await owner.post(address(.movedOut) + "/move", outside).succeeded()
        try await owner.delete(address(.deleted)).succeeded()
        try await north.suspend(id("suspended"))
    }

    /// Everybody is hired before anybody is looked up.
    private func person(_ name: String) -> Person { people[name]! }
    private func id(_ name: String) -> String { person(name).id }
}
