import Foundation
import Kit
import Outbound
import TestKit
import Testing

@testable import Connectors
@testable import TestConnectors

private enum OtherStore {
    static let endpoint = ProcessInfo.processInfo.environment["CLOISTER_TEST_S3"]
    static let keys = ProcessInfo.processInfo.environment["CLOISTER_TEST_S3_KEY"] ?? "a:b"
}

/// Against a store that somebody else wrote, where one is given: `CLOISTER_TEST_S3` is its address, with the keys of
/// `CLOISTER_TEST_S3_KEY` (`access:secret`) and a bucket `archive` whose objects hold `content of ` and their key.
@Suite(.enabled(if: OtherStore.endpoint != nil), .timeLimit(.minutes(10))) struct OtherStoreTests {
    private static func connector(_ change: (inout S3Settings) -> Void = { _ in }) throws -> S3Connector {
        let keys = OtherStore.keys.split(separator: ":").map(String.init)
        var settings = S3Settings(
            endpoint: OtherStore.endpoint ?? "", bucket: "archive", region: "us-east-1", style: .path)
        settings.credentials = S3Credentials(accessKey: keys[0], secretKey: Secret(keys[1]))
        settings.permissions = .authenticated
        change(&settings)
        let policy = try OutboundPolicy([try PolicyEntry(OtherStore.endpoint ?? "")])
        let client = RetryingClient(
            try OutboundClient(policy: policy), pace: OriginPace(PaceLimit(perMinute: 100_000, burst: 10_000)))
        return try S3Connector(settings, client: client)
    }

    @Test func `every object is listed once and read whole`() async throws {
        let connector = try Self.connector()
        let swept = try await sweep(connector)
        print("objects \(swept.items.count), pages \(swept.pages.count), skipped \(swept.skipped.map(\.path))")
        #expect(swept.items.count > 1000 && swept.pages.count > 1)
        for item in swept.items.values where !item.key.text.hasPrefix("many/") || item.key.text.hasSuffix("7") {
            let content = try await connector.content(of: item, bytesMax: 10_000)
            #expect(content.bytes == Array("content of \(item.key.text)".utf8), "\(item.key.text)")
        }
        let report = await connector.test()
        #expect(report.isGood, "\(report)")
    }

    @Test func `what is wrong is said`() async throws {
        var item = try #require(
            try await Self.connector { $0.prefixes = ["odd/"] }.changes(since: nil, known: .none).first)
        item.tag = "\"00000000000000000000000000000000\""
        let changed = try await thrown { _ = try await Self.connector().content(of: item, bytesMax: 9) }
        print("changed:", String(describing: changed))
        item.key = "not-there"
        let gone = try await thrown { _ = try await Self.connector().content(of: item, bytesMax: 9) }
        print("gone:", String(describing: gone))
        let changes: [(inout S3Settings) -> Void] = [
            { $0.bucket = "no-such-bucket" },
            { $0.credentials = S3Credentials(accessKey: "AKIDUNKNOWN", secretKey: Secret("x")) },
            { settings in
                let key = settings.credentials?.accessKey ?? ""
                settings.credentials = S3Credentials(accessKey: key, secretKey: Secret("wrong"))
            },
        ]
        for change in changes {
            let report = await (try Self.connector(change)).test()
            print(
                report.steps.map { "\($0.isGood ? "good" : "bad") \($0.kind): \($0.sentence)" }.joined(separator: "\n"))
            #expect(!report.isGood)
        }
    }
}

extension ChangePage {
    fileprivate var first: SourceItem? {
        for case .upsert(let item) in changes { return item }
        return nil
    }
}
