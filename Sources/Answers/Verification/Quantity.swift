/// A number of a text with what it counts, in a form that can be compared: "sixteen weeks" is "16 weeks" is "16 wks".
struct Quantity: Hashable, Sendable {
    enum Unit: Hashable, Sendable {
        /// The canonical name of a unit of measure, time, money or share.
        case measure(String)
        /// Minutes after midnight.
        case clock
        /// Year, month and day as one number; without a year it begins with zeros.
        case date
    }

    /// More than one where the notation is ambiguous: `1.250` is 1,250 or 1.25.
    let values: [Double]
    let unit: Unit?

    /// Whether a text that says `other` also says this: equal value, and no other unit. A unit that one of them leaves
    /// out may stand elsewhere, as in the head of a table.
    func isSaid(by other: Quantity) -> Bool {
        if unit == .date, other.unit == .date { return isDate(within: other) }
        guard values.contains(where: other.values.contains) else { return false }
        switch (unit, other.unit) {
        case (nil, _), (_, nil): return unit != .clock && other.unit != .clock || unit == other.unit
        case (let mine, let theirs): return mine == theirs
        }
    }

    /// A day without a year is said by that day of any year.
    private func isDate(within other: Quantity) -> Bool {
        let (mine, theirs) = (values[0], other.values[0])
        return mine == theirs || mine < 10_000 && theirs.truncatingRemainder(dividingBy: 10_000) == mine
    }
}

extension Quantity {
    /// All quantities of a text, in order.
    static func quantities(in words: [StatementWord]) -> [Quantity] {
        located(in: words).map(\.quantity)
    }

    /// With the indices of the words of each.
    static func located(in words: [StatementWord]) -> [(quantity: Quantity, words: Range<Int>)] {
        var reader = QuantityReader(words: words)
        return reader.all()
    }

    /// The values that a numeral may have. Thousands are grouped by commas or points, as English and German do.
    static func values(ofNumeral text: String) -> [Double] {
        let groups = text.split(whereSeparator: { $0 == "." || $0 == "," })
        guard groups.allSatisfy({ $0.utf8.allSatisfy(StatementWord.isDigit) }), let last = groups.last else {
            return []
        }
        guard groups.count > 1 else { return [Double(text)].compactMap(\.self) }
        let separators = text.filter { $0 == "." || $0 == "," }
        let isGrouped = groups.dropFirst().allSatisfy { $0.utf8.count == 3 } && Set(separators).count == 1
        let whole = Double(groups.joined())
        let decimal = Double(groups.dropLast().joined() + "." + last)
        if !isGrouped { return Set(separators).count == 1 && groups.count > 2 ? [] : [decimal].compactMap(\.self) }
        return (groups.count == 2 ? [whole, decimal] : [whole]).compactMap(\.self)
    }
}
