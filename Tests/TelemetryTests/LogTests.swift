import Foundation
import Kit
import Logging
import Synchronization
import TestKit
import Testing

@testable import Telemetry

@Suite("Log lines")
struct LogTests {
    private func lines(_ body: (Logger) -> Void) -> [String] {
        let lines = LineBox()
        let clock = VirtualClock()
        let handler = JSONLogHandler(label: "cloister.test", level: .info, clock: clock.clock) { lines.append($0) }
        body(Logger(label: "cloister.test") { _ in handler })
        return lines.all
    }

    private final class LineBox: Sendable {
        private let lines = Mutex<[String]>([])
        var all: [String] { lines.withLock { $0 } }
        func append(_ line: String) { lines.withLock { $0.append(line) } }
    }

    @Test("are one JSON object each, with sorted fields")
    func shape() throws {
        let lines = lines { logger in
            logger.info(
                "exchange", metadata: ["status": "200", "route": "/a/{b}", "list": ["x", "y"], "nested": ["z": "1"]])
            logger.debug("not shown")
        }
        let expected =
            #"{"time":"2026-01-01T00:00:00.000Z","level":"info","logger":"cloister.test","message":"exchange","#
            + #""fields":{"list":["x","y"],"nested":{"z":"1"},"route":"/a/{b}","status":"200"}}"# + "\n"
        #expect(lines == [expected])
    }

    @Test("stay one line of valid JSON whatever is logged")
    func escaping() throws {
        let hostile = "a\"b\\c\nd\r\t\u{0}\u{1b}[31m\u{85}é😀"
        let lines = lines { $0.warning("\(hostile)", metadata: ["\(hostile)": "\(hostile)"]) }
        #expect(lines.count == 1 && lines[0].split(separator: "\n").count == 1)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(lines[0].utf8)) as? [String: Any])
        #expect(object["message"] as? String == hostile)
        #expect((object["fields"] as? [String: String])?[hostile] == hostile)
    }

    @Test(
        "hold no content and no secret, and bounded values",
        arguments: [
            "authorization", "Cookie", "password", "user.password", "api_key", "prompt", "document-text", "title",
            "path",
        ])
    func redaction(_ field: String) {
        let lines = lines {
            $0.error("failed", metadata: ["\(field)": "canary-7f3a", "size": "\(String(repeating: "y", count: 9999))"])
        }
        #expect(!lines[0].contains("canary"))
        #expect(lines[0].contains("<11 bytes>"))
        #expect(lines[0].utf8.count < 1200)
    }
}
