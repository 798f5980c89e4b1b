import Documents
import Kit
import Storage

/// Two versions of a document, word by word where they differ, with a line on either side of each change.
package struct VersionComparison: Sendable {
    /// One change or several near each other.
    package struct Passage: Sendable {
        /// Titles of the headings above, in the newer version.
        package let headings: [String]
        /// Lines that are the same and were left out before it.
        package let skippedLines: Int
        package let parts: [Part]
    }

    package struct Part: Sendable, Equatable {
        let kind: TextComparison.Kind
        package let text: String
    }

    package let earlier: DocumentText
    package let later: DocumentText
    package let passages: [Passage]
    /// More changed than was looked into line by line.
    package let isCoarse: Bool
    /// There are further changes.
    package let isCut: Bool
}

extension VersionComparison {
    /// Of changed passages; beyond it nobody reads on.
    static let bytesMax = 1 << 20

    init(from earlier: DocumentText, to later: DocumentText, bytesMax: Int = bytesMax) {
        let comparison = TextComparison(from: earlier.text, to: later.text)
        var cutter = PassageCutter(old: earlier.text, new: later.text, layout: later.layout)
        for part in comparison.parts where cutter.bytes <= bytesMax { cutter.take(part) }
        let isCut = cutter.bytes > bytesMax
        self.init(
            earlier: earlier, later: later, passages: cutter.finished(), isCoarse: comparison.isCoarse, isCut: isCut)
    }
}

extension DocumentLibrary {
    /// Both must be ready, and readable at this moment.
    package func comparison(
        of id: DocumentID, from earlier: VersionID, to later: VersionID, for principal: Principal
    ) async throws -> VersionComparison {
        let old = try await text(of: id, version: earlier, for: principal)
        let new = try await text(of: id, version: later, for: principal)
        return VersionComparison(from: old, to: new)
    }
}

/// Leaves out what is far from any change.
private struct PassageCutter {
    let old: [UInt8]
    let new: [UInt8]
    let layout: DocumentLayout
    private(set) var bytes = 0
    private var passages: [VersionComparison.Passage] = []
    private var open: [VersionComparison.Part] = []
    private var headings: [String] = []
    private var skipped = 0
    /// Of the new text, before the part that comes next.
    private var place = 0
    /// The line before a change, of which it is not known yet whether there is one.
    private var lead: Range<Int>?

    init(old: [UInt8], new: [UInt8], layout: DocumentLayout) {
        (self.old, self.new, self.layout) = (old, new, layout)
    }

    mutating func take(_ part: TextComparison.Part) {
        switch part.kind {
        case .removed: change(.removed, old[part.range])
        case .added:
            change(.added, new[part.range])
            place += part.range.count
        case .same:
            same(part.range)
            place += part.range.count
        }
    }

    private mutating func change(_ kind: TextComparison.Kind, _ text: ArraySlice<UInt8>) {
        if open.isEmpty {
            headings = layout.headings(at: place)
            if let lead { add(.same, old[lead]) }
        }
        lead = nil
        add(kind, text)
    }

    /// To the end of the line after a change, and from the start of the line before one; all, when it is short.
    private mutating func same(_ range: Range<Int>) {
        let lines = TextPieces.lines(Array(old[range])).map {
            $0.lowerBound + range.lowerBound..<$0.upperBound + range.lowerBound
        }
        let blanks = lines.filter { line in old[line].allSatisfy { $0 == 0x0a } }.count
        if !open.isEmpty, lines.count - blanks <= 3 { return add(.same, old[range]) }
        let after = open.isEmpty ? range.lowerBound : end(of: lines, from: range.lowerBound)
        if !open.isEmpty {
            add(.same, old[range.lowerBound..<after])
            close()
        }
        let before = max(after, start(of: lines, to: range.upperBound))
        skipped = lines.count { $0.lowerBound >= after && $0.upperBound <= before && old[$0].contains { $0 != 0x0a } }
        lead = before..<range.upperBound
    }

    /// What is left of the line of a change, and one line with words in it.
    private func end(of lines: [Range<Int>], from start: Int) -> Int {
        var wanted = start == 0 || old[start - 1] == 0x0a ? 1 : 2
        for line in lines {
            if old[line].contains(where: { $0 != 0x0a }) { wanted -= 1 }
            if wanted == 0 { return line.upperBound }
        }
        return lines.last?.upperBound ?? start
    }

    private func start(of lines: [Range<Int>], to end: Int) -> Int {
        var wanted = old[end - 1] == 0x0a ? 1 : 2
        for line in lines.reversed() {
            if old[line].contains(where: { $0 != 0x0a }) { wanted -= 1 }
            if wanted == 0 { return line.lowerBound }
        }
        return lines.first?.lowerBound ?? end
    }

    private mutating func add(_ kind: TextComparison.Kind, _ text: ArraySlice<UInt8>) {
        guard !text.isEmpty else { return }
        bytes += text.count
        open.append(VersionComparison.Part(kind: kind, text: String(decoding: text, as: UTF8.self)))
    }

    private mutating func close() {
        passages.append(VersionComparison.Passage(headings: headings, skippedLines: skipped, parts: open))
        (open, skipped) = ([], 0)
    }

    mutating func finished() -> [VersionComparison.Passage] {
        if !open.isEmpty { close() }
        return passages
    }
}
