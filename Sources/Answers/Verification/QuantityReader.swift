/// Reads numbers, number words, units, times of day and dates from words.
struct QuantityReader {
    private let words: [StatementWord]
    private var at = 0

    init(words: [StatementWord]) { self.words = words }

    /// Each with the indices of its words, in order.
    mutating func all() -> [(quantity: Quantity, words: Range<Int>)] {
        var found: [(quantity: Quantity, words: Range<Int>)] = []
        while at < words.count {
            let start = at
            if let quantity = date() ?? clock() ?? number() {
                found.append((quantity, start..<at))
            } else {
                at += 1
            }
        }
        return found
    }

    private func folded(_ offset: Int) -> String? { at + offset < words.count ? words[at + offset].folded : nil }
    private func digits(_ offset: Int) -> Int? {
        guard at + offset < words.count, words[at + offset].kind == .number else { return nil }
        return Int(words[at + offset].text)
    }

    // MARK: Dates

    /// `1 March 2024`, `March 1, 2024`, `1st of March`, `2024-03-01`, `01.03.2024`.
    private mutating func date() -> Quantity? {
        let found = isoDate() ?? pointedDate() ?? dayFirst() ?? monthFirst()
        guard let (year, month, day, taken) = found, (1...12).contains(month), (1...31).contains(day) else {
            return nil
        }
        at += taken
        return Quantity(values: [Double(year * 10_000 + month * 100 + day)], unit: .date)
    }

    private typealias Day = (year: Int, month: Int, day: Int, words: Int)

    private func isoDate() -> Day? {
        guard let year = digits(0), words[at].text.utf8.count == 4, let month = digits(1), let day = digits(2),
            words[at + 1].text.utf8.count == 2, words[at + 2].text.utf8.count == 2, !words[at + 1].isApart,
            !words[at + 2].isApart
        else { return nil }
        return (year, month, day, 3)
    }

    private func pointedDate() -> Day? {
        guard words[at].kind == .number else { return nil }
        let parts = words[at].text.split(separator: ".").compactMap { Int($0) }
        guard parts.count == 3, (1900...2200).contains(parts[2]) else { return nil }
        return (parts[2], parts[1], parts[0], 1)
    }

    private func dayFirst() -> Day? {
        guard let day = digits(0) ?? ordinal(0), day <= 31 else { return nil }
        let skip = folded(1) == "of" ? 2 : 1
        guard let month = folded(skip).flatMap({ NumberWords.months[$0] }) else { return nil }
        if let year = digits(skip + 1), (1900...2200).contains(year) { return (year, month, day, skip + 2) }
        return (0, month, day, skip + 1)
    }

    private func monthFirst() -> Day? {
        guard let month = folded(0).flatMap({ NumberWords.months[$0] }), words[at].isCapitalised,
            let day = digits(1) ?? ordinal(1), day <= 31
        else { return nil }
        if let year = digits(2), (1900...2200).contains(year) { return (year, month, day, 3) }
        return (0, month, day, 2)
    }

    /// `3rd`, `16th`.
    private func ordinal(_ offset: Int) -> Int? {
        guard let text = folded(offset), let suffix = ["st", "nd", "rd", "th"].first(where: text.hasSuffix) else {
            return nil
        }
        return Int(text.dropLast(suffix.utf8.count))
    }

    // MARK: Times of day

    /// `07:30`, `7:30 pm`, `7 pm`.
    private mutating func clock() -> Quantity? {
        guard let hour = digits(0), hour < 25 else { return nil }
        var (minute, next) = (0, 1)
        if folded(1) == ":", let found = digits(2), found < 60, words[at + 2].text.utf8.count == 2 {
            (minute, next) = (found, 3)
        }
        let half = folded(next)
        let isHalved = (half == "am" || half == "pm") && hour <= 12
        guard isHalved || next == 3 else { return nil }
        let hours = isHalved ? hour % 12 + (half == "pm" ? 12 : 0) : hour
        at += isHalved ? next + 1 : next
        return Quantity(values: [Double(hours * 60 + minute)], unit: .clock)
    }

    // MARK: Numbers

    private mutating func number() -> Quantity? {
        let sign = at > 0 ? NumberWords.units[words[at - 1].folded] : nil
        guard let (values, attached) = numeral() ?? spelled() else { return nil }
        let factor = multiplier()
        let unit = attached ?? unit() ?? sign
        return Quantity(values: values.map { $0 * factor }, unit: unit.map { .measure($0) })
    }

    /// `16`, `1,250.5`, `5mg`, `3rd`.
    private mutating func numeral() -> (values: [Double], unit: String?)? {
        switch words[at].kind {
        case .number:
            let values = Quantity.values(ofNumeral: words[at].text)
            guard !values.isEmpty else { return nil }
            at += 1
            return (values, nil)
        case .mixed:
            if let ordinal = ordinal(0) {
                at += 1
                return ([Double(ordinal)], nil)
            }
            let text = words[at].folded
            let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == "." || $0 == ",") }
            let rest = String(text.dropFirst(number.count))
            let values = Quantity.values(ofNumeral: String(number))
            guard !values.isEmpty else { return nil }
            if let scale = NumberWords.attachedScales[rest] {
                at += 1
                return (values.map { $0 * scale }, nil)
            }
            guard let unit = NumberWords.units[rest] else { return nil }
            at += 1
            return (values, unit)
        case .word, .sign: return nil
        }
    }

    /// `sixteen`, `twenty-five`, `one hundred and twenty`.
    private mutating func spelled() -> (values: [Double], unit: String?)? {
        guard let first = NumberWords.small[words[at].folded] else { return nil }
        // "One" alone is mostly a pronoun.
        if first == 1, !isCounted(after: 1) { return nil }
        var (total, current) = (0.0, Double(first))
        at += 1
        // No number that people write in words is longer.
        while let word = folded(0), total + current < 1e15 {
            if let small = NumberWords.small[word], small < 100, current >= 20,
                current.truncatingRemainder(dividingBy: 10) == 0
            {
                current += Double(small)
            } else if word == "hundred" {
                current *= 100
            } else if word == "thousand" {
                (total, current) = (total + current * 1000, 0)
            } else if word == "and", let next = folded(1), NumberWords.small[next] != nil, current >= 100 || total > 0 {
                at += 1
                continue
            } else {
                break
            }
            at += 1
        }
        return ([total + current], nil)
    }

    private func isCounted(after offset: Int) -> Bool {
        guard let next = folded(offset) else { return false }
        return NumberWords.units[next] != nil || NumberWords.scales[next] != nil || next == "hundred"
    }

    private mutating func multiplier() -> Double {
        guard let word = folded(0), let scale = NumberWords.scales[word] else { return 1 }
        at += 1
        return scale
    }

    private mutating func unit() -> String? {
        guard let word = folded(0) else { return nil }
        if word == "per", folded(1) == "cent" {
            at += 2
            return "percent"
        }
        if word == "°", let next = folded(1), let unit = NumberWords.units["°" + next] {
            at += 2
            return unit
        }
        guard let unit = NumberWords.units[word] else { return nil }
        at += 1
        return unit
    }
}
