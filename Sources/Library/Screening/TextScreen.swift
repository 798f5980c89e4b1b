import Documents

/// The detectors that come with the library: deterministic, no weights, one pass over the bytes for each of three
/// questions. Every step forward reads a bounded number of bytes, so hostile text costs what other text costs.
///
/// Precise before complete: a bare number counts only where its form or a word beside it says what it is, because a
/// person who is shown a hundred false findings looks at none.
package enum TextScreen {
    package static let screening: Screening = { findings(in: $0) }

    package static func findings(in document: ParsedDocument) -> [ScreenFinding] {
        // The title stands before every passage in the index, wherever the file had it from.
        let title = Array(document.title.utf8)
        let text = document.text.starts(with: title) ? document.text : title + [0x0a, 0x0a] + document.text
        var scanner = TextScanner(text)
        scanner.run()
        if document.notes.contains(.hiddenText) { scanner.count(.hiddenText) }
        if document.notes.contains(.invisibleText) { scanner.count(.invisibleCharacters) }
        return FindingKind.allCases.compactMap { kind in
            scanner.counts[kind].map { ScreenFinding(kind: kind, count: $0) }
        }
    }
}

/// One walk over a text. `reads` counts every look at a byte: the work that was done.
struct TextScanner {
    /// A word that says what a number near it is.
    enum Cue: Int, CaseIterable { case phone, birth, month, socialSecurity, health, tax, identity }

    private let bytes: [UInt8]
    private(set) var reads = 0
    private(set) var counts: [FindingKind: Int] = [:]
    var place = 0
    private var cueEnds = [Int](repeating: Int.min, count: Cue.allCases.count)
    var commands = CommandWatch()

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var end: Int { bytes.count }

    /// 0 outside the text.
    mutating func byte(_ index: Int) -> UInt8 {
        reads += 1
        return bytes.indices.contains(index) ? bytes[index] : 0
    }

    mutating func count(_ kind: FindingKind) { counts[kind, default: 0] += 1 }

    mutating func note(_ cue: Cue, endingAt end: Int) { cueEnds[cue.rawValue] = end }

    /// Whether a word of this meaning ended at most `distance` bytes before.
    func isNear(_ cue: Cue, _ start: Int, within distance: Int = 40) -> Bool {
        let end = cueEnds[cue.rawValue]
        return end > Int.min && start - end <= distance
    }

    mutating func run() {
        while place < end {
            let byte = byte(place)
            switch byte {
            case 0x30...0x39, 0x2b, 0x28: number()
            case 0x40: emailAddress()
            case 0x3c, 0x5b, 0x22, 0x23: marker(byte)
            case _ where isWordByte(place): word()
            default: place += 1
            }
        }
        encodedRuns()
        invisibleRuns()
    }

    /// Quotes, dashes and signs beyond ASCII part words; everything else there is taken for a letter.
    mutating func isWordByte(_ index: Int) -> Bool {
        let byte = byte(index)
        switch byte {
        case 0xc2: return false
        case 0xe2: return self.byte(index + 1) > 0x81
        case 0xe3: return self.byte(index + 1) > 0x80
        case 0x27: return self.byte(index - 1).isLetter && self.byte(index + 1).isLetter
        // A byte that goes on with a sign skipped before begins no word.
        case 0x80...0xbf: return index > place
        default: return byte.isAlphanumeric || byte == 0x5f || byte >= 0xc3
        }
    }
}

extension UInt8 {
    var isDigit: Bool { (0x30...0x39).contains(self) }
    /// Of ASCII.
    var isLetter: Bool { (0x41...0x5a).contains(self) || (0x61...0x7a).contains(self) }
    var isCapital: Bool { (0x41...0x5a).contains(self) }
    var isAlphanumeric: Bool { isDigit || isLetter }
    var lowercased: UInt8 { isCapital ? self | 0x20 : self }
    /// Of a digit.
    var digit: Int { Int(self) - 0x30 }
}
