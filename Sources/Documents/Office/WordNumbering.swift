/// Numbers of list items and headings as they show on paper (ECMA-376 part 1, 17.9).
struct WordNumbering {
    struct Place: Equatable {
        /// "0" takes a paragraph out of the list that its style puts it in.
        let list: String?
        let level: Int?

        init(_ properties: XMLTree) {
            list = properties.first("numId")?["val"]
            level = properties.first("ilvl")?.number("val")
        }
    }

    private struct Level {
        var start = 1
        var format = "decimal"
        var text = ""
        var style: String?

        var isBullet: Bool { format == "bullet" || format == "none" || !text.contains("%") }
    }

    private static let levelsMax = 9

    private var definitions: [String: [Int: Level]] = [:]
    private var definitionOfStyle: [String: String] = [:]
    /// List to definition.
    private var lists: [String: String] = [:]
    private var overrides: [String: [Int: Level]] = [:]
    private var restarts: [String: [Int: Int]] = [:]
    private var counters: [String: [Int?]] = [:]

    init(_ tree: XMLTree?) {
        var links: [String: String] = [:]
        for element in tree?.all("abstractNum") ?? [] {
            guard let id = element["abstractNumId"] else { continue }
            definitions[id] = Self.levels(element.all("lvl"))
            if let style = element.first("styleLink")?["val"] { definitionOfStyle[style] = id }
            links[id] = element.first("numStyleLink")?["val"]
        }
        for element in tree?.all("num") ?? [] {
            guard let id = element["numId"], let target = element.first("abstractNumId")?["val"] else { continue }
            lists[id] = links[target].flatMap { definitionOfStyle[$0] } ?? target
            for override in element.all("lvlOverride") {
                guard let level = override.number("ilvl"), (0..<Self.levelsMax).contains(level) else { continue }
                overrides[id, default: [:]][level] = Self.levels(override.all("lvl"))[level]
                restarts[id, default: [:]][level] = override.first("startOverride")?.number("val")
            }
        }
    }

    private static func levels(_ elements: [XMLTree]) -> [Int: Level] {
        var levels: [Int: Level] = [:]
        for element in elements {
            guard let number = element.number("ilvl"), (0..<levelsMax).contains(number) else { continue }
            levels[number] = Level(
                start: max(0, min(element.first("start")?.number("val") ?? 0, 1_000_000)),
                format: element.first("numFmt")?["val"] ?? "decimal", text: element.first("lvlText")?["val"] ?? "",
                style: element.first("pStyle")?["val"])
        }
        return levels
    }

    /// Whether a paragraph at this place is in a list.
    func isItem(_ place: Place) -> Bool { place.list.map { $0 != "0" } ?? false }

    /// Counts the paragraph and gives its label, such as `2.1.`; empty for bullets. `style`: what put it in the list.
    mutating func label(of place: Place, style: String?) -> String {
        guard let list = place.list, let definition = lists[list], var levels = definitions[definition] else {
            return ""
        }
        for (number, level) in overrides[list] ?? [:] { levels[number] = level }
        let styled = levels.first { $0.value.style != nil && $0.value.style == style }?.key
        let number = max(0, min(place.level ?? styled ?? 0, Self.levelsMax - 1))
        count(number, list: list, definition: definition, levels)
        guard let level = levels[number], !level.isBullet else { return "" }
        return label(level, counters[definition] ?? [], levels)
    }

    private mutating func count(_ number: Int, list: String, definition: String, _ levels: [Int: Level]) {
        var counter = counters[definition] ?? Array(repeating: nil, count: Self.levelsMax)
        if let restart = restarts[list]?.removeValue(forKey: number) {
            counter[number] = max(0, min(restart, 1_000_000))
        } else {
            counter[number] = counter[number].map { $0 + 1 } ?? levels[number]?.start ?? 1
        }
        for upper in 0..<number where counter[upper] == nil { counter[upper] = levels[upper]?.start ?? 1 }
        for deeper in number + 1..<max(Self.levelsMax, number + 1) { counter[deeper] = nil }
        counters[definition] = counter
    }

    private func label(_ level: Level, _ counter: [Int?], _ levels: [Int: Level]) -> String {
        var label = ""
        var isReference = false
        for character in level.text.prefix(60) {
            if isReference, let number = character.wholeNumberValue, (1...Self.levelsMax).contains(number) {
                let value = number <= counter.count ? counter[number - 1] ?? 1 : 1
                label += Self.number(value, levels[number - 1]?.format ?? "decimal")
            } else if character != "%" {
                label.append(character)
            }
            isReference = character == "%"
        }
        return label
    }

    private static func number(_ value: Int, _ format: String) -> String {
        switch format {
        case "lowerLetter": letters(value)
        case "upperLetter": letters(value).uppercased()
        case "lowerRoman": roman(value).lowercased()
        case "upperRoman": roman(value)
        case "decimalZero": value < 10 ? "0\(value)" : "\(value)"
        default: "\(value)"
        }
    }

    private static func letters(_ value: Int) -> String {
        guard (1...260).contains(value) else { return "\(value)" }
        let letter = Character(Unicode.Scalar(UInt8(0x61 + (value - 1) % 26)))
        return String(repeating: letter, count: (value - 1) / 26 + 1)
    }

    private static func roman(_ value: Int) -> String {
        guard (1...3999).contains(value) else { return "\(value)" }
        let signs = [
            (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
            (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
        ]
        var (rest, text) = (value, "")
        for (size, sign) in signs {
            while rest >= size {
                text += sign
                rest -= size
            }
        }
        return text
    }
}
