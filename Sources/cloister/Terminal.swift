import Foundation

/// Talk on standard error, data on standard output; colour and bars only for a person.
enum Terminal {
    static var isInteractive: Bool { isatty(STDERR_FILENO) == 1 }

    private static var hasColour: Bool {
        isatty(STDOUT_FILENO) == 1 && ProcessInfo.processInfo.environment["NO_COLOR"] == nil
    }

    static func say(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }

    static func printData(_ text: String, terminator: String = "\n") {
        FileHandle.standardOutput.write(Data((text + terminator).utf8))
    }

    static func dim(_ text: String) -> String { hasColour ? "\u{1b}[2m\(text)\u{1b}[0m" : text }
    static func bold(_ text: String) -> String { hasColour ? "\u{1b}[1m\(text)\u{1b}[0m" : text }

    /// One line that is written over; nothing when nobody watches.
    static func bar(_ done: Int, of total: Int, _ label: String) {
        guard isInteractive, total > 0 else { return }
        let width = 30
        let filled = min(width, done * width / total)
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
        FileHandle.standardError.write(Data("\r[\(bar)] \(done)/\(total) \(label)\u{1b}[K".utf8))
    }

    /// One line that is written over, for work whose end is not known.
    static func say(running text: String) {
        guard isInteractive else { return }
        FileHandle.standardError.write(Data("\r\(safe(text))\u{1b}[K".utf8))
    }

    /// No when nobody is there to answer.
    static func confirms(_ question: String) -> Bool {
        guard isInteractive, isatty(STDIN_FILENO) == 1 else { return false }
        FileHandle.standardError.write(Data("\(safe(question)) [y/N] ".utf8))
        return readLine()?.lowercased().hasPrefix("y") ?? false
    }

    static func endBar() {
        if isInteractive { FileHandle.standardError.write(Data("\n".utf8)) }
    }

    /// Control characters of documents must not steer the terminal.
    static func safe(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.filter { $0 == "\n" || $0.properties.generalCategory != .control }))
    }
}
