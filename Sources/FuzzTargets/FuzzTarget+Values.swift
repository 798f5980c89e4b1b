import Kit

extension FuzzTarget {
    /// Values that clients and other systems send.
    static let valueTargets = [
        FuzzTarget("json-value", seeds: [#"{"a": [1, -2.5e+3, true, null], "b\u00e9\ud83d\ude00": {"c": "\n"}}"#]) {
            bytes in
            guard let value = try accepted({ try JSONParser.parse(bytes) }) else { return }
            try require(try accepted { try JSONParser.parse(Array(text(value).utf8)) } == value, "JSON is kept")
        },
        FuzzTarget("timestamp", seeds: ["2026-11-21", "2024-02-29T23:59:59.999999Z", "2026-11-21T08:00:00.123456xyzZ"])
        { bytes in
            guard let time = Timestamp(bytes.text) else { return }
            try require(
                bytes.allSatisfy { (0x30...0x39).contains($0) || "-:.TZ".utf8.contains($0) }, "a time is digits")
            let again = Timestamp(time.text)
            let lost = again.map { time.microseconds - $0.microseconds } ?? -1
            try require((0..<1000).contains(lost), "a time can be written and read, but for its microseconds")
        },
        FuzzTarget("identifier", seeds: ["doc_00000000000000000000000000", "doc_7zzzzzzzzzzzzzzzzzzzzzzzzz"]) { bytes in
            guard let id = DocumentID(bytes.text) else { return }
            try require(Array(id.description.utf8) == bytes, "an identifier has one form")
        },
        FuzzTarget("hex", seeds: ["00ff", "0F"]) { bytes in
            try require(Hex.decode(Hex.encode(bytes)) == bytes, "what is encoded can be decoded")
            guard let decoded = Hex.decode(bytes.text) else { return }
            try require(Array(Hex.encode(decoded).utf8) == bytes, "digits have one form")
        },
    ]

    private static func text(_ value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .boolean(let flag): "\(flag)"
        case .number(let digits): digits
        case .string(let string): quoted(string)
        case .array(let items): "[\(items.map(text).joined(separator: ","))]"
        case .object(let members):
            "{\(members.map { "\(quoted($0)):\(text($1))" }.joined(separator: ","))}"
        }
    }

    private static func quoted(_ string: String) -> String {
        let body = string.unicodeScalars.map { scalar in
            switch scalar {
            case "\"", "\\": "\\\(scalar)"
            case ..<" ": "\\u00" + Hex.encode([UInt8(scalar.value)])
            default: String(scalar)
            }
        }
        return "\"\(body.joined())\""
    }
}
