/// How a workbook shows numbers (ECMA-376 part 1, 18.8.30 and 18.8.31): digits as the format says, dates in the order
/// of ISO 8601, whatever order the format has, so that they read alike everywhere.
struct NumberFormat {
    private enum Shape { case general, text, date(DatePattern), digits }

    private struct Section {
        var prefix = ""
        var suffix = ""
        var shape = Shape.general
        var decimals = 0...0
        var isGrouped = false
        var isPercent = false
    }

    private static let lengthMax = 300

    private let positive: Section
    private let negative: Section?

    init(_ code: String) {
        let sections = Self.sections(of: Array(code.prefix(Self.lengthMax)))
        let isConditional = sections.contains { FormatReader.isConditional($0) }
        positive = isConditional ? Section() : Self.section(sections.first ?? [])
        negative = sections.count > 1 && !isConditional ? Self.section(sections[1]) : nil
    }

    func text(of value: Double, is1904: Bool) -> String? {
        guard let decimal = DecimalText(value) else { return nil }
        let section = value < 0 ? negative ?? positive : positive
        let sign = decimal.isNegative && negative == nil ? "-" : ""
        switch section.shape {
        case .date(let pattern):
            if let text = pattern.text(of: value, is1904: is1904) { return text }
        case .digits:
            let shown = section.isPercent ? DecimalText(value * 100) : decimal
            guard let shown else { break }
            let digits = shown.magnitude(decimals: section.decimals, isGrouped: section.isGrouped)
            return sign + section.prefix + digits + section.suffix
        case .general, .text: break
        }
        return (decimal.isNegative ? "-" : "") + decimal.magnitude()
    }

    // MARK: Reading a format

    /// Split at semicolons that are no literals.
    private static func sections(of code: [Character]) -> [[Character]] {
        var sections: [[Character]] = [[]]
        var (isQuoted, isEscaped) = (false, false)
        for character in code {
            if character == ";", !isQuoted, !isEscaped {
                sections.append([])
                continue
            }
            sections[sections.count - 1].append(character)
            if character == "\"", !isEscaped { isQuoted.toggle() }
            isEscaped = character == "\\" && !isEscaped && !isQuoted
        }
        return sections
    }

    private static func section(_ code: [Character]) -> Section {
        var reader = FormatReader(code)
        reader.readAll()
        if let pattern = DatePattern(reader.dateParts, isElapsed: reader.isElapsed) {
            return Section(shape: .date(pattern))
        }
        guard reader.hasDigits, !reader.isOdd else { return Section(shape: reader.isText ? .text : .general) }
        let decimals = min(reader.decimalsMin, 30)...max(min(reader.decimalsMax, 30), min(reader.decimalsMin, 30))
        return Section(
            prefix: reader.prefix, suffix: reader.suffix, shape: .digits, decimals: decimals,
            isGrouped: reader.isGrouped, isPercent: reader.isPercent)
    }

    /// Formats that every program knows by number (18.8.30). Those of East Asian languages are dates.
    static func builtIn(_ id: Int) -> String {
        switch id {
        case 1: "0"
        case 2: "0.00"
        case 3, 37, 38: "#,##0"
        case 4, 39, 40, 43, 44: "#,##0.00"
        case 9: "0%"
        case 10: "0.00%"
        case 14, 15, 27...31, 36, 50...54, 57, 58: "yyyy-mm-dd"
        case 16: "dd-mmm"
        case 17: "mmm-yy"
        case 18, 20, 32: "hh:mm"
        case 19, 21, 33...35: "hh:mm:ss"
        case 22: "yyyy-mm-dd hh:mm"
        case 41, 42: "#,##0"
        case 45, 47: "mm:ss"
        case 46: "[h]:mm:ss"
        default: "General"
        }
    }
}

/// One section of a format, letter by letter.
private struct FormatReader {
    private let code: [Character]
    private var index = 0
    private(set) var prefix = ""
    private(set) var suffix = ""
    private(set) var dateParts: [String] = []
    private(set) var isElapsed = false
    private(set) var isText = false
    private(set) var hasDigits = false
    private(set) var isGrouped = false
    private(set) var isPercent = false
    /// A fraction, an exponent or a scale: shown as a plain number.
    private(set) var isOdd = false
    private(set) var decimalsMin = 0
    private(set) var decimalsMax = 0
    private var isAfterPoint = false

    init(_ code: [Character]) { self.code = code }

    static func isConditional(_ code: [Character]) -> Bool {
        guard let open = code.firstIndex(of: "["), open + 1 < code.count else { return false }
        return ["<", ">", "="].contains(code[open + 1])
    }

    mutating func readAll() {
        while index < code.count {
            let character = code[index]
            index += 1
            read(character)
        }
    }

    private mutating func read(_ character: Character) {
        switch character {
        case "\"": literal(untilQuote())
        case "\\": literal(next())
        case "_", "*": _ = next()
        case "[": readBrackets()
        case "0", "#", "?": readDigit(character)
        case ".": if dateParts.isEmpty { isAfterPoint = true }
        case ",": readComma()
        case "%":
            isPercent = true
            literal("%")
        case "@": isText = true
        case "/": if dateParts.isEmpty { isOdd = true }
        case "E" where index < code.count && "+-".contains(code[index]): isOdd = true
        case "y", "Y", "m", "M", "d", "D", "h", "H", "s", "S": readDatePart(character)
        case "G", "A", "P": skipWord(from: character)
        default: literal(String(character))
        }
    }

    private mutating func next() -> String {
        guard index < code.count else { return "" }
        index += 1
        return String(code[index - 1])
    }

    private mutating func untilQuote() -> String {
        let text = code[index...].prefix { $0 != "\"" }
        index = min(text.endIndex + 1, code.count)
        return String(text)
    }

    private mutating func literal(_ text: String) {
        if hasDigits { suffix += text } else { prefix += text }
    }

    /// A currency, a colour, or hours that go on past 24.
    private mutating func readBrackets() {
        let text = String(code[index...].prefix { $0 != "]" })
        index = min(index + text.count + 1, code.count)
        if text.hasPrefix("$") {
            literal(String(text.dropFirst().prefix { $0 != "-" }))
        } else if !text.isEmpty, text.allSatisfy({ "hHmMsS".contains($0) }) {
            isElapsed = true
            dateParts.append(text.lowercased())
        }
    }

    private mutating func readDigit(_ character: Character) {
        guard dateParts.isEmpty else { return }
        hasDigits = true
        guard isAfterPoint else { return }
        decimalsMax += 1
        if character == "0" { decimalsMin = decimalsMax }
    }

    private mutating func readComma() {
        guard dateParts.isEmpty, hasDigits else { return }
        if index < code.count, "0#?".contains(code[index]) { isGrouped = true } else { isOdd = true }
    }

    private mutating func readDatePart(_ character: Character) {
        var part = String(character)
        while index < code.count, code[index] == character { part += next() }
        dateParts.append(part.lowercased())
    }

    /// `General`, `AM/PM` and `A/P` are words of the format.
    private mutating func skipWord(from character: Character) {
        let rest = String(code[(index - 1)...].prefix(7)).lowercased()
        guard let word = ["general", "am/pm", "a/p"].first(where: { rest.hasPrefix($0) }) else {
            return literal(String(character))
        }
        index = index - 1 + word.count
    }
}
