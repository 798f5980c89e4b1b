import Kit
import Synchronization
import TestKit
import Testing

@testable import Connectors
@testable import TestConnectors

@Suite(.timeLimit(.minutes(10))) struct BucketTests {
    private static func listing(
        _ keys: [String], truncated: String? = nil, isEncoded: Bool = true, size: String = "1"
    ) -> TestAnswer {
        let entries = keys.map {
            "<Contents><Key>\($0)</Key><ETag>&quot;e&quot;</ETag><Size>\(size)</Size></Contents>"
        }
        return .text(
            "<ListBucketResult>" + (isEncoded ? "<EncodingType>url</EncodingType>" : "")
                + "<IsTruncated>\(truncated != nil)</IsTruncated>"
                + (truncated.map { "<NextContinuationToken>\($0)</NextContinuationToken>" } ?? "") + entries.joined()
                + "</ListBucketResult>")
    }

    /// What a listing comes to when the store always answers so.
    private static func failure(answering answer: @escaping @Sendable (TestRequest) -> TestAnswer?) async throws
        -> SourceFailure?
    {
        try await FakeBucket.run { bucket, _ in
            bucket.state.withLock { $0.override = answer }
            var settings = bucket.settings
            settings.limits.itemsMax = 5000
            let connector = try bucket.connector(settings)
            return try await thrown { _ = try await sweep(connector) }
        }
    }

    @Test func `prefixes and patterns choose, and every prefix has its pages`() async throws {
        try await FakeBucket.run { bucket, server in
            for name in ["a/1", "a/2", "a/3", "b/1", "c/1.md", "c/2.txt", "c/", "d"] {
                bucket.put(name, name == "c/" ? [] : [1])
            }
            bucket.state.withLock { $0.pageMax = 2 }
            var settings = bucket.settings
            settings.prefixes = ["c/", "a/"]
            settings.exclude = ["**/*.txt"]
            let swept = try await sweep(try bucket.connector(settings))
            #expect(Set(swept.items.keys) == ["a/1", "a/2", "a/3", "c/1.md"])
            #expect(swept.pages.count == 4)
            #expect(server.requests.allSatisfy { $0.items["prefix"] == "a/" || $0.items["prefix"] == "c/" })
            #expect(bucket.state.withLock { $0.signatureFailures } == 0)
            var item = try #require(swept.items["a/1"])
            item.key = "d"
            let outside = try await thrown { _ = try await bucket.connector(settings).content(of: item, bytesMax: 9) }
            #expect(outside == .gone, "not in what the settings name")
        }
    }

    @Test func `odd keys arrive whole, and what no address can hold is skipped`() async throws {
        try await FakeBucket.run { bucket, _ in
            let odd = [
                "a//b", "a/ b /c", "line\nbreak", "tab\t", "\u{1}", "a+b", "a%2Fb", "?", "#", "🙂", "a/b/", "...",
                "*'();:@&=$,![]",
            ]
            let impossible = [".", "..", "a/./b", "a/../b", "../../etc/passwd", "a/.."]
            for name in odd + impossible { bucket.put(name, Array(name.utf8)) }
            let connector = try bucket.connector(bucket.settings)
            let swept = try await sweep(connector)
            #expect(Set(swept.items.keys) == Set(odd.map { ExactText($0) }))
            #expect(Set(swept.skipped.compactMap(\.key)) == Set(impossible.map { ExactText($0) }))
            for item in swept.items.values {
                #expect(try await connector.content(of: item, bytesMax: 100).bytes == Array(item.key.text.utf8))
                #expect(!item.path.utf8.contains { $0 < 0x20 })
            }
        }
    }

    @Test func `sizes that lie change nothing`() async throws {
        try await FakeBucket.run { bucket, _ in
            bucket.state.withLock {
                $0.objects["small"] = .init(bytes: [UInt8](repeating: 1, count: 5000), listedSize: 1)
                $0.objects["negative"] = .init(bytes: [1], listedSize: -5)
                $0.objects["large"] = .init(bytes: [1], listedSize: .max)
                $0.objects["cold"] = .init(bytes: [1], storageClass: "DEEP_ARCHIVE")
            }
            let connector = try bucket.connector(bucket.settings)
            let swept = try await sweep(connector)
            #expect(swept.items["negative"]?.size == nil)
            #expect(Set(swept.skipped.map(\.reason)) == [.archived, .tooLarge(bytesMax: 64 << 20)])
            let small = try #require(swept.items["small"])
            let failure = try await thrown { _ = try await connector.content(of: small, bytesMax: 100) }
            #expect(failure == .poison(.tooLarge(bytesMax: 100)))
        }
    }

    @Test func `an endless object ends`() async throws {
        try await FakeBucket.run { bucket, _ in
            bucket.put("a", [1])
            let connector = try bucket.connector(bucket.settings)
            let item = try #require(try await sweep(connector).items["a"])
            bucket.state.withLock { state in
                state.override = { _ in
                    TestAnswer(
                        headers: [("ETag", item.tag.text)], body: [UInt8](repeating: 7, count: 1000), isEndless: true)
                }
            }
            let failure = try await thrown { _ = try await connector.content(of: item, bytesMax: 1 << 20) }
            #expect(failure == .poison(.tooLarge(bytesMax: 1 << 20)))
        }
    }

    @Test func `a list without end ends`() async throws {
        let turn = Mutex(0)
        let failure = try await Self.failure { _ in
            let number = turn.withLock { turn in
                turn += 1
                return turn
            }
            return Self.listing((0..<10).map { "k\(number * 10 + $0 + 100_000_000)" }, truncated: "t\(number)")
        }
        #expect(failure == .limit(.items(5000)))
    }

    @Test func `a list of empty pages ends sooner`() async throws {
        let turn = Mutex(0)
        let failure = try await Self.failure { _ in
            let number = turn.withLock { turn in
                turn += 1
                return turn
            }
            return Self.listing([], truncated: "t\(number)")
        }
        #expect(failure == .limit(.items(5000)))
        #expect(turn.withLock { $0 } < 10)
    }

    @Test func `a list that goes in a circle is found out`() async throws {
        for answer in [
            Self.listing(["a", "b"], truncated: "again"), Self.listing(["b", "a"]), Self.listing(["a", "a"]),
            Self.listing(["a"], truncated: ""), Self.listing([], truncated: "again"),
        ] {
            guard case .misbehaved = try await Self.failure(answering: { _ in answer }) else {
                Issue.record("not found out: \(String(decoding: answer.body, as: UTF8.self))")
                continue
            }
        }
    }

    @Test func `what is not the list that was asked for is refused`() async throws {
        let many = (0..<1001).map { "k\($0 + 10_000)" }
        let answers: [TestAnswer] = [
            Self.listing(many), .text(""), .text("<html><body>login</body></html>"), .text("<ListBucketResult>"),
            .text("<!DOCTYPE r [<!ENTITY x 'y'>]><ListBucketResult>&x;</ListBucketResult>"),
            .text("<ListBucketResult>" + String(repeating: "<a>", count: 1000)), .text("{}"),
            Self.listing(["a"], truncated: String(repeating: "t", count: 20_000)), .status(204),
        ]
        for answer in answers {
            guard case .misbehaved = try await Self.failure(answering: { _ in answer }) else {
                Issue.record("accepted: \(String(decoding: answer.body.prefix(80), as: UTF8.self))")
                continue
            }
        }
    }

    @Test func `a list that is too large stops at the bound`() async throws {
        try await FakeBucket.run { bucket, _ in
            bucket.state.withLock { state in
                state.override = { _ in TestAnswer(body: Array("<ListBucketResult><!-- ".utf8), isEndless: true) }
            }
            var settings = bucket.settings
            settings.limits.listBytesMax = 100_000
            let failure = try await thrown { _ = try await sweep(try bucket.connector(settings)) }
            #expect(failure == .limit(.listBytes(100_000)))
        }
    }

    @Test func `keys that are badly encoded are skipped, others are not`() async throws {
        try await FakeBucket.run { bucket, _ in
            bucket.state.withLock { state in
                state.override = { _ in Self.listing(["a", "b%", "c%4", "d%zz", "e%ff%fe", "f+g", "h%2Bi"]) }
            }
            let swept = try await sweep(try bucket.connector(bucket.settings))
            #expect(Set(swept.items.keys) == ["a", "f g", "h+i"])
            #expect(swept.skipped.count == 4)
        }
    }

    @Test func `a busy store is asked again, more slowly, and is told in the end`() async throws {
        let time = VirtualClock()
        try await FakeBucket.run(time: time) { bucket, server in
            bucket.put("a", [1])
            let turn = Mutex(0)
            bucket.state.withLock { state in
                state.override = { _ in
                    let number = turn.withLock { turn in
                        turn += 1
                        return turn
                    }
                    return number <= 3 ? FakeBucket.refusal(503, "SlowDown") : nil
                }
            }
            let began = time.now
            let connector = try bucket.connector(bucket.settings)
            #expect(try await passingTime(time) { try await sweep(connector) }.items.count == 1)
            #expect(server.requests.count == 4)
            #expect(time.now - began >= .seconds(1))
            bucket.state.withLock { state in
                state.override = { _ in .text("", [("Retry-After", "90")], status: 503) }
            }
            let failure = try await thrown {
                _ = try await passingTime(time) { try await sweep(connector) }
            }
            guard case .retryable(let after, _) = failure, after == .seconds(90) else {
                Issue.record("\(String(describing: failure))")
                return
            }
        }
    }

    struct Refused: Sendable {
        let answer: TestAnswer
        let words: String
    }

    static let refusals: [Refused] = [
        Refused(answer: FakeBucket.refusal(403, "InvalidAccessKeyId"), words: "access key"),
        Refused(answer: FakeBucket.refusal(403, "SignatureDoesNotMatch"), words: "secret key"),
        Refused(answer: FakeBucket.refusal(403, "AccessDenied"), words: "do not suffice"),
        Refused(answer: FakeBucket.refusal(400, "ExpiredToken"), words: "session token"),
        Refused(answer: FakeBucket.refusal(404, "NoSuchBucket"), words: "no bucket"),
        Refused(
            answer: FakeBucket.refusal(301, "PermanentRedirect", "<Endpoint>evil.test</Endpoint>"), words: "not served"),
        Refused(answer: .status(301, [("x-amz-bucket-region", "eu-central-1")]), words: "eu-central-1"),
        Refused(answer: .status(307, [("Location", "http://evil.test/")]), words: "not served"),
        Refused(
            answer: FakeBucket.refusal(400, "AuthorizationHeaderMalformed", "<Region>eu-west-3</Region>"),
            words: "eu-west-3"),
        Refused(answer: .status(301, [("x-amz-bucket-region", "<script>alert(1)</script>")]), words: "not served"),
        Refused(answer: .text("<Error><Code>AKIDEXAMPLE wJalr</Code></Error>", status: 400), words: "status 400"),
        Refused(answer: .text(String(repeating: "x", count: 100_000), status: 418), words: "status 418"),
    ]

    @Test(arguments: refusals.indices) func `what the store refuses is said in a sentence`(index: Int) async throws {
        let row = Self.refusals[index]
        try await FakeBucket.run { bucket, _ in
            bucket.state.withLock { state in state.override = { _ in row.answer } }
            let connector = try bucket.connector(bucket.settings)
            let failure = try #require(try await thrown { _ = try await sweep(connector) })
            #expect(failure.sentence.contains(row.words), "\(failure)")
            let report = await connector.test()
            #expect(!report.isGood)
            #expect(report.steps.last?.sentence.contains(row.words) == true, "\(report)")
            for secret in ["wJalr", "evil", "script", "Endpoint"] { #expect(!"\(failure)\(report)".contains(secret)) }
        }
    }

    @Test func `a clock that is wrong is explained with the difference`() async throws {
        let time = VirtualClock()
        try await FakeBucket.run(time: time) { bucket, _ in
            bucket.state.withLock { state in
                state.override = { _ in
                    .text(
                        "<Error><Code>RequestTimeTooSkewed</Code></Error>", [("Date", "Thu, 01 Jan 2026 01:00:00 GMT")],
                        status: 403)
                }
            }
            let failure = try await thrown { _ = try await sweep(try bucket.connector(bucket.settings)) }
            #expect(failure?.sentence == "The clock of this machine is 3600 seconds behind the store's. Set it by NTP.")
        }
    }

    @Test func `a public bucket is read without a signature`() async throws {
        try await FakeBucket.run { bucket, server in
            bucket.put("a", [1])
            bucket.state.withLock { $0.isPublic = true }
            var settings = bucket.settings
            settings.credentials = nil
            let connector = try bucket.connector(settings)
            let item = try #require(try await sweep(connector).items["a"])
            #expect(try await connector.content(of: item, bytesMax: 9).bytes == [1])
            #expect(server.requests.allSatisfy { $0.header("authorization") == nil && $0.header("x-amz-date") == nil })
        }
    }

    @Test func `content of another version than the one listed is refused even without If-Match`() async throws {
        try await FakeBucket.run { bucket, _ in
            bucket.put("a", [1])
            let connector = try bucket.connector(bucket.settings)
            let item = try #require(try await sweep(connector).items["a"])
            for headers in [[("ETag", "\"other\"")], []] as [[(String, String)]] {
                bucket.state.withLock { state in state.override = { _ in TestAnswer(headers: headers, body: [2]) } }
                #expect(try await thrown { _ = try await connector.content(of: item, bytesMax: 9) } == .changed)
            }
        }
    }

    @Test func `settings that cannot work are refused before anything is sent`() async throws {
        try await FakeBucket.run { bucket, server in
            let changes: [(inout S3Settings) -> Void] = [
                { $0.permissions = nil }, { $0.bucket = "../x" }, { $0.bucket = "a" }, { $0.bucket = "a/b" },
                { $0.bucket = "..." }, { $0.region = "" }, { $0.region = "eu\n" }, { $0.endpoint = "ftp://x" },
                { $0.endpoint = "https://user@x" }, { $0.endpoint += "/path" }, { $0.endpoint += "/?a" },
                { $0.prefixes = ["a", "a/b"] }, { $0.prefixes = ["a", "a"] }, { $0.style = .virtualHost },
                { $0.credentials = S3Credentials(accessKey: "a\r\nb", secretKey: Secret("x")) },
                { $0.credentials = S3Credentials(accessKey: "a", secretKey: Secret("")) }, { $0.limits.itemsMax = 0 },
            ]
            for (index, change) in changes.enumerated() {
                var settings = bucket.settings
                change(&settings)
                #expect(throws: SourceFailure.self, "change \(index)") { try settings.validate() }
            }
            #expect(server.requests.isEmpty)
            #expect(!"\(bucket.settings)".contains("wJalr"))
        }
    }
}
