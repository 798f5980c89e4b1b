/// Cuts a growing text into sentences, each with the citation marks that follow it.
struct SentenceStream {
    private static let pendingBytesMax = 16 << 10

    private var pending: [UInt8] = []

    /// The sentences that are complete by now: something that is no mark has come after them.
    mutating func take(_ text: String) -> [String] {
        pending += text.utf8
        // Without an end for so long it is no prose; it goes on as it is, for the verifier to judge.
        if pending.count > Self.pendingBytesMax { return end() }
        let sentences = cut()
        guard sentences.count > 1, let last = sentences.last else { return [] }
        pending = Array(pending[last.lowerBound...])
        return sentences.dropLast().map(\.text)
    }

    /// What is left when nothing more comes.
    mutating func end() -> [String] {
        defer { pending = [] }
        return cut().map(\.text)
    }

    private func cut() -> [(lowerBound: Int, text: String)] {
        var found: [(lowerBound: Int, text: String)] = []
        for range in SentenceSplitter.pieces(in: pending, range: pending.indices) {
            let text = String(decoding: pending[range], as: UTF8.self)
            if let last = found.indices.last, Self.isMarks(text) {
                found[last].text += " " + text
            } else if let last = found.indices.last, let (marks, rest) = Self.leadingMarks(of: text) {
                found[last].text += " " + marks
                found.append((range.lowerBound + marks.utf8.count, rest))
            } else {
                found.append((range.lowerBound, text))
            }
        }
        return found
    }

    private static func isMarks(_ text: String) -> Bool {
        text.hasPrefix("[") && MarkedStatement(text).text.allSatisfy { ".,;".contains($0) }
    }

    /// "[1] The next sentence": the marks belong to the sentence before.
    private static func leadingMarks(of text: String) -> (marks: String, rest: String)? {
        guard text.hasPrefix("["), let close = text.lastMarkEnd else { return nil }
        return (String(text[..<close]), String(text[close...].drop(while: \.isWhitespace)))
    }
}

extension String {
    /// Where the marks that it begins with end.
    fileprivate var lastMarkEnd: Index? {
        var end: Index?
        var rest = self[...]
        while rest.hasPrefix("["), let close = rest.firstIndex(of: "]"),
            rest[rest.index(after: rest.startIndex)..<close].allSatisfy({ $0.isNumber || $0 == "," || $0 == " " })
        {
            let next = rest.index(after: close)
            end = next
            rest = rest[next...].drop(while: \.isWhitespace)
        }
        return end
    }
}
