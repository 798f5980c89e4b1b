import Kit
import Outbound
import Synchronization
import TestKit
import Testing

@testable import Connectors
@testable import TestConnectors

/// Servers that refuse, are old, or are none, and settings that cannot work.
@Suite(.timeLimit(.minutes(10))) struct GitServerTests {
    private static func meets(
        _ world: GitWorld, _ override: @escaping @Sendable (TestRequest) -> TestAnswer?
    ) async throws -> SourceFailure? {
        world.state.withLock { $0.override = override }
        return try await thrown { _ = try await sweep(try world.connector()) }
    }

    private static func advertisement(_ lines: [String]) -> TestAnswer {
        let body = lines.flatMap { $0.isEmpty ? Array("0000".utf8) : PackForge.line(Array("\($0)\n".utf8)) }
        return TestAnswer(
            headers: [("Content-Type", "application/x-git-upload-pack-advertisement")], body: body)
    }

    private static func result(_ body: [UInt8]) -> TestAnswer {
        TestAnswer(headers: [("Content-Type", "application/x-git-upload-pack-result")], body: body)
    }

    private static func isFetch(_ request: TestRequest) -> Bool {
        request.body.starts(with: "0012command=fetch".utf8)
    }

    @Test func `statuses have meanings`() async throws {
        try await GitWorld.run { world in
            try world.commit([.file("a", "1")])
            for status in [301, 400, 401, 403, 404, 410, 415, 500, 503] {
                let failure = try await Self.meets(world) { _ in .status(status, [("Location", "http://evil.test/")]) }
                switch (status, failure) {
                case (301, .misconfigured), (404, .misconfigured), (410, .misconfigured): break
                case (401, .unauthorised), (403, .forbidden): break
                case (400, .misbehaved), (415, .misbehaved), (500, .retryable), (503, .retryable): break
                default: Issue.record("\(status): \(failure as Any)")
                }
            }
            #expect(world.requests.allSatisfy { $0.header("host")?.hasPrefix("127.0.0.1") == true })
        }
    }

    @Test func `servers of another kind, version or hash are told apart`() async throws {
        try await GitWorld.run { world in
            let id = String(repeating: "a", count: 40)
            let cases: [(TestAnswer, String)] = [
                (.text("<html>", [("Content-Type", "text/html")]), "There is no Git repository"),
                (Self.advertisement(["# service=git-upload-pack", "", "\(id) HEAD\u{0}multi_ack", ""]), "version 2"),
                (Self.advertisement(["version 1", "\(id) HEAD", ""]), "version 2"),
                (
                    Self.advertisement(["version 2", "ls-refs", "fetch=shallow", "object-format=sha256", ""]),
                    "SHA-256"
                ),
                (Self.advertisement(["version 2", "ls-refs", "fetch", ""]), "shallow"),
                (Self.advertisement(["version 2", "ls-refs", "fetch=shallow"]), "too early"),
                (Self.advertisement(["ERR go away"]), "with an error"),
                (Self.advertisement(["", "", "version 2"]), "form"),
            ]
            for (answer, part) in cases {
                let failure = try await Self.meets(world) { _ in answer }
                #expect(failure?.sentence.contains(part) == true, "\(part): \(failure as Any)")
            }
        }
    }

    @Test func `the service line before version 2 is understood`() async throws {
        try await GitWorld.run { world in
            try world.commit([.file("a", "1")])
            let failure = try await Self.meets(world) { request in
                guard request.method == "GET" else { return nil }
                return Self.advertisement([
                    "# service=git-upload-pack", "", "version 2", "agent=x", "ls-refs=unborn", "fetch=shallow filter",
                    "object-format=sha1", "",
                ])
            }
            #expect(failure == nil)
        }
    }

    @Test func `a server that gives no files by their names gives all of them`() async throws {
        try await GitWorld.run { world in
            try world.commit((0..<20).map { .file("f\($0).txt", "content \($0)") })
            world.state.withLock { state in
                state.override = { request in
                    let isByName =
                        Self.isFetch(request) && !String(decoding: request.body, as: UTF8.self).contains("deepen")
                    return isByName ? Self.result(PackForge.line(Array("ERR upload-pack: not our ref".utf8))) : nil
                }
            }
            let connector = try world.connector()
            let swept = try await sweep(connector)
            for number in 0..<20 {
                let item = try #require(swept.items[ExactText("f\(number).txt")])
                #expect(try await connector.content(of: item, bytesMax: 99).bytes == Array("content \(number)".utf8))
            }
            // References, trees; references, files, everything.
            #expect(world.requests.filter { $0.method == "POST" }.count == 5)
        }
    }

    @Test func `answers to a fetch that are damaged are failures and never shorter listings`() async throws {
        try await GitWorld.run { world in
            try world.commit([.file("a", "1")])
            var forge = PackForge()
            forge.whole(.blob, [1])
            let good = PackForge.answer(forge.pack())
            let answers: [[UInt8]] = [
                [], Array("0000".utf8), Array("zzzz".utf8), Array("0003".utf8), Array("fff1".utf8) + [1],
                PackForge.line(Array("packfile\n".utf8)), PackForge.line(Array("surprise\n".utf8)), good,
                Array(good.dropLast(4)), good + good,
                PackForge.line(Array("packfile\n".utf8)) + PackForge.line([3, 65]),
                PackForge.line(Array("packfile\n".utf8)) + PackForge.line([9, 65]),
                PackForge.line(Array("packfile\n".utf8)) + Array("0004".utf8),
            ]
            for (index, answer) in answers.enumerated() {
                let failure = try await Self.meets(world) { Self.isFetch($0) ? Self.result(answer) : nil }
                #expect(failure != nil, "\(index)")
            }
            let endless = try await Self.meets(world) { request in
                guard Self.isFetch(request) else { return nil }
                var answer = Self.result(PackForge.line([2] + [UInt8](repeating: 65, count: 60_000)))
                answer.isEndless = true
                return answer
            }
            #expect(endless != nil)
        }
    }

    @Test func `settings that cannot work are refused with a sentence`() throws {
        func refusal(_ change: (inout GitSettings) -> Void) -> SourceFailure? {
            var settings = GitSettings(url: "https://git.example/a.git", permissions: .everyone)
            change(&settings)
            do throws(SourceFailure) { try settings.validate() } catch { return error }
            return nil
        }
        #expect(refusal { _ in } == nil)
        let wrong: [(inout GitSettings) -> Void] = [
            { $0.url = "git@github.com:a/b.git" }, { $0.url = "ssh://git.example/a" }, { $0.url = "file:///etc" },
            { $0.url = "https://user:password@git.example/a" }, { $0.url = "https://git.example/a?b" },
            { $0.url = "--upload-pack=x" }, { $0.branch = "a b" }, { $0.branch = "../x" }, { $0.branch = "-x" },
            { $0.branch = "" }, { $0.branch = "a\nwant" }, { $0.username = "a" }, { $0.token = Secret("a\nb") },
            { $0.token = Secret("") }, { $0.folders = ["../a"] }, { $0.folders = ["/a"] }, { $0.folders = [""] },
            { $0.permissions = nil }, { $0.include = ["/"] }, { $0.batchMax = 0 },
            {
                $0.token = Secret("t"); $0.username = "a:b"
            },
        ]
        for (index, change) in wrong.enumerated() {
            guard case .misconfigured = refusal(change) else {
                Issue.record("\(index)")
                continue
            }
        }
    }

    @Test func `known hosts have addresses for people, and Bitbucket its own user name`() throws {
        let cases = [
            ("https://github.com/o/r.git", "https://github.com/o/r/blob/main/a%20b/c.md"),
            ("git@github.com:o/r.git", "https://github.com/o/r/blob/main/a%20b/c.md"),
            ("https://gitlab.com/o/p/r", "https://gitlab.com/o/p/r/-/blob/main/a%20b/c.md"),
        ]
        for (url, address) in cases {
            #expect(GitWeb(try GitAddress(url))?.address(of: "a b/c.md", branch: "main") == address)
        }
        #expect(GitWeb(try GitAddress("https://git.example/a.git")) == nil)
        var settings = GitSettings(url: "https://bitbucket.org/o/r.git", permissions: .everyone)
        settings.token = Secret("t")
        let base = try OutboundURL(settings.url)
        #expect(settings.authorization(at: base)?.reveal() == "Basic eC10b2tlbi1hdXRoOnQ=")
        settings.username = "me"
        #expect(settings.authorization(at: base)?.reveal() == "Basic bWU6dA==")
    }
}
