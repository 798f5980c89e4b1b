/// Hangul syllables decompose by arithmetic (The Unicode Standard, section 3.12), so the table leaves them out.
enum HangulSyllable {
    static let range: ClosedRange<UInt32> = 0xAC00...0xD7A3
    private static let vowels: UInt32 = 21
    private static let trailings: UInt32 = 28

    /// Calls `body` with the two or three letters of the syllable.
    @inline(__always)
    static func forEachLetter(of syllable: UInt32, _ body: (UInt32) -> Void) {
        let index = syllable - range.lowerBound
        body(0x1100 + index / (vowels * trailings))
        body(0x1161 + index % (vowels * trailings) / trailings)
        if index % trailings != 0 { body(0x11A7 + index % trailings) }
    }
}
