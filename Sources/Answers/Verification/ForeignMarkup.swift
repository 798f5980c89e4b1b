/// What no sentence of an answer needs: an answer is plain text, and its evidence is linked by us (ATT-47).
enum ForeignMarkup {
    private static let marks = [
        "://", "www.", "](", "][", "![", "</", "<a", "<img", "<svg", "<style", "<script", "javascript:", "data:", "&#",
        "mailto:", "url(",
    ]

    /// Addresses, links in any notation of Markdown, tags and entities.
    static func isIn(_ text: String) -> Bool {
        let folded = text.lowercased()
        return marks.contains { folded.contains($0) } || isReference(folded)
    }

    /// `[name]: address`, the definition that makes `[name]` a link.
    private static func isReference(_ text: String) -> Bool { text.hasPrefix("[") && text.contains("]:") }
}
