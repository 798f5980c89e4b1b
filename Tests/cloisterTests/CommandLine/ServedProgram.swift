import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import TestKit

/// `cloister serve` on a port that the system chose.
struct ServedProgram: Sendable {
    let running: RunningProgram
    /// `http://localhost:38231`.
    let origin: String
    /// Of the sign-in link that it announced.
    let token: String

    struct Reply {
        let status: UInt
        let cookie: String?
        let body: String
    }

    /// Runs `body` beside the server and then kills what is left of it.
    static func run<Value>(
        _ program: Program, _ arguments: [String] = [], _ body: (ServedProgram) async throws -> Value
    ) async throws -> Value {
        let running = try program.start(["serve", "--set", "server.port=0"] + arguments)
        defer { running.send(SIGKILL) }
        try await eventually("the server announces its address and its link:\n\(running.errors)") {
            guard running.isRunning else { throw NotServing(errors: running.errors) }
            return running.errors.contains("Press Control-C")
        }
        let announced = running.errors
        guard let origin = announced.firstMatch(of: #/serves on (http://localhost:\d+)/#),
            let token = announced.firstMatch(of: #/sign-in\?token=(\S+)/#)
        else { throw NotServing(errors: announced) }
        return try await body(ServedProgram(running: running, origin: String(origin.1), token: String(token.1)))
    }

    func post(_ path: String, json: String) async throws -> Reply {
        var request = HTTPClientRequest(url: origin + path)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        request.headers.add(name: "Origin", value: origin)
        request.body = .bytes(Array(json.utf8))
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(300))
        let body = try await response.body.collect(upTo: 1 << 20)
        return Reply(
            status: response.status.code, cookie: response.headers.first(name: "set-cookie"),
            body: String(buffer: body))
    }
}

struct NotServing: Error, CustomStringConvertible {
    let errors: String
    var description: String { "The server did not come up:\n\(errors)" }
}
