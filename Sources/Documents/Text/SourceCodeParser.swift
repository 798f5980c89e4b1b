/// Source code and configuration: blocks of code as they stand, cut where a declaration begins.
enum SourceCodeParser: FormatParser {
    static let version = "source-code/1"
    /// A block that is so long already ends at the next blank line, whatever follows.
    private static let blockBytesAim = 2_000
    private static let blockLinesMax = 200

    static let endings: Set<String> = [
        "ada", "adb", "ads", "asm", "awk", "bash", "bat", "bicep", "c", "cc", "cfg", "clj", "cls", "cmake", "cmd",
        "conf",
        "cpp", "cs", "css", "cxx", "dart", "el", "elm", "env", "erl", "ex", "exs", "f90", "fish", "fs", "go", "gradle",
        "graphql", "groovy", "h", "hcl", "hpp", "hs", "ini", "java", "jl", "js", "jsx", "kt", "kts", "less", "lisp",
        "lua",
        "m", "mjs", "ml", "mm", "nim", "nix", "pas", "php", "pl", "pm", "proto", "ps1", "properties", "py", "r", "rb",
        "rego", "rs", "s", "sass", "scala", "scm", "scss", "sh", "sol", "sql", "swift", "tcl", "tf", "toml", "ts",
        "tsx", "vb", "vue", "yaml", "yml", "zig", "zsh",
    ]

    static func parse(_ source: SourceFile, into session: inout ParseSession) throws(ParseFailure) {
        write(try session.text(of: source)[...], to: &session.writer)
    }

    /// Also for text of other formats that turns out to be broken.
    static func write(_ text: ArraySlice<UInt8>, to writer: inout DocumentWriter) {
        var block: [ArraySlice<UInt8>] = []
        var bytes = 0
        var isAfterBlank = false
        for line in text.split(separator: 0x0a, omittingEmptySubsequences: false) where !writer.isFull {
            let isBlank = line.allSatisfy { $0 <= 0x20 }
            let isBoundary = isAfterBlank && !isBlank && (isDeclaration(line) || bytes > blockBytesAim)
            if isBoundary || block.count >= blockLinesMax {
                flush(&block, to: &writer)
                bytes = 0
            }
            if !isBlank || !block.isEmpty { block.append(line) }
            bytes += line.count
            isAfterBlank = isBlank
        }
        flush(&block, to: &writer)
    }

    /// Begins at the margin and closes nothing.
    private static func isDeclaration(_ line: ArraySlice<UInt8>) -> Bool {
        guard let first = line.first else { return false }
        return first > 0x20 && first != UInt8(ascii: "}") && first != UInt8(ascii: ")") && first != UInt8(ascii: "]")
    }

    private static func flush(_ block: inout [ArraySlice<UInt8>], to writer: inout DocumentWriter) {
        writer.code([Inline(Array(block.joined(separator: [0x0a])))])
        block = []
    }
}
