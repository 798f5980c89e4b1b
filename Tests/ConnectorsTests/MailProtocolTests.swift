import Kit
import TestKit
import Testing

@testable import Connectors
@testable import TestConnectors

/// What a mail server can do wrong, with a fake that does it.
@Suite(.timeLimit(.minutes(10))) struct MailProtocolTests {
    typealias Step = FakeMailServer.Step

    private static let malformed = SourceFailure.misbehaved("The mail server does not keep to IMAP.")
    private static let busy = SourceFailure.retryable(after: nil, "The mail server cannot open the mailbox now.")
    private static let bye = SourceFailure.retryable(after: nil, "The mail server ended the connection.")

    /// What a listing comes to when the server answers commands that begin so in this way.
    private static func failure(
        to command: String, _ steps: [Step], _ change: (inout MailSettings) -> Void = { _ in }
    ) async throws -> SourceFailure? {
        try await FakeMailServer.run {
            $0.hasPrefix(command) ? steps : nil
        } body: { server in
            try await thrown { _ = try await sweep(try server.connector(.none, change)) }
        }
    }

    @Test func `two messages are listed and one is read`() async throws {
        try await FakeMailServer.run { server in
            let connector = try server.connector()
            let items = try await sweep(connector).items
            #expect(Set(items.keys) == ["INBOX/7/3", "INBOX/7/8"])
            #expect(items["INBOX/7/3"]?.path == "INBOX/one" && items["INBOX/7/8"]?.path == "INBOX/8")
            #expect(items["INBOX/7/3"]?.modified?.text == "1996-07-17T09:44:25.000Z")
            #expect(items["INBOX/7/8"]?.modified?.text == "1996-07-07T02:44:25.000Z")
            let item = try #require(items["INBOX/7/3"])
            let content = try await connector.content(of: item, bytesMax: 20)
            #expect(content.bytes == Array("Subject: one\r\n\r\nbody".utf8))
            #expect(
                try await thrown { _ = try await connector.content(of: item, bytesMax: 19) }
                    == .poison(.tooLarge(bytesMax: 19)))
            let secret = Base64.encode(Array("\0archive\0hunter2".utf8))
            #expect(server.commands.contains(secret) && server.commands.contains("LOGOUT"))
        }
    }

    @Test func `what the caller knows is not asked for again`() async throws {
        try await FakeMailServer.run { server in
            let connector = try server.connector()
            let page = try await connector.changes(since: nil, known: KnownTags { _ in "7.3" })
            #expect(page.changes.first == .permissions("INBOX/7/3", connector.permissions))
            #expect(server.commands.contains { $0.hasPrefix("UID FETCH 8 (UID BODY.PEEK[HEADER") })
        }
    }

    @Test(
        arguments: [
            ("LIST", "* LIST () \"/\" {99999999999999999999}\r\n"), ("LIST", "* LIST () \"/\" {2000000000}\r\n"),
            ("LIST", "* LIST () \"/\" \"open\r\nTAG OK\r\n"), ("LIST", "* LIST (((((((((((((((((((((( \r\nTAG OK\r\n"),
            ("LIST", "what\r\n"), ("LIST", "\r\n"), ("LIST", "other OK done\r\n"), ("LIST", "+ go on\r\n"),
            ("LIST", "TAG BYE\r\n"), ("LIST", "\u{0}\u{1}\u{2}\r\n"), ("LIST", "TAG BAD no\r\n"),
            ("EXAMINE", "TAG OK [READ-ONLY] no numbers\r\n"), ("EXAMINE", "* 2 EXISTS\r\nTAG OK\r\n"),
            ("EXAMINE", "* -1 EXISTS\r\n* OK [UIDVALIDITY 1]\r\nTAG OK\r\n"),
            ("EXAMINE", "* 99999999999 EXISTS\r\n* OK [UIDVALIDITY 1]\r\nTAG OK\r\n"),
            ("EXAMINE", "* 2 EXISTS\r\n* OK [UIDVALIDITY x]\r\nTAG OK\r\n"),
            ("FETCH", "* 1 FETCH (UID 3 RFC822.SIZE)\r\n* 2 FETCH ((UID) 3)\r\nTAG OK\r\n"),
            ("FETCH", "* 1 FETCH (UID 1)\r\n* 2 FETCH (UID 2)\r\n* 3 FETCH (UID 3)\r\nTAG OK\r\n"),
            ("FETCH", "* 1 FETCH (UID {3}\r\n123\r\nTAG OK\r\n"), ("AUTHENTICATE", "+ \r\n+ \r\n"),
        ])
    func `what is not IMAP is refused`(command: String, answer: String) async throws {
        let isAuthentication = command == "AUTHENTICATE"
        let failure = try await FakeMailServer.run {
            if $0.hasPrefix(command) { return [.send(answer)] }
            return isAuthentication && !$0.contains(" ") && $0 != "CAPABILITY" ? [] : nil
        } body: { server in
            try await thrown { _ = try await sweep(try server.connector()) }
        }
        #expect(failure == Self.malformed, "\(answer)")
    }

    @Test func `lines, responses and literals without end meet their bounds`() async throws {
        #expect(
            try await Self.failure(to: "LIST", [.flood(String(repeating: "A", count: 8192))])
                == .misbehaved("The mail server sends a line that does not end."))
        #expect(
            try await Self.failure(to: "EXAMINE", [.flood("* 5 EXISTS\r\n")])
                == .misbehaved("The mail server says more than it was asked for."))
        #expect(try await Self.failure(to: "LIST", [.flood("* X {5}\r\n12345")]) != nil)
        let large = String(repeating: "x", count: 60_000)
        #expect(
            try await Self.failure(to: "EXAMINE", [.flood("* X {60000}\r\n\(large)\r\n")]) {
                $0.limits.listBytesMax = 1 << 20
            } == .limit(.listBytes(1 << 20)))
        #expect(
            try await Self.failure(to: "EXAMINE", [.send("* 4000000000 EXISTS\r\n* OK [UIDVALIDITY 1]\r\nTAG OK\r\n")])
            {
                $0.limits.itemsMax = 1000
                $0.limits.pageItemsMax = 100
            } == .limit(.items(1000)))
    }

    @Test func `a message that is larger than announced, absent or another's is not taken`() async throws {
        let cases: [(answer: String, failure: SourceFailure)] = [
            ("* 1 FETCH (UID 3 BODY[] {4000000000}\r\n", .poison(.tooLarge(bytesMax: 100))),
            ("* 1 FETCH (UID 3 BODY[] {101}\r\n", .poison(.tooLarge(bytesMax: 100))),
            (
                "* 1 FETCH (UID 3 BODY[] \"\(String(repeating: "q", count: 101))\")\r\nTAG OK\r\n",
                .poison(.tooLarge(bytesMax: 100))
            ),
            ("* 1 FETCH (UID 3 BODY[] NIL)\r\nTAG OK\r\n", .gone), ("TAG OK\r\n", .gone),
            ("* 1 FETCH (UID 4 BODY[] \"x\")\r\nTAG OK\r\n", .gone),
            ("* 1 FETCH (FLAGS (\\Seen))\r\nTAG OK\r\n", .gone), ("TAG NO later\r\n", Self.busy),
            ("* BYE out\r\n", Self.bye),
        ]
        for (answer, expected) in cases {
            try await FakeMailServer.run {
                $0.hasPrefix("UID FETCH 3 (UID BODY.PEEK[])") ? [.send(answer)] : nil
            } body: { server in
                let connector = try server.connector()
                let item = try #require(try await sweep(connector).items["INBOX/7/3"])
                let failure = try await thrown { _ = try await connector.content(of: item, bytesMax: 100) }
                #expect(failure == expected, "\(answer)")
            }
        }
    }

    @Test func `what comes unasked changes nothing`() async throws {
        let noise =
            "* 9 EXISTS\r\n* FLAGS (\\Seen)\r\n* OK {5}\r\n* 1 FETCH (FLAGS (\\Seen))\r\n* 3 RECENT\r\n* NO [ALERT] x\r\n"
        try await FakeMailServer.run { command in
            let answer = FakeMailServer.answer(to: command)
            guard case .send(let text) = answer.first, text.hasSuffix("TAG OK done\r\n"), command != "EXAMINE \"INBOX\""
            else { return answer }
            return [.send(noise + text)]
        } body: { server in
            let items = try await sweep(try server.connector()).items
            #expect(Set(items.keys) == ["INBOX/7/3", "INBOX/7/8"])
        }
    }

    @Test func `goodbyes, refusals and closed folders have their meaning`() async throws {
        #expect(try await Self.failure(to: "LIST", [.send("* BYE shutting down\r\n"), .close]) == Self.bye)
        #expect(try await Self.failure(to: "EXAMINE", [.send("TAG NO [INUSE] locked\r\n")]) == Self.busy)
        let wrong = SourceFailure.unauthorised("The server does not accept user and password.")
        #expect(try await Self.failure(to: "AUTHENTICATE", [.send("TAG NO [AUTHENTICATIONFAILED] no\r\n")]) == wrong)
        #expect(try await Self.failure(to: "AUTHENTICATE", [.send("TAG NO [UNAVAILABLE] no\r\n")]) == Self.busy)
        guard case .retryable = try await Self.failure(to: "LIST", [.close]) else {
            Issue.record("A lost connection may pass.")
            return
        }
        try await FakeMailServer.run {
            $0.hasPrefix("EXAMINE") ? [.send("TAG NO [NOPERM] no\r\n")] : nil
        } body: { server in
            let swept = try await sweep(try server.connector())
            #expect(swept.items.isEmpty && swept.skipped.map(\.reason) == [.unreadable])
        }
    }

    @Test(
        arguments: [
            ("* PREAUTH hello\r\n", "signed in already"), ("* BYE full\r\n", "ended the connection"),
            ("* OK [CAPABILITY IMAP4rev1] hi\r\n", "not offer STARTTLS"), ("+ hello\r\n", "not keep to IMAP"),
        ])
    func `before encryption nobody gets a password`(greeting: String, word: String) async throws {
        try await FakeMailServer.run(greeting: [.send(greeting)]) {
            $0 == "CAPABILITY" ? [.send("* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\nTAG OK\r\n")] : nil
        } body: { server in
            let failure = try await thrown { _ = try await sweep(try server.connector(.starttls)) }
            #expect(failure?.sentence.contains(word) == true, "\(String(describing: failure))")
            #expect(server.commands.allSatisfy { ["CAPABILITY", "STARTTLS"].contains($0) })
        }
    }

    /// CVE-2011-0411 and its relatives, CVE-2021-33515 among them.
    @Test(arguments: [
        "TAG OK go\r\n* CAPABILITY IMAP4rev1\r\nc3 OK fine\r\n", "TAG OK go\r\n*", "TAG OK go\r\nTAG OK\r\n",
    ])
    func `answers that are put in before encryption are refused`(answer: String) async throws {
        try await FakeMailServer.run {
            $0 == "STARTTLS" ? [.send(answer)] : nil
        } body: { server in
            let failure = try await thrown { _ = try await sweep(try server.connector(.starttls)) }
            #expect(failure?.sentence.contains("unencrypted") == true, "\(String(describing: failure))")
            #expect(server.commands.allSatisfy { ["CAPABILITY", "STARTTLS"].contains($0) })
        }
    }

    @Test func `a server without PLAIN gets LOGIN, quoted, unless it forbids that`() async throws {
        let greeting = Step.send("* OK [CAPABILITY IMAP4rev1] hi\r\n")
        try await FakeMailServer.run(greeting: [greeting]) { server in
            let connector = try server.connector(.none) { $0.password = Secret("a\"b\\c") }
            #expect(try await sweep(connector).items.count == 2)
            #expect(server.commands.contains("LOGIN \"archive\" \"a\\\"b\\\\c\""))
        }
        try await FakeMailServer.run(
            greeting: [.send("* OK [CAPABILITY IMAP4rev1 LOGINDISABLED] hi\r\n")]
        ) { server in
            let failure = try await thrown { _ = try await sweep(try server.connector()) }
            #expect(failure == .misconfigured("The server takes no password on this connection."))
            #expect(server.commands.isEmpty)
        }
    }

    @Test func `folder names that no command can hold are skipped, and others are quoted`() async throws {
        let list =
            "* LIST (\\Noselect) \"/\" Up\r\n* LIST () \"/\" {5}\r\na\r\nb \r\n* LIST () NIL \"q\\\"\\\\\"\r\nTAG OK\r\n"
        try await FakeMailServer.run {
            if $0.hasPrefix("LIST") { return [.send(list)] }
            return $0.hasPrefix("EXAMINE") ? [.send("* 0 EXISTS\r\n* OK [UIDVALIDITY 1]\r\nTAG OK\r\n")] : nil
        } body: { server in
            let swept = try await sweep(try server.connector())
            #expect(swept.skipped.map(\.reason) == [.badName])
            #expect(server.commands.filter { $0.hasPrefix("EXAMINE") } == ["EXAMINE \"q\\\"\\\\\""])
        }
    }

    @Test(
        arguments: [
            ("INBOX", "INBOX"), ("Entw&APw-rfe", "Entwürfe"), ("&Jjo-", "☺"), ("a&-b", "a&b"), ("&2D3eAA-", "😀"),
            ("&", "&"), ("&A-", "&A-"), ("&2D0-", "&2D0-"), ("&!!-", "&!!-"), ("é", "é"), ("", ""),
        ])
    func `names of folders are read`(name: String, shown: String) {
        #expect(ExactText(MailboxName.shown(ExactText(name))) == ExactText(shown))
    }

    @Test(
        arguments: [
            ("Subject: plain", "plain"), ("subject:  a\r\n\tb ", "a b"), ("Subject: =?UTF-8?q?a_=C3=A9?=", "a é"),
            ("Subject: =?utf-8?B?w6k=?=\r\n =?utf-8?B?w6k=?= x", "éé x"), ("Subject: =?utf-8?B?w6k", "=?utf-8?B?w6k"),
            ("Subject: =?x-odd?Q?a?=", "=?x-odd?Q?a?="), ("Subject: =?utf-8?Q?=FF?=", "=?utf-8?Q?=FF?="),
            ("Subject:", nil),
            ("From: x", nil), ("", nil), ("Subject: =?utf-8*de?Q?=C3=BC?=", "ü"),
            ("Subject: =?utf-8?X?a?=", "=?utf-8?X?a?="),
        ])
    func `subjects are read`(header: String, subject: String?) {
        #expect(MailSubject.read(Array(header.utf8)) == subject)
    }

    @Test(arguments: [
        "", "INBOX", "INBOX/1", "INBOX/1/0", "INBOX/01/2", "INBOX/1/+2", "a\r\nb/1/2", "/1/4294967296", "x/ 1/2",
    ])
    func `keys that no listing gave name nothing`(key: String) { #expect(MailKey(ExactText(key)) == nil) }

    @Test func `random answers end, and with a failure of ours`() async throws {
        let parts = [
            "* ", "TAG ", "OK", "NO", " FETCH (", "UID 3", "BODY[]", "{5}\r\n", "{", "}", "\"", "\\", "(", ")", "\r\n",
            "\n",
            "+ ", "BYE", "[", "]", "EXISTS", "LIST ", "NIL", "é", "\u{0}", "1", " ",
        ]
        var generator = SeededGenerator(seed: 23)
        for round in 0..<150 {
            let text = (0..<Int.random(in: 1...30, using: &generator)).map { _ in
                parts.randomElement(using: &generator) ?? ""
            }.joined()
            let at = ["LIST", "EXAMINE", "FETCH", "UID FETCH", "AUTHENTICATE"].randomElement(using: &generator) ?? ""
            // Only `SourceFailure` passes here; anything else fails the test.
            _ = try await thrown {
                _ = try await FakeMailServer.run {
                    $0.hasPrefix(at) ? [.send(text), .close] : nil
                } body: { server in
                    try await sweep(try server.connector())
                }
            }
            #expect(round >= 0, "seed 23")
        }
    }
}
