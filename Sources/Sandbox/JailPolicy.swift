import CJail

/// What a jailed process may use and read. It may write nothing but its standard output and error, in any jail.
package struct JailPolicy: Hashable, Sendable {
    /// Bytes of address space, those of the program and its libraries too.
    package var memoryBytesMax: UInt64
    /// Seconds of processor time over the whole life of the process; of a warm worker, over all its jobs.
    package var processorSecondsMax: UInt64
    /// Files, and folders with all beneath them, that may be opened. What does not exist is skipped. When this and
    /// `executable` are empty, no path is ever resolved, and Landlock is not needed.
    package var readable: [String]
    /// The same, and files there may be executed too.
    package var executable: [String]

    package init(
        memoryBytesMax: UInt64, processorSecondsMax: UInt64, readable: [String] = [], executable: [String] = []
    ) {
        self.memoryBytesMax = memoryBytesMax
        self.processorSecondsMax = processorSecondsMax
        self.readable = readable
        self.executable = executable
    }

    /// For the command-line converters of poppler and tesseract: their libraries, character tables, fonts and models.
    package static func converter(memoryBytesMax: UInt64, processorSecondsMax: UInt64) -> JailPolicy {
        JailPolicy(
            memoryBytesMax: memoryBytesMax, processorSecondsMax: processorSecondsMax,
            readable: libraries + [
                "/usr/lib/locale", "/usr/share/poppler", "/usr/share/fonts", "/usr/local/share/fonts",
                "/usr/share/fontconfig", "/etc/fonts", "/var/cache/fontconfig", "/usr/share/tesseract-ocr",
            ],
            executable: loaders)
    }

    /// For a parser inside our own program that converts character sets, whose tables are libraries of their own.
    package static func parser(memoryBytesMax: UInt64, processorSecondsMax: UInt64) -> JailPolicy {
        JailPolicy(
            memoryBytesMax: memoryBytesMax, processorSecondsMax: processorSecondsMax,
            readable: libraries + ["/usr/lib/locale"])
    }

    /// Where shared libraries and their list are, on both processors and on distributions with and without the
    /// folder of the architecture.
    private static let libraries = [
        "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/lib/x86_64-linux-gnu", "/lib/aarch64-linux-gnu",
        "/usr/lib64", "/lib64", "/etc/ld.so.cache",
    ]

    /// The kernel starts a program through its loader and asks whether that may be executed, too.
    private static let loaders = ["/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1"]

    /// This policy, which may also execute that file.
    package func executing(_ path: String) -> JailPolicy {
        var policy = self
        policy.executable.append(path)
        return policy
    }
}

/// One argument of the command line: `1:memory:seconds:parent:r/path:x/path`, with `%` and `:` of a path escaped.
struct EncodedJailPolicy: Hashable {
    static let version = "1"

    let policy: JailPolicy
    /// The process that must still be the parent when the jail is entered, or 0 for any.
    let parent: Int32

    init(policy: JailPolicy, parent: Int32) {
        self.policy = policy
        self.parent = parent
    }

    var text: String {
        let bounds = [Self.version, "\(policy.memoryBytesMax)", "\(policy.processorSecondsMax)", "\(parent)"]
        let readable = policy.readable.map { "r" + Self.escape($0) }
        let executable = policy.executable.map { "x" + Self.escape($0) }
        return (bounds + readable + executable).joined(separator: ":")
    }

    /// Nil unless it is the exact form that `text` writes.
    init?(_ text: String) {
        let fields = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard fields.count >= 4, fields[0] == Self.version, let memory = UInt64(fields[1]),
            let seconds = UInt64(fields[2]), let parent = Int32(fields[3]), parent >= 0
        else { return nil }
        var policy = JailPolicy(memoryBytesMax: memory, processorSecondsMax: seconds)
        for field in fields.dropFirst(4) {
            guard let path = Self.unescape(field.dropFirst()), path.hasPrefix("/") else { return nil }
            switch field.first {
            case "r": policy.readable.append(path)
            case "x": policy.executable.append(path)
            default: return nil
            }
        }
        self.init(policy: policy, parent: parent)
        guard self.text == text else { return nil }
    }

    private static func escape(_ path: String) -> String {
        path.map { $0 == "%" ? "%25" : $0 == ":" ? "%3A" : String($0) }.joined()
    }

    private static func unescape(_ text: Substring) -> String? {
        var path = ""
        var rest = text
        while let character = rest.popFirst() {
            guard character == "%" else {
                path.append(character)
                continue
            }
            let code = rest.prefix(2)
            guard code == "25" || code == "3A" else { return nil }
            path.append(code == "25" ? "%" : ":")
            rest = rest.dropFirst(2)
        }
        return path
    }
}
