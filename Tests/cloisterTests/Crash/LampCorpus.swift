import Foundation

/// Sixty small Markdown files. Every paragraph holds a word of its document and every sentence a word of its own, so
/// that a search says exactly which pieces are there.
struct LampCorpus: Sendable {
    struct File: Sendable {
        let name: String
        let markdown: String
        /// What a reader must see: without markup, as the parser's contract says.
        let text: String
        /// In every paragraph, and so in every chunk.
        let word: String
        let sentenceWords: [String]
    }

    static let collection = "lamps"

    let files: [File]

    /// Every tenth file is long enough for several chunks.
    init(count: Int = 60) {
        files = (0..<count).map { Self.file($0, sections: $0 % 10 == 0 ? 3 : 1, sentences: $0 % 10 == 0 ? 24 : 3) }
    }

    var byName: [String: File] { Dictionary(uniqueKeysWithValues: files.map { ($0.name, $0) }) }

    func write(to folder: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for file in files { try Data(file.markdown.utf8).write(to: URL(filePath: folder + "/" + file.name)) }
    }

    private static func file(_ number: Int, sections: Int, sentences: Int) -> File {
        let word = "zq\(letters(number))q"
        var blocks = [(mark: "# ", text: "Log of lamp \(number)")]
        var words: [String] = []
        for section in 0..<sections {
            if section > 0 { blocks.append((mark: "## ", text: "Watch \(section) at \(word)")) }
            for sentence in 0..<sentences {
                let own = "wx\(letters(number))\(letters(section * sentences + sentence))q"
                words.append(own)
                blocks.append((mark: "", text: "At lamp \(word) the keeper wrote \(own) and saw a ship pass the reef."))
            }
        }
        return File(
            name: "lamp-\(number).md", markdown: blocks.map { $0.mark + $0.text }.joined(separator: "\n\n") + "\n",
            text: blocks.map(\.text).joined(separator: "\n\n"), word: word, sentenceWords: words)
    }

    /// Letters only, so that the word is one term and no stemmer finds a grammar in it.
    private static func letters(_ number: Int) -> String {
        String(
            String.UnicodeScalarView("\(100 + number)".unicodeScalars.map { UnicodeScalar(UInt8($0.value - 48 + 98)) }))
    }
}
