import TestKit

/// Markdown of every block kind, with paragraphs from empty to several chunks long.
struct RandomDocument {
    private var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    private static let words = [
        "leave", "payroll", "the", "of", "antidisestablishmentarianism", "30", "C-17/b", "\u{fc}ber", "caf\u{e9}.",
        "\u{65e5}\u{672c}\u{8a9e}", "\u{1f469}\u{200d}\u{2695}\u{fe0f}", "e\u{301}", "x", "1,234.56", "...",
        "\u{5d0}\u{5d1}", "can't", "\u{1f600}",
    ]

    mutating func markdown() -> String {
        (0..<Int.random(in: 1...30, using: &generator)).map { _ in block() }.joined(separator: "\n\n") + "\n\nend"
    }

    private mutating func block() -> String {
        switch Int.random(in: 0..<8, using: &generator) {
        case 0, 1: String(repeating: "#", count: Int.random(in: 1...6, using: &generator)) + " " + text(1...8)
        case 2: (0..<Int.random(in: 1...20, using: &generator)).map { _ in "- " + text(1...30) }.joined(separator: "\n")
        case 3: "```\n" + text(1...400) + "\n```"
        case 4:
            "| a | b |\n|---|---|\n"
                + (0..<Int.random(in: 0...90, using: &generator)).map { _ in "| \(text(1...5)) | \(text(1...5)) |" }
                .joined(separator: "\n")
        case 5: text(300...1500)
        default: text(1...200)
        }
    }

    private mutating func text(_ count: ClosedRange<Int>) -> String {
        (0..<Int.random(in: count, using: &generator)).map { _ in
            // The list is not empty.
            Self.words.randomElement(using: &generator)!
        }.joined(separator: " ")
    }
}
