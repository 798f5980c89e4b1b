import Kit
import Logging

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Log events as JSON lines: `{"time":...,"level":...,"logger":...,"message":...,"fields":{...}}`.
///
/// No content is logged: `LogRedaction` decides by the field's name and size. Start it once:
/// `LoggingSystem.bootstrap { JSONLogHandler(label: $0, level: .info) }`.
package struct JSONLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    package var logLevel: Logger.Level
    private let label: String
    private let clock: WallClock
    private let write: @Sendable (String) -> Void

    /// `write` gets whole lines with their line break; the default is standard error.
    package init(
        label: String, level: Logger.Level = .info, clock: WallClock = .system,
        write: @escaping @Sendable (String) -> Void = Self.standardError
    ) {
        self.label = label
        logLevel = level
        self.clock = clock
        self.write = write
    }

    /// One `write` call per line, so that lines of threads do not mix.
    package static let standardError: @Sendable (String) -> Void = { line in put(line, STDERR_FILENO) }
    package static let standardOutput: @Sendable (String) -> Void = { line in put(line, STDOUT_FILENO) }

    private static func put(_ line: String, _ descriptor: Int32) {
        var line = line
        line.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)[...]
            while !rest.isEmpty {
                #if canImport(Glibc)
                    let written = Glibc.write(
                        descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                #else
                    let written = Darwin.write(
                        descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                #endif
                // Nobody reads the log any more: there is nobody to tell.
                guard written > 0 else { return }
                rest = rest.dropFirst(written)
            }
        }
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var fields = metadataProvider?.get() ?? [:]
        fields.merge(metadata) { $1 }
        fields.merge(event.metadata ?? [:]) { $1 }
        if let error = event.error { fields["error"] = "\(error)" }
        write(line(event, fields))
    }

    private func line(_ event: LogEvent, _ fields: Logger.Metadata) -> String {
        var text = "{\"time\":\(JSONText.quote(clock.now().text)),\"level\":\"\(event.level)\""
        text += ",\"logger\":\(JSONText.quote(label))"
        text += ",\"message\":\(JSONText.quote(LogRedaction.shortened(event.message.description)))"
        if !fields.isEmpty { text += ",\"fields\":\(JSONText.object(fields))" }
        return text + "}\n"
    }
}

/// What may stand in a log line.
package enum LogRedaction {
    package static let valueBytesMax = 512

    /// Names whose values are content or secrets, whatever they hold.
    private static let refused = [
        "authorization", "cookie", "password", "secret", "token", "key", "body", "query", "prompt", "question",
        "answer",
        "text", "content", "title", "name", "path", "email",
    ]

    static func value(_ value: String, of field: String) -> String {
        let words = field.lowercased().split { !$0.isLetter }
        guard !words.contains(where: { refused.contains(String($0)) }) else { return "<\(value.utf8.count) bytes>" }
        return shortened(value)
    }

    static func shortened(_ text: String) -> String {
        guard text.utf8.count > valueBytesMax else { return text }
        return text.prefix(valueBytesMax) + "... (\(text.utf8.count) bytes)"
    }
}

/// JSON text without Foundation: logging is on every path.
enum JSONText {
    static func object(_ fields: Logger.Metadata) -> String {
        let members = fields.sorted { $0.key < $1.key }.map { "\(quote($0.key)):\(value($0.value, of: $0.key))" }
        return "{" + members.joined(separator: ",") + "}"
    }

    private static func value(_ value: Logger.Metadata.Value, of field: String) -> String {
        switch value {
        case .string(let text): quote(LogRedaction.value(text, of: field))
        case .stringConvertible(let source): quote(LogRedaction.value(source.description, of: field))
        case .array(let items): "[" + items.map { Self.value($0, of: field) }.joined(separator: ",") + "]"
        case .dictionary(let fields): object(fields)
        }
    }

    static func quote(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case let control where control.value < 0x20 || (0x7F...0x9F).contains(control.value):
                let digits = String(control.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
