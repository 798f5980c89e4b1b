import Foundation
import TestKit
import Testing

@Suite struct ServeCommandTests {
    @Test func `commands beside a server use its socket, and SIGTERM ends it with 0`() async throws {
        try await TestEnvironment.withTemporaryDirectory { root in
            let file = root + "/lamp.md"
            try Data("# Lamps\n\nThe keeper of the lamp is called Zebedee.\n".utf8).write(to: URL(filePath: file))
            let program = Program(home: root + "/home")
            try await ServedProgram.run(program) { served in
                let socket = program.home + "/data/socket"
                let mode = try FileManager.default.attributesOfItem(atPath: socket)[.posixPermissions] as? NSNumber
                #expect(mode?.intValue == 0o600)
                // The server holds the data directory, so whatever a command sees it has from the server.
                let stored = try await program.run("ingest", file)
                #expect(stored.code == 0, "\(stored.errors)")
                let found = try await program.run("search", "Zebedee", "--mode", "lexical")
                #expect(found.code == 0 && found.output.contains("lamp.md"), "\(found.errors)")
                let asked = try await program.run("ask", "Who is the keeper of the lamp?")
                #expect(asked.code == 0 && asked.output.contains("Zebedee"), "\(asked.errors)")
                #expect(try await program.run("audit", "verify").code == 0)

                served.running.send(SIGTERM)
                let end = await served.running.ended()
                #expect(end.code == 0, "\(end.errors)")
                #expect(!FileManager.default.fileExists(atPath: socket), "Nobody must wait at a dead socket.")
            }
            // What the server stored is there without it.
            #expect(try await program.run("search", "Zebedee", "--mode", "lexical").code == 0)
        }
    }

    @Test func `a sign-in link opens one session and no second`() async throws {
        try await TestEnvironment.withTemporaryDirectory { root in
            let program = Program(home: root + "/home")
            try await ServedProgram.run(program) { served in
                let body = "{\"token\":\"\(served.token)\"}"
                let first = try await served.post("/api/v1/sign-in/link", json: body)
                #expect(first.status == 200, "\(first.body)")
                #expect(first.cookie?.contains("cloister=") == true)
                #expect(first.cookie?.contains("HttpOnly") == true)
                let second = try await served.post("/api/v1/sign-in/link", json: body)
                #expect(second.status == 401)
                #expect(second.cookie == nil)
                #expect(!second.body.contains(served.token))

                let fresh = try await program.run("link")
                #expect(fresh.code == 0, "\(fresh.errors)")
                let token = fresh.output.firstMatch(of: #/token=(\S+)/#).map { String($0.1) } ?? ""
                #expect(!token.isEmpty && token != served.token)
                #expect(try await served.post("/api/v1/sign-in/link", json: "{\"token\":\"\(token)\"}").status == 200)
                // The link is for the terminal only: it must not be in what is written to a log.
                served.running.send(SIGINT)
                let end = await served.running.ended()
                #expect(end.code == 0, "\(end.errors)")
                #expect(!end.errors.contains(token))
            }
        }
    }

    @Test func `a second server on the same data is refused and the first goes on`() async throws {
        try await TestEnvironment.withTemporaryDirectory { root in
            let program = Program(home: root + "/home")
            try await ServedProgram.run(program) { served in
                let second = try await program.run("serve", "--set", "server.port=0")
                #expect(second.code == 1)
                #expect(second.errors.contains("Another cloister process"), "\(second.errors)")
                #expect(served.running.isRunning)
                #expect(try await served.post("/api/v1/sign-in/link", json: "{\"token\":\"x\"}").status == 401)
            }
        }
    }
}
