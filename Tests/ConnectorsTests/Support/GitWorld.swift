import Foundation
import Kit
import Outbound
import Synchronization
import TestKit

@testable import Connectors
@testable import TestConnectors

struct GitFailed: Error, CustomStringConvertible {
    let description: String
}

/// A bare repository behind the real `git http-backend`, run as a CGI program (RFC 3875) by a server of the tests.
final class GitWorld: SourceWorld {
    enum Change {
        case file(String, String)
        case bytes(String, [UInt8])
        case link(String, String)
        case submodule(String)
        case delete(String)
        case rename(String, String)
    }

    struct State: Sendable {
        var branches: Set<String> = []
        var commits = 0
        /// What a request has to carry in `Authorization`.
        var authorization: String?
        var override: (@Sendable (TestRequest) -> TestAnswer?)?
    }

    let state = Mutex(State())
    let path: String
    private let server = Mutex<LoopbackServer?>(nil)

    /// A repository that nobody serves.
    init(in folder: String, named name: String = "repo.git") throws {
        path = "\(folder)/\(name)"
        try git("init", "--quiet", "--bare", "--initial-branch=main", path)
        try configure("uploadpack.allowFilter", "true")
    }

    static func run<Result>(_ body: (GitWorld) async throws -> Result) async throws -> Result {
        try await TestEnvironment.withTemporaryDirectory { folder in
            let world = try GitWorld(in: folder)
            return try await LoopbackServer.run {
                world.answer($0)
            } body: { server in
                world.server.withLock { $0 = server }
                defer { world.server.withLock { $0 = nil } }
                return try await body(world)
            }
        }
    }

    var requests: [TestRequest] { server.withLock { $0?.requests ?? [] } }
    var url: String { server.withLock { $0?.address ?? "" } + "/repo.git" }

    // MARK: the repository

    func put(_ name: String, _ bytes: [UInt8]) throws { try commit([.bytes(name, bytes)]) }
    func remove(_ name: String) throws { try commit([.delete(name)]) }
    func key(_ name: String) -> ExactText { ExactText(name) }

    /// One commit; without a parent when `isFresh`, whatever the branch was before.
    func commit(_ changes: [Change], branch: String = "main", isFresh: Bool = false) throws {
        let (hasParent, number) = state.withLock { state in
            state.commits += 1
            return (!state.branches.insert(branch).inserted && !isFresh, state.commits)
        }
        var stream = Array("commit refs/heads/\(branch)\n".utf8)
        stream += Array("committer T <t@test> \(1_700_000_000 + number) +0000\ndata 1\nx\n".utf8)
        if hasParent { stream += Array("from refs/heads/\(branch)^0\n".utf8) }
        for change in changes { stream += Self.line(change) }
        try git("-C", path, "fast-import", "--quiet", "--force", input: stream)
    }

    private static func line(_ change: Change) -> [UInt8] {
        func file(_ mode: String, _ name: String, _ bytes: [UInt8]) -> [UInt8] {
            Array("M \(mode) inline \(quoted(name))\ndata \(bytes.count)\n".utf8) + bytes + Array("\n".utf8)
        }
        return switch change {
        case .file(let name, let text): file("100644", name, Array(text.utf8))
        case .bytes(let name, let bytes): file("100755", name, bytes)
        case .link(let name, let target): file("120000", name, Array(target.utf8))
        case .submodule(let name): Array("M 160000 \(String(repeating: "7", count: 40)) \(quoted(name))\n".utf8)
        case .delete(let name): Array("D \(quoted(name))\n".utf8)
        case .rename(let from, let to): Array("R \(quoted(from)) \(quoted(to))\n".utf8)
        }
    }

    private static func quoted(_ name: String) -> String {
        let bytes = name.utf8.map { byte in
            let octal = String(byte, radix: 8)
            return "\\" + String(repeating: "0", count: 3 - octal.count) + octal
        }
        return "\"\(bytes.joined())\""
    }

    func configure(_ name: String, _ value: String) throws {
        try git("config", "--file", path + "/config", name, value)
    }

    @discardableResult
    func git(_ arguments: String..., input: [UInt8] = []) throws -> String {
        let plain = ["-i", "PATH=/usr/bin:/bin", "HOME=/nonexistent", "GIT_CONFIG_NOSYSTEM=1", "git"]
        guard let ended = ChildProcess.run("/usr/bin/env", plain + arguments, input: input), ended.code == 0 else {
            throw GitFailed(description: "git \(arguments.joined(separator: " "))")
        }
        return String(decoding: ended.output, as: UTF8.self)
    }

    // MARK: the connector

    func settings() -> GitSettings { GitSettings(url: url, permissions: .everyone) }

    func connector(pageItemsMax: Int) throws -> any Connector {
        var settings = settings()
        settings.limits.pageItemsMax = pageItemsMax
        return try connector(settings)
    }

    func otherConnector() throws -> any Connector {
        var settings = settings()
        settings.include = ["*.none"]
        return try connector(settings)
    }

    func connector(_ settings: GitSettings? = nil, clock: WallClock = .system) throws -> GitConnector {
        guard let server = server.withLock({ $0 }) else { throw TooManyPages() }
        var retries = RetrySettings()
        retries.attemptsMax = 1
        return try GitConnector(
            settings ?? self.settings(), client: try server.client(settings: retries), clock: clock)
    }

    // MARK: the server

    private func answer(_ request: TestRequest) -> TestAnswer {
        let state = state.withLock { $0 }
        if let answer = state.override?(request) { return answer }
        if let wanted = state.authorization, request.header("authorization") != wanted {
            return .status(401, [("WWW-Authenticate", "Basic realm=\"git\"")])
        }
        let folder = String(path.dropLast("/repo.git".count))
        let variables = [
            "PATH=/usr/bin:/bin", "HOME=/nonexistent", "GIT_CONFIG_NOSYSTEM=1", "GIT_PROJECT_ROOT=\(folder)",
            "GIT_HTTP_EXPORT_ALL=1", "REQUEST_METHOD=\(request.method)", "PATH_INFO=\(request.path)",
            "QUERY_STRING=\(request.query)", "CONTENT_TYPE=\(request.header("content-type") ?? "")",
            "CONTENT_LENGTH=\(request.body.count)", "HTTP_GIT_PROTOCOL=\(request.header("git-protocol") ?? "")",
        ]
        guard
            let ended = ChildProcess.run(
                "/usr/bin/env", ["-i"] + variables + ["git", "http-backend"], input: request.body)
        else { return .status(500) }
        return Self.answer(ended.output)
    }

    /// What a CGI program says: fields, an empty line, the body.
    private static func answer(_ output: [UInt8]) -> TestAnswer {
        var answer = TestAnswer()
        var rest = output[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            let line = String(decoding: rest[..<end], as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
            rest = rest[(end + 1)...]
            if line.isEmpty { break }
            let parts = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            guard parts.count == 2 else { return .status(500) }
            if parts[0] == "Status" {
                answer.status = Int(parts[1].prefix(3)) ?? 500
            } else {
                answer.headers.append((parts[0], parts[1]))
            }
        }
        answer.body = Array(rest)
        return answer
    }
}
