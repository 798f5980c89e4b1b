/// Words that stand for numbers, units and months, in English and German, with their canonical forms.
enum NumberWords {
    static let small: [String: Int] = [
        "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
        "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
        "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
        "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "dozen": 12, "twice": 2, "zwei": 2, "drei": 3,
        "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9, "zehn": 10, "elf": 11, "zwölf": 12,
        "vierzehn": 14, "sechzehn": 16, "zwanzig": 20, "dreißig": 30,
    ]

    static let scales: [String: Double] = [
        "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "tausend": 1e3, "millionen": 1e6,
        "milliarden": 1e9,
    ]

    static let attachedScales: [String: Double] = ["k": 1e3, "m": 1e6, "mn": 1e6, "bn": 1e9]

    /// The forms of each unit, the canonical one first.
    private static let forms: [[String]] = [
        ["second", "seconds", "sec", "secs", "s", "sekunde", "sekunden"],
        ["minute", "minutes", "min", "mins", "minuten"],
        ["hour", "hours", "hr", "hrs", "h", "stunde", "stunden"],
        ["day", "days", "tag", "tage", "tagen"], ["night", "nights"],
        ["week", "weeks", "wk", "wks", "woche", "wochen"], ["month", "months", "monat", "monate", "monaten"],
        ["year", "years", "yr", "yrs", "jahr", "jahre", "jahren"],
        ["percent", "%", "pct", "prozent"], ["permille", "‰"],
        ["microgram", "micrograms", "µg", "μg", "mcg", "ug"], ["milligram", "milligrams", "mg"],
        ["gram", "grams", "g", "gramm"], ["kilogram", "kilograms", "kg", "kilo", "kilos"], ["tonne", "tonnes", "t"],
        ["millilitre", "millilitres", "milliliter", "milliliters", "ml"],
        ["litre", "litres", "liter", "liters", "l"], ["mmol", "millimole", "millimoles"],
        ["nanometre", "nm"], ["micrometre", "µm", "μm"],
        ["millimetre", "millimetres", "millimeter", "millimeters", "mm"],
        ["centimetre", "centimetres", "centimeter", "centimeters", "cm"],
        ["metre", "metres", "meter", "meters"],
        ["kilometre", "kilometres", "kilometer", "kilometers", "km"], ["mile", "miles"],
        ["euro", "euros", "€", "eur"], ["dollar", "dollars", "$", "usd"], ["pound", "pounds", "£", "gbp"],
        ["franc", "francs", "chf"], ["celsius", "°c", "°celsius"], ["fahrenheit", "°f"],
        ["byte", "bytes"], ["kilobyte", "kb"], ["megabyte", "mb"], ["gigabyte", "gb"], ["terabyte", "tb"],
        ["watt", "watts", "w"], ["kilowatt", "kw"], ["volt", "volts", "v"], ["bar", "bars"], ["mmhg"],
    ]

    static let units: [String: String] = Dictionary(
        forms.flatMap { names in names.map { ($0, names[0]) } }, uniquingKeysWith: { first, _ in first })

    private static let monthForms: [[String]] = [
        ["january", "jan", "januar"], ["february", "feb", "februar"], ["march", "mar", "märz"], ["april", "apr"],
        ["may", "mai"], ["june", "jun", "juni"], ["july", "jul", "juli"], ["august", "aug"],
        ["september", "sep", "sept"], ["october", "oct", "oktober"], ["november", "nov"],
        ["december", "dec", "dezember"],
    ]

    static let months: [String: Int] = Dictionary(
        monthForms.enumerated().flatMap { index, names in names.map { ($0, index + 1) } },
        uniquingKeysWith: { first, _ in first })
}
