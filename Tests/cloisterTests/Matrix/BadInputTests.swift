import HTTPKit
import HTTPTypes
import Kit
import Testing

/// Whatever is sent, the answer is the documented problem, never a 500. The requests are made from the route table.
@Suite("Bad input", .serialized) struct BadInputTests {
    @Test(arguments: Engine.allCases)
    func `no route takes a broken, misshapen or oversized body, and each says what was wrong`(
        on engine: Engine
    ) async throws {
        try await TestPlatform.run(on: engine, flags: ["limits.upload_bytes": "64 KiB"]) { house in
            let world = try await BadInputWorld.build(house)
            for route in world.routes {
                guard case .object(let fields)? = route.takes else { continue }
                for (name, bytes) in BrokenBodies.all { try await world.expect([400], route, bytes, name) }
                try await world.expect(
                    [413], route, [UInt8](repeating: 0x20, count: route.bodyBytesMax + 1), "oversize")
                for (name, body) in BrokenBodies.misshapen(fields) {
                    try await world.expect([400], route, Caller.encode(body), name)
                }
                for (name, body) in BrokenBodies.extreme(fields) {
                    try await world.expect(nil, route, Caller.encode(body), name)
                }
            }
        }
    }

    @Test(arguments: Engine.allCases)
    func `unknown and malformed identifiers answer alike on every route`(on engine: Engine) async throws {
        try await TestPlatform.run(on: engine) { house in
            let world = try await BadInputWorld.build(house)
            for route in world.routes {
                for name in Samples.names(of: route) where Samples.prefixes[name] != nil {
                    let body = route.takes.map { Caller.encode(world.valid($0)) } ?? []
                    let unknown = try await world.send(route, body, [name: nil])
                    // Taking out of a group who is not in it has succeeded already.
                    let isDone = route.method == .delete && name == "member" && unknown.status == 204
                    #expect(
                        unknown.status == 404 || isDone,
                        "\(route.method) \(route.path), unknown \(name): \(unknown.text)")
                    for malformed in BrokenBodies.identifiers {
                        let answer = try await world.send(route, body, [name: malformed])
                        #expect(answer.status == 404, "\(route.method) \(route.path), \(malformed): \(answer.text)")
                        world.expectProblem(answer, "\(route.method) \(route.path)")
                    }
                }
            }
        }
    }

    @Test(arguments: Engine.allCases)
    func `bad values of a query are named`(on engine: Engine) async throws {
        try await TestPlatform.run(on: engine) { house in
            let world = try await BadInputWorld.build(house)
            let items = [
                "limit=0", "limit=-1", "limit=x", "limit=1000000", "limit=99999999999999999999", "limit=",
                "cursor=x", "cursor=%20", "cursor=\(String(repeating: "A", count: 3000))", "cursor=AWFiYw", "limit=%ff",
                "x=%zz", "x=%f",
            ]
            let lists = world.routes.filter { route in
                guard route.method == .get, case .object(let fields)? = route.gives else { return false }
                return fields.map(\.name).contains("next")
            }
            #expect(lists.count >= 6)
            for route in lists {
                for item in items {
                    let answer = try await world.send(route, [], [:], query: item)
                    #expect(answer.status == 400, "\(route.path)?\(item): \(answer.status) \(answer.text)")
                    world.expectProblem(answer, "\(route.path)?\(item)")
                }
            }
        }
    }

    @Test(arguments: Engine.allCases)
    func `a file that cannot be read is refused, or fails with its reason`(on engine: Engine) async throws {
        try await TestPlatform.run(on: engine, flags: ["limits.upload_bytes": "64 KiB"]) { house in
            let world = try await BadInputWorld.build(house)
            let (boss, collection) = (world.boss, world.values["collection"] ?? "")
            let refused: [(String, [UInt8], String, String?, Int)] = [
                ("empty", [], "text/markdown", nil, 400),
                ("program", [0x7f, 0x45, 0x4c, 0x46, 0], "application/pdf", nil, 415),
                ("oversize", [UInt8](repeating: 0x61, count: 65_537), "text/plain", nil, 413),
                ("label", [0x61], "text/plain", "secret", 400),
            ]
            for (name, bytes, type, label, status) in refused {
                let answer = try await boss.sendFile(
                    bytes, to: collection, path: "\(name).md", label: label, type: type)
                #expect(answer.status == status, "\(name): \(answer.text)")
                world.expectProblem(answer, name)
            }
            for query in ["", "?path=", "?path=%ff", "?path", "?label=public", "?path=/etc/passwd"] {
                let target = "/api/v1/collections/\(collection)/documents" + query
                let answer = try await boss.send(.post, target, [0x61], type: "text/plain")
                #expect(answer.status == 400, "\(query): \(answer.text)")
            }
            for (name, bytes) in BrokenBodies.unreadableFiles {
                let sent = try await boss.sendFile(bytes, to: collection, path: "\(name).md").succeeded()
                try await boss.waitUntilReady(collection)
                let document = try await boss.get("/api/v1/documents/\(try sent.value("document"))").json
                #expect(document["state"]?.text == "failed" && document["reason"]?.text?.isEmpty == false, "\(name)")
            }
        }
    }

    /// The codes are part of the API.
    @Test func `the problem codes that requests meet are those of the golden list`() async throws {
        try await TestPlatform.run(on: .sqlite) { house in
            let world = try await BadInputWorld.build(house)
            var codes: Set<String> = []
            for route in world.routes {
                for body in [[], Array("{".utf8), Caller.encode(world.valid(route.takes ?? .any))] {
                    for caller in [house.guest, world.viewer, world.boss] {
                        let answer = try await world.send(route, body, [:], by: caller)
                        // A probe that says "not yet" is no problem.
                        if !answer.code.isEmpty { codes.insert("\(answer.status) \(answer.code)\n") }
                    }
                }
            }
            for answer in try await world.oddities() { codes.insert("\(answer.status) \(answer.code)\n") }
            try GoldenFile.ofProduct("problem-codes.txt").check(codes.sorted().joined())
        }
    }
}
