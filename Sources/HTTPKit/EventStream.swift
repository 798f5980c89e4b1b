import HTTPTypes
import Kit

/// Server-sent events (WHATWG HTML, section 9.2) as a reply body.
package enum EventStream {
    /// How long a stream may be silent before a comment keeps proxies from closing it.
    package static let keepAliveDefault = Duration.seconds(15)

    /// Events as they come, a comment after every `keepAlive` of time, until the source ends.
    package static func reply(
        _ events: AsyncThrowingStream<ServerEvent, any Error>, clock: WallClock = .system,
        keepAlive: Duration = keepAliveDefault
    ) -> Reply {
        let stream = StreamPump.stream { relay in
            try await StreamPump.race {
                for try await event in events {
                    guard await relay.send(frame(event)) else { return }
                }
            } _: {
                while true {
                    try await clock.sleep(keepAlive)
                    relay.offer(keepAliveFrame)
                }
            }
        }
        return Reply(headers: [.contentType: "text/event-stream", .cacheControl: "no-store"], body: .stream(stream))
    }

    static let keepAliveFrame = Array(": keep-alive\n\n".utf8)

    /// `id`, `event` and `data` lines. A line break in `data` becomes a new `data` line; in the names it is dropped,
    /// so that no value can forge a field.
    static func frame(_ event: ServerEvent) -> [UInt8] {
        var text = ""
        if !event.id.isEmpty { text += "id: \(oneLine(event.id))\n" }
        if !event.name.isEmpty { text += "event: \(oneLine(event.name))\n" }
        for line in event.data.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            text += "data: \(line)\n"
        }
        return Array((text + "\n").utf8)
    }

    private static func oneLine(_ text: String) -> String {
        String(text.filter { !$0.isNewline && $0 != "\0" })
    }
}
