import Kit
import TestKit
import Testing

@testable import Connectors
@testable import TestConnectors

/// The S3 connector against stores that others wrote. Where `scripts/s3-peers install` was not run they are missing,
/// which is no fault but in continuous integration.
@Suite(.timeLimit(.minutes(10))) struct PeerBucketTests {
    private typealias Peer = PeerBucket.Peer

    @Test func `both stores run, or this says that they were left out`() {
        let missing = Peer.allCases.filter { $0.place == nil }
        guard !missing.isEmpty else { return }
        let words = "\(missing.map(\.rawValue)) not asked; scripts/s3-peers install brings them"
        if TestEnvironment.isContinuousIntegration { Issue.record("\(words)") } else { print("S3 stores: \(words)") }
    }

    @Test(arguments: PeerBucket.Peer.running)
    func `lists of more than a thousand keys come in pages and whole`(peer: PeerBucket.Peer) async throws {
        try await PeerBucket.run(peer) { bucket in
            let names = (0..<1100).map { "k/\(10_000 + $0)" }
            try bucket.putAll(names + ["other"])
            var settings = bucket.settings
            settings.prefixes = ["k/"]
            settings.limits.pageItemsMax = 1000
            let swept = try await sweep(try bucket.connector(settings))
            #expect(Set(swept.items.keys) == Set(names.map { ExactText($0) }))
            #expect(swept.pages.map(\.changes.count) == [1000, 100])
        }
    }

    @Test(arguments: PeerBucket.Peer.running)
    func `odd keys arrive whole and are read`(peer: PeerBucket.Peer) async throws {
        try await PeerBucket.run(peer) { bucket in
            var odd = ["a+b", " b ", "a%2Fb", "?", "#", "🙂", "ümlaut/é", "*'();:@&=$,![]", "~", "a/b c/d", "..."]
            // moto's web framework joins slashes before moto sees the key.
            if peer == .swift { odd += ["a//b", "line\nbreak", "tab\t"] }
            for name in odd { try bucket.put(name, Array(name.utf8)) }
            let connector = try bucket.connector(bucket.settings)
            let swept = try await sweep(connector)
            #expect(Set(swept.items.keys) == Set(odd.map { ExactText($0) }))
            for item in swept.items.values {
                #expect(try await connector.content(of: item, bytesMax: 100).bytes == Array(item.key.text.utf8))
            }
        }
    }

    @Test(arguments: PeerBucket.Peer.running)
    func `an object of several parts is read by its tag`(peer: PeerBucket.Peer) async throws {
        try await PeerBucket.run(peer) { bucket in
            let parts = [[UInt8](repeating: 0x61, count: 5 << 20), Array("end".utf8)]
            try bucket.putParts("large", parts)
            let connector = try bucket.connector(bucket.settings)
            let item = try #require(try await sweep(connector).items["large"])
            #expect(item.tag.text.contains("-2") || peer == .swift, "\(item.tag)")
            #expect(item.size == parts[0].count + 3)
            #expect(try await connector.content(of: item, bytesMax: 8 << 20).bytes == parts[0] + parts[1])
        }
    }

    @Test(arguments: PeerBucket.Peer.running)
    func `of versions only the newest is there, and of a deleted object none`(peer: PeerBucket.Peer) async throws {
        try await PeerBucket.run(peer) { bucket in
            try bucket.keepVersions()
            try bucket.put("a", [1])
            let connector = try bucket.connector(bucket.settings)
            let old = try #require(try await sweep(connector).items["a"])
            try bucket.put("a", [2])
            #expect(try await thrown { _ = try await connector.content(of: old, bytesMax: 9) } == .changed)
            let new = try #require(try await sweep(connector).items["a"])
            #expect(try await connector.content(of: new, bytesMax: 9).bytes == [2])
            try bucket.remove("a")
            #expect(try await sweep(connector).items.isEmpty)
            #expect(try await thrown { _ = try await connector.content(of: new, bytesMax: 9) } == .gone)
        }
    }

    private static func sentence(
        _ bucket: PeerBucket, clock: WallClock = .system, _ change: (inout S3Settings) -> Void = { _ in }
    ) async throws -> String {
        var settings = bucket.settings
        change(&settings)
        let connector = try bucket.connector(settings, clock: clock)
        return try await thrown { _ = try await sweep(connector) }?.sentence ?? "accepted"
    }

    @Test(arguments: PeerBucket.Peer.running)
    func `what is wrong with the settings is said as it is`(peer: PeerBucket.Peer) async throws {
        try await PeerBucket.run(peer) { bucket in
            let secret = try await Self.sentence(bucket) {
                $0.credentials = S3Credentials(accessKey: bucket.place[1], secretKey: Secret("wrong"))
            }
            #expect(secret.contains("secret key"))
            let access = try await Self.sentence(bucket) {
                $0.credentials = S3Credentials(accessKey: "AKIDNOBODY", secretKey: Secret(bucket.place[2]))
            }
            #expect(access.contains("access key"))
            #expect(try await Self.sentence(bucket) { $0.bucket = "nothing-here" }.contains("no bucket"))
            // moto takes every region and every time.
            guard peer == .swift else { return }
            #expect(try await Self.sentence(bucket) { $0.region = "us-west-2" }.contains("region \(PeerBucket.region)"))
            let late = WallClock(now: { WallClock.system.now() + .seconds(-3600) }, sleep: WallClock.system.sleep)
            // The store tells the time in whole seconds, and the answer takes its own.
            let skewed = try await Self.sentence(bucket, clock: late)
            #expect(skewed.contains(#/The clock of this machine is 3(59|6\d)\d seconds behind/#), "\(skewed)")
        }
    }
}
