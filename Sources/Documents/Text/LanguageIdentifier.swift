/// The language of a text, by its script and, where a script serves many languages, by the short words and letters that
/// each of them cannot do without.
///
/// Pure and quick: it reads at most `sampleBytesMax`, taken from three places. It says nothing rather than guess.
package enum LanguageIdentifier {
    package struct Finding: Equatable, Sendable {
        /// BCP 47, such as `de`.
        package let language: String
        /// 0 ... 1; how far it is ahead of the language that comes next.
        package let confidence: Double
    }

    private static let sampleBytesMax = 48 << 10
    private static let lettersMin = 8
    private static let confidenceMin = 0.1

    /// BCP 47 code; nil when the text is too short or shows no language clearly.
    package static func identify(_ text: [UInt8]) -> String? { find(text)?.language }

    package static func find(_ text: [UInt8]) -> Finding? {
        let sample = String(decoding: sample(of: text), as: UTF8.self).lowercased()
        var census = ScriptCensus()
        for scalar in sample.unicodeScalars { census.count(scalar.value) }
        guard let (script, share) = census.main, census.letters >= (script.isDense ? 4 : lettersMin) else { return nil }
        switch script {
        case .latin: return LanguageProfile.latin.best(for: sample)
        case .cyrillic: return LanguageProfile.cyrillic.best(for: sample)
        case .arabic: return LanguageProfile.arabic.best(for: sample)
        default: return Finding(language: script.rawValue, confidence: share)
        }
    }

    /// From the beginning, the middle and the end: a beginning is often a title page.
    private static func sample(of text: [UInt8]) -> [UInt8] {
        guard text.count > sampleBytesMax else { return text }
        let size = sampleBytesMax / 3
        let starts = [0, (text.count - size) / 2, text.count - size]
        return Array(starts.map { text[$0..<$0 + size] }.joined(separator: [0x20]))
    }

    /// The finding in points that each language has got; nil when the best is not ahead.
    static func finding(_ points: [(language: String, points: Double)]) -> Finding? {
        let sorted = points.sorted { ($0.points, $1.language) > ($1.points, $0.language) }
        guard let best = sorted.first, best.points > 0 else { return nil }
        let next = sorted.count > 1 ? sorted[1].points : 0
        let confidence = (best.points - next) / best.points
        return confidence >= confidenceMin ? Finding(language: best.language, confidence: confidence) : nil
    }
}

/// How many letters of each script a text has.
struct ScriptCensus {
    /// The raw value is the language, where there is but one that is told apart.
    enum Script: String, CaseIterable {
        case latin, cyrillic, arabic
        case greek = "el", hebrew = "he", hangul = "ko", kana = "ja", han = "zh", thai = "th", devanagari = "hi"
        case bengali = "bn", tamil = "ta", telugu = "te", georgian = "ka", armenian = "hy"

        /// A few characters are a sentence.
        var isDense: Bool { self == .hangul || self == .kana || self == .han }
    }

    /// Chinese has no kana at all; Japanese seldom has a sentence without.
    private static let kanaShareMin = 0.03

    var letters: Int { smallLetters + otherLetters }
    private var otherLetters = 0
    private var counts: [Script: Int] = [:]
    /// Of the letters of ASCII, which most texts are made of.
    private var smallLetters = 0

    mutating func count(_ scalar: UInt32) {
        if scalar < 0x80 {
            smallLetters += (0x61...0x7a).contains(scalar) ? 1 : 0
            return
        }
        guard let script = Self.script(of: scalar) else { return }
        otherLetters += 1
        counts[script, default: 0] += 1
    }

    /// The one with most letters and its share. Han characters count as Japanese or Korean beside those scripts.
    var main: (script: Script, share: Double)? {
        var counts = counts
        counts[.latin, default: 0] += smallLetters
        let (kana, han) = (counts[.kana] ?? 0, counts[.han] ?? 0)
        if Double(kana) > Self.kanaShareMin * Double(kana + han) {
            counts[.kana] = kana + han
            counts[.han] = nil
        } else if (counts[.hangul] ?? 0) * 2 > han {
            counts[.hangul, default: 0] += han
            counts[.han] = nil
        }
        // In one character of these stands about as much as in two letters of others.
        func weight(_ script: Script) -> Int { (counts[script] ?? 0) * (script.isDense ? 2 : 1) }
        let best = Script.allCases.max { weight($0) < weight($1) }
        guard let best, let count = counts[best], letters > 0 else { return nil }
        return (best, Double(count) / Double(letters))
    }

    private static func script(of scalar: UInt32) -> Script? {
        switch scalar {
        case 0x61...0x7a, 0xdf...0xf6, 0xf8...0x24f, 0x1e00...0x1eff: .latin
        case 0x370...0x3ff, 0x1f00...0x1fff: .greek
        case 0x400...0x52f: .cyrillic
        case 0x531...0x58f: .armenian
        case 0x5d0...0x5f2: .hebrew
        case 0x620...0x64a, 0x66e...0x6d3, 0x750...0x77f: .arabic
        case 0x900...0x97f: .devanagari
        case 0x980...0x9ff: .bengali
        case 0xb80...0xbff: .tamil
        case 0xc00...0xc7f: .telugu
        case 0xe00...0xe4f: .thai
        case 0x10a0...0x10ff: .georgian
        case 0x1100...0x11ff, 0xac00...0xd7a3: .hangul
        case 0x3041...0x3096, 0x30a1...0x30fa: .kana
        case 0x3400...0x4dbf, 0x4e00...0x9fff, 0x20000...0x2fa1f: .han
        default: nil
        }
    }
}
