/// Sizes as people write them: `32 MiB`.
enum ByteSize {
    private static let units = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)]

    static func text(_ bytes: Int) -> String {
        let unit = units.first { bytes >= $0.1 && bytes.isMultiple(of: $0.1) }
        return unit.map { "\(bytes / $0.1) \($0.0)" } ?? "\(bytes) bytes"
    }

    /// Nil for anything but digits and an optional unit, and for what does not fit an Int.
    static func parse(_ text: String) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let word = text.dropFirst(digits.count).drop { $0 == " " }
        guard let count = Int(digits) else { return nil }
        if word.isEmpty || word == "bytes" { return count }
        guard let unit = units.first(where: { $0.0 == word }) else { return nil }
        let (product, overflow) = count.multipliedReportingOverflow(by: unit.1)
        return overflow ? nil : product
    }
}
