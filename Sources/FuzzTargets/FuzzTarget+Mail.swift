@testable import Connectors

extension FuzzTarget {
    /// What a mail server sends.
    static let mailTargets = [
        FuzzTarget(
            "imap",
            seeds: [
                "* 12 FETCH (UID 7 FLAGS (\\Seen) BODY[HEADER.FIELDS (SUBJECT)]<0> {4}"
                    + "\u{1c}a\r\nb\u{1c} X NIL \"q\\\"\")",
                "* OK [UIDVALIDITY 5] valid", "a1 NO [TRYCREATE] no", "* LIST (\\Noselect) \"/\" \"a &AOk- b\"",
                "+ go on",
            ]
        ) { bytes in
            let pieces = bytes.parts(9).enumerated().map { $0.isMultiple(of: 2) ? IMAPPiece.text($1) : .literal($1) }
            _ = IMAPResponse(pieces)
            var scanner = IMAPScanner(pieces)
            guard let values = try accepted({ try scanner.all() }) else { return }
            try require(values.reduce(0) { $0 + size($1) } <= bytes.count, "values are made of what was sent")
        },
        FuzzTarget("imap-quoted", seeds: ["a \\ \"b\"", "a\"\u{301} b"]) { bytes in
            guard let text = ExactText(bytes: bytes), let quoted = IMAPSession.quoted(text) else { return }
            var scanner = IMAPScanner([.text(Array(quoted.utf8))])
            let values = try accepted { try scanner.all() }
            try require(values == [.text(bytes)], "a quoted text is read as that text alone")
        },
        FuzzTarget("mailbox-name", seeds: ["a &AOk- b &-", "&2D3eAA-"]) { bytes in
            let shown = MailboxName.shown(ExactText(bytes.text))
            try require(shown.utf8.count <= 16 + 4 * bytes.count, "a name is bounded")
        },
        FuzzTarget("subject", seeds: ["Subject: =?utf-8?Q?caf=C3=A9?= =?iso-8859-1*en?b?6Q==?=\r\n x"]) { bytes in
            let subject = MailSubject.read(bytes) ?? ""
            try require(subject.utf8.count <= 16 + 8 * bytes.count, "a subject is bounded")
        },
    ]

    private static func size(_ value: IMAPValue) -> Int {
        switch value {
        case .list(let values): values.reduce(2) { $0 + size($1) }
        default: value.bytes?.count ?? 0
        }
    }
}
