/// A number as decimal digits, so that 0.1 + 0.2 reads 0.3: programs show 15 digits of what they store in binary.
struct DecimalText {
    private static let significantDigits = 15
    /// Beyond this a plain number is all zeros, and is written with an exponent.
    private static let plainExponents = -9...21

    let isNegative: Bool
    /// Each 0 ... 9, the first not 0; empty for zero.
    private var digits: [UInt8] = []
    /// The value is 0.digits times ten to this power.
    private var exponent = 0

    /// Nil for what is no finite number.
    init?(_ value: Double) {
        guard value.isFinite else { return nil }
        isNegative = value < 0
        let parts = value.magnitude.description.split(separator: "e")
        let mantissa = parts[0].split(separator: ".")
        let whole = mantissa[0].utf8.map { $0 - 0x30 }
        let fraction = mantissa.count > 1 ? mantissa[1].utf8.map { $0 - 0x30 } : []
        digits = Array((whole + fraction).drop { $0 == 0 })
        let zeros = (whole + fraction).count - digits.count
        exponent = whole.count - zeros + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
        round(toDigits: Self.significantDigits)
    }

    private mutating func round(toDigits count: Int) {
        guard count < digits.count else { return trim() }
        guard count >= 0 else { return digits = [] }
        let roundsUp = digits[count] >= 5
        digits.removeLast(digits.count - count)
        guard roundsUp else { return trim() }
        var index = count - 1
        while index >= 0, digits[index] == 9 {
            digits[index] = 0
            index -= 1
        }
        if index >= 0 {
            digits[index] += 1
        } else {
            digits.insert(1, at: 0)
            exponent += 1
        }
        trim()
    }

    private mutating func trim() {
        while digits.last == 0 { digits.removeLast() }
    }

    /// Without sign. `decimals`: at least and at most so many; nil for as many as there are.
    func magnitude(decimals: ClosedRange<Int>? = nil, isGrouped: Bool = false) -> String {
        var rounded = self
        if let decimals {
            rounded.round(toDigits: exponent + decimals.upperBound)
        } else if !Self.plainExponents.contains(exponent), !digits.isEmpty {
            return rounded.scientific
        }
        let whole = rounded.digit(from: rounded.exponent - 1, through: 0)
        let last = max(decimals?.lowerBound ?? 0, rounded.digits.count - rounded.exponent)
        let fraction =
            last > 0 && (!rounded.digits.isEmpty || decimals != nil)
            ? rounded.digit(from: -1, through: -last) : ""
        return (isGrouped ? Self.grouped(whole) : whole) + (fraction.isEmpty ? "" : "." + fraction)
    }

    /// Digits for the powers of ten `first` down to `last`; a single zero where there are none.
    private func digit(from first: Int, through last: Int) -> String {
        guard first >= last else { return "0" }
        return String(
            decoding: stride(from: first, through: last, by: -1).map { power in
                let index = exponent - 1 - power
                return 0x30 + (digits.indices.contains(index) ? digits[index] : 0)
            }, as: UTF8.self)
    }

    private var scientific: String {
        let text = String(decoding: digits.map { $0 + 0x30 }, as: UTF8.self)
        let fraction = text.dropFirst()
        return "\(text.prefix(1))\(fraction.isEmpty ? "" : "." + fraction)E\(exponent > 0 ? "+" : "")\(exponent - 1)"
    }

    private static func grouped(_ whole: String) -> String {
        var result = ""
        for (index, digit) in whole.enumerated() {
            if index > 0, (whole.utf8.count - index) % 3 == 0 { result.append(",") }
            result.append(digit)
        }
        return result
    }

    /// A number as a file stores it, without the noise of its binary form; other text as it is.
    static func shortest(_ text: [UInt8]) -> [UInt8] {
        guard text.count <= 40, let value = Double(String(decoding: text, as: UTF8.self)),
            let decimal = DecimalText(value)
        else { return text }
        return Array(((decimal.isNegative ? "-" : "") + decimal.magnitude()).utf8)
    }
}
