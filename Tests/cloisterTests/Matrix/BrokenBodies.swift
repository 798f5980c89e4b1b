import HTTPKit

/// Bodies that no route takes.
enum BrokenBodies {
    static let all: [(String, [UInt8])] = [
        ("empty", []), ("not JSON", Array("{".utf8)), ("text", Array("hello".utf8)), ("a list", Array("[]".utf8)),
        ("null", Array("null".utf8)), ("a string", Array("\"x\"".utf8)), ("a number", Array("12".utf8)),
        ("two values", Array("{} {}".utf8)), ("invalid UTF-8", [0xff, 0xfe]),
        ("invalid UTF-8 in a string", Array("{\"name\":\"".utf8) + [0xc3, 0x28] + Array("\"}".utf8)),
        ("deep list", [UInt8](repeating: 0x5b, count: 10_000)),
        ("deep object", Array(String(repeating: "{\"a\":", count: 2_000).utf8)),
        ("a name twice", Array("{\"name\":\"a\",\"name\":\"b\"}".utf8)),
        ("trailing comma", Array("{\"name\":\"a\",}".utf8)),
        ("half a surrogate", Array("{\"name\":\"\\ud800\"}".utf8)), ("huge number", Array("{\"limit\":1e999}".utf8)),
        ("comment", Array("/* */ {}".utf8)), ("NaN", Array("{\"limit\":NaN}".utf8)), ("NUL", [0x7b, 0, 0x7d]),
        ("byte order mark and no more", [0xef, 0xbb, 0xbf]), ("UTF-16", [0xff, 0xfe, 0x7b, 0, 0x7d, 0]),
    ]

    static let identifiers = [
        "x", "doc_", "doc_7", "col_UPPERCASE7777777777777777", "%00", "%F0%9F%92%A9", "..%2f..", "'%20OR%201=1--",
        String(repeating: "7", count: 300), "sub_8zzzzzzzzzzzzzzzzzzzzzzzzz",
    ]

    static let unreadableFiles: [(String, [UInt8])] = [
        ("blank", Array(" \n\n\t".utf8)), ("markup", Array("<!doctype html><script>let a</script>".utf8)),
        ("zip", [0x50, 0x4b, 3, 4, 20, 0]), ("pdf", Array("%PDF-1.7\nand no more".utf8)),
    ]

    /// One field wrong at a time, an unknown one, and a required one missing.
    static func misshapen(_ fields: [SchemaNode.Field]) -> [(String, JSON)] {
        let good = Dictionary(
            uniqueKeysWithValues: fields.filter(\.required).map { ($0.name, Samples.value(of: $0.node)) })
        var bodies: [(String, JSON)] = [("unknown field", .object(good.merging(["no_such_field": 1]) { $1 }))]
        for field in fields {
            for wrong in Samples.wrongValues(of: field.node) {
                bodies.append(("\(field.name) = \(wrong)", .object(good.merging([field.name: wrong]) { $1 })))
            }
            guard field.required else { continue }
            bodies.append(("no \(field.name)", .object(good.filter { $0.key != field.name })))
            bodies.append(("\(field.name) = null", .object(good.merging([field.name: .null]) { $1 })))
        }
        return bodies
    }

    /// Right in shape and at the edge of what anybody would send.
    static func extreme(_ fields: [SchemaNode.Field]) -> [(String, JSON)] {
        let texts = [
            "", " ", "\u{0}", "\u{7f}\u{1b}[0m", "'; DROP TABLE users; --", "%s%n",
            String(repeating: "a", count: 20_000),
            "\u{202E}abc", "👩‍👩‍👧‍👦", "\u{FFFF}", "e\u{301}", "../../x", "null", "${HOME}",
        ]
        let good = Dictionary(
            uniqueKeysWithValues: fields.filter(\.required).map { ($0.name, Samples.value(of: $0.node)) })
        return fields.flatMap { field -> [(String, JSON)] in
            let values: [JSON] =
                switch field.node {
                case .string: texts.map(JSON.text)
                case .integer, .number: [0, -1, .number(9e14), .number(-9e14)]
                case .array: [.list(texts.map(JSON.text)), .list([JSON](repeating: "x", count: 5_000))]
                default: [.null]
                }
            return values.map { ("\(field.name), extreme", .object(good.merging([field.name: $0]) { $1 })) }
        }
    }
}
