import Kit

@testable import Connectors

extension FuzzTarget {
    /// Small languages of sources: rules, patterns, pointers, dates.
    static let webTargets = [
        FuzzTarget(
            "robots",
            seeds: ["User-agent: cloister\nDisallow: /a*b$ # c\nAllow: /a\n\nUser-agent: *\nDisallow: /\u{1c}/a/b"]
        ) {
            let parts = $0.parts(2)
            let rules = RobotsRules(parts.part(0))
            _ = rules.allows(parts.part(1).text)
            try require(RobotsRules(parts.part(0)) == rules, "the same file gives the same rules")
        },
        FuzzTarget("glob", seeds: ["**/a*?b/*.md\u{1c}x/y/acb/r.md", "a/**\u{1c}a/b", "a/\u{301}b\u{1c}"]) { bytes in
            let (pattern, path) = (bytes.parts(2).part(0).text, bytes.parts(2).part(1).text)
            guard let glob = try accepted({ try GlobPattern(pattern) }) else { return }
            _ = glob.matches(path)
            try require(
                pattern.utf8.contains { "*?".utf8.contains($0) } || glob.matches(pattern),
                "a pattern without wildcards matches itself")
            try require(try GlobPattern("**").matches(path), "two stars match every path")
        },
        FuzzTarget("json-form", seeds: [#"{"id": 7, "list": [{"id": "a"}, null, {"id": {}}], "t": "[\"{"}"#]) { bytes in
            struct Shape: Decodable {
                let id: JSONText?
                let list: [Lossy<JSONText>]?
            }
            _ = try accepted { try JSONForm.decode(Shape.self, bytes) }
            try require((0...bytes.count).contains(JSONForm.depth(of: bytes)), "depth is bounded by length")
        },
        FuzzTarget("json-pointer", seeds: ["/a~1b/0/~0\u{1c}{\"a/b\": [{\"~\": \"c\"}]}"]) { bytes in
            let parts = bytes.parts(2)
            guard let pointer = JSONPointer(parts.part(0).text), let json = try? Kit.JSONParser.parse(parts.part(1))
            else {
                return
            }
            let value = pointer.value(in: json)
            try require(!pointer.text.isEmpty || value == json, "the empty pointer is the whole text")
        },
        FuzzTarget("source-date", seeds: ["2026-11-21T08:48:55.123Z", "Sun, 06 Nov 1994 08:49:37 GMT"]) { bytes in
            for time in [SourceDate.stamp(bytes.text), SourceDate.fixed(bytes.text)].compactMap(\.self) {
                try require(SourceDate.stamp(time.text) != nil, "a time that was read can be written and read")
            }
        },
        FuzzTarget(
            "access-list",
            bytes: [
                [
                    2, 0, 0, 0, 1, 0, 7, 0, 255, 255, 255, 255, 4, 0, 5, 0, 255, 255, 255, 255, 32, 0, 0, 0, 255, 255,
                    255, 255,
                ]
            ]
        ) { bytes in
            guard let list = AccessControlList(bytes: bytes) else { return }
            try require(8 * list.entries.count + 4 == bytes.count, "every entry counts")
        },
        FuzzTarget("base64", seeds: ["YWJj", "YQ=="]) { bytes in
            try require(Base64.decode(Base64.encode(bytes).utf8) == bytes, "what is encoded can be decoded")
            let decoded = Base64.decode(bytes) ?? []
            try require(decoded.count <= bytes.count * 3 / 4 + 1, "decoded bytes are fewer")
        },
    ]
}
