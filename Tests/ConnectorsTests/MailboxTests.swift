import Foundation
import Kit
import TestKit
import Testing

@testable import Connectors
@testable import TestConnectors

/// Against Dovecot. What a server can do wrong is in `MailProtocolTests`.
@Suite(.timeLimit(.minutes(10))) struct MailboxTests {
    private static func message(_ subject: String, _ body: String = "text\n") -> String {
        "From: ada@corp.test\nSubject: \(subject)\nDate: Tue, 1 Mar 2026 12:00:00 +0100\n\n\(body)"
    }

    @Test func `folders and subjects are named for people, in whatever encoding they come`() async throws {
        try await DovecotWorld.run { world in
            try world.deliver(Self.message("=?utf-8?Q?Caf=C3=A9?= =?iso-8859-1?B?/GJlcg==?= alles"), as: "a")
            try world.deliver(Self.message("plain\n folded"), to: "Archive/2026", as: "b")
            try world.deliver("No header at all", to: "Entw&APw-rfe", as: "c")
            let swept = try await sweep(try world.connector(world.settings))
            let paths = Set(swept.items.values.map(\.path))
            #expect(paths == ["INBOX/Caféüber alles", "Archive/2026/plain folded", "Entwürfe/1"])
            let item = try #require(swept.items.values.first { $0.path.hasPrefix("INBOX") })
            #expect(item.title == "Caféüber alles" && item.mediaType == "message/rfc822" && item.modified != nil)
            #expect(item.permissions.admits([.group("staff")]) && !item.permissions.admits([.everyone]))
            let content = try await (try world.connector(world.settings)).content(of: item, bytesMax: 10_000)
            #expect(content.bytes.count == item.size)
            #expect(String(decoding: content.bytes, as: UTF8.self).hasSuffix("\r\n\r\ntext\r\n"))
            let draft = try #require(swept.items.values.first { $0.path == "Entwürfe/1" })
            #expect(try await (try world.connector(world.settings)).content(of: draft, bytesMax: 99).bytes.count == 16)
        }
    }

    @Test func `reading marks nothing as read`() async throws {
        try await DovecotWorld.run { world in
            try world.deliver(Self.message("a"), as: "a")
            let connector = try world.connector(world.settings)
            let item = try #require(try await sweep(connector).items.values.first)
            _ = try await connector.content(of: item, bytesMax: 10_000)
            let files = try FileManager.default.contentsOfDirectory(atPath: world.folder + "/home/Maildir/cur")
            #expect(files == ["a:2,"])
        }
    }

    @Test func `patterns choose folders, for content as well`() async throws {
        try await DovecotWorld.run { world in
            for folder in ["", "Archive/2025", "Archive/2026", "Trash"] {
                try world.deliver(Self.message("s"), to: folder, as: "a")
            }
            var settings = world.settings
            settings.include = ["Archive/**", "Trash"]
            settings.exclude = ["Trash"]
            let connector = try world.connector(settings)
            let swept = try await sweep(connector)
            #expect(Set(swept.items.values.map(\.path)) == ["Archive/2025/s", "Archive/2026/s"])
            let all = try await sweep(try world.connector(world.settings)).items
            #expect(all.count == 4)
            for item in all.values where swept.items[item.key] == nil {
                #expect(try await thrown { _ = try await connector.content(of: item, bytesMax: 9999) } == .gone)
            }
        }
    }

    @Test func `a listing goes on where it was though messages before it are gone`() async throws {
        try await DovecotWorld.run { world in
            for number in 1...9 { try world.put("\(number)", Array(Self.message("\(number)").utf8)) }
            _ = try await sweep(try world.connector(world.settings))
            for number in 1...9 { _ = world.key("\(number)") }
            let connector = try world.connector(pageItemsMax: 4)
            let first = try await connector.changes(since: nil, known: .none)
            for number in [1, 3, 4, 6] { try world.remove("\(number)") }
            let rest = try await sweep(connector, since: first.next)
            let expected = [5, 7, 8, 9].map { world.key("\($0)") }
            #expect(Set(rest.items.keys) == Set(expected))
        }
    }

    @Test func `a folder that was made again has other keys, and a cursor into the old one is expired`() async throws {
        try await DovecotWorld.run { world in
            for name in ["a", "b", "c"] { try world.deliver(Self.message(name), to: "Box", as: name) }
            let connector = try world.connector(pageItemsMax: 2)
            let before = try await sweep(connector).items
            let first = try await connector.changes(since: nil, known: .none)
            let box = world.folder + "/home/Maildir/.Box"
            let list = try String(contentsOfFile: box + "/dovecot-uidlist", encoding: .utf8)
            let validity = try #require(list.split(separator: " ").first { $0.hasPrefix("V") })
            for file in try FileManager.default.contentsOfDirectory(atPath: box) where file.hasPrefix("dovecot") {
                try FileManager.default.removeItem(atPath: box + "/" + file)
            }
            try Data(list.replacing(validity, with: "V77").utf8).write(to: URL(filePath: box + "/dovecot-uidlist"))
            world.hand()
            let expired = try await thrown { _ = try await connector.changes(since: first.next, known: .none) }
            #expect(expired == .cursorExpired)
            let after = try await sweep(connector).items
            #expect(after.count == 3 && Set(after.keys).isDisjoint(with: before.keys))
            let old = try #require(before.values.first)
            #expect(try await thrown { _ = try await connector.content(of: old, bytesMax: 9999) } == .gone)
        }
    }

    @Test func `a password goes over TLS, agreed upon or from the start, and in the clear to this machine only`()
        async throws
    {
        try await DovecotWorld.run { world in
            try world.deliver(Self.message("a"), as: "a")
            var settings = world.settings
            #expect(await (try world.connector(settings)).test().isGood)
            (settings.security, settings.port) = (.starttls, world.ports.imap)
            #expect(await (try world.connector(settings)).test().isGood)
            (settings.security, settings.host) = (.none, "127.0.0.1")
            #expect(await (try world.connector(settings)).test().isGood)
            for host in ["mail.test", "10.0.0.1", "localhost"] {
                settings.host = host
                #expect(throws: SourceFailure.self) { try world.connector(settings) }
            }
            (settings.host, settings.security) = ("mail.test", .tls)
            let plain = await (try world.connector(settings)).test()
            #expect(!plain.isGood, "imaps on the port of imap is not allowed by the policy")
        }
    }

    @Test func `a wrong password and a certificate of nobody known are told apart`() async throws {
        try await DovecotWorld.run { world in
            var settings = world.settings
            settings.password = Secret("hunter2")
            let refused = await (try world.connector(settings)).test()
            #expect(refused.steps.last?.kind == .credentials && !refused.isGood)
            #expect(!"\(refused)".contains("hunter2"))
            for security in [MailSettings.Security.tls, .starttls] {
                settings = world.settings
                settings.security = security
                settings.port = security == .tls ? world.ports.imaps : world.ports.imap
                let entries = [
                    "imaps://mail.test:\(world.ports.imaps) -> 127.0.0.1",
                    "imap://mail.test:\(world.ports.imap) -> 127.0.0.1",
                ]
                let unknown = await (try MailConnector(settings, client: try TestClient.make(entries))).test()
                #expect(unknown.steps.last?.kind == .certificate, "\(unknown)")
            }
        }
    }
}
