import Synchronization

enum MetricKind: Equatable, Sendable {
    case counter
    case gauge
    case histogram([Double])

    var word: String {
        switch self {
        case .counter: "counter"
        case .gauge: "gauge"
        case .histogram: "histogram"
        }
    }
}

/// The numbers of one label set.
struct MetricSeries: Sendable {
    /// Of a counter or gauge; of a histogram the sum.
    var value = 0.0
    var count = 0
    /// Observations per bucket, not yet cumulative.
    var buckets: [Int] = []

    mutating func observe(_ observation: Double, bounds: [Double]) {
        if buckets.isEmpty { buckets = Array(repeating: 0, count: bounds.count) }
        value += observation
        count += 1
        if let bucket = bounds.firstIndex(where: { observation <= $0 }) { buckets[bucket] += 1 }
    }
}

/// One metric name with all its label sets.
final class MetricFamily: Sendable {
    let name: String
    let kind: MetricKind
    let labels: [String]
    private let help: String
    private let seriesMax: Int
    private let series = Mutex<[[String]: MetricSeries]>([:])

    init(name: String, help: String, kind: MetricKind, labels: [String], seriesMax: Int) {
        self.name = name
        self.help = help
        self.kind = kind
        self.labels = labels
        self.seriesMax = seriesMax
        // A metric without labels has a value from the start, so that its absence is not mistaken for zero.
        if labels.isEmpty { series.withLock { $0[[]] = MetricSeries() } }
    }

    var bounds: [Double] {
        guard case .histogram(let bounds) = kind else { return [] }
        return bounds
    }

    func update(_ values: [String], _ change: (inout MetricSeries) -> Void) {
        precondition(values.count == labels.count, "metric \(name) takes \(labels.count) labels")
        series.withLock { series in
            let isKnown = series[values] != nil
            let key = isKnown || series.count < seriesMax ? values : values.map { _ in "other" }
            change(&series[key, default: MetricSeries()])
        }
    }

    func value(_ values: [String]) -> Double { series.withLock { $0[values]?.value ?? 0 } }

    func exposition() -> String {
        let sorted = series.withLock { $0.sorted { $0.key.lexicographicallyPrecedes($1.key) } }
        var text = "# HELP \(name) \(MetricName.escape(help, quotes: false))\n# TYPE \(name) \(kind.word)\n"
        for (values, numbers) in sorted {
            let pairs = Array(zip(labels, values))
            if case .histogram(let bounds) = kind {
                text += histogram(pairs, numbers, bounds)
            } else {
                text += line(name, pairs, MetricName.number(numbers.value))
            }
        }
        return text
    }

    private func histogram(_ pairs: [(String, String)], _ numbers: MetricSeries, _ bounds: [Double]) -> String {
        var (text, total) = ("", 0)
        for (index, bound) in bounds.enumerated() {
            total += numbers.buckets.isEmpty ? 0 : numbers.buckets[index]
            text += line(name + "_bucket", pairs + [("le", MetricName.number(bound))], String(total))
        }
        text += line(name + "_bucket", pairs + [("le", "+Inf")], String(numbers.count))
        text += line(name + "_sum", pairs, MetricName.number(numbers.value))
        return text + line(name + "_count", pairs, String(numbers.count))
    }

    private func line(_ name: String, _ pairs: [(String, String)], _ value: String) -> String {
        guard !pairs.isEmpty else { return "\(name) \(value)\n" }
        let labels = pairs.map { "\($0.0)=\"\(MetricName.escape($0.1, quotes: true))\"" }.joined(separator: ",")
        return "\(name){\(labels)} \(value)\n"
    }
}

/// Spelling rules of the exposition format.
enum MetricName {
    static func isValid(_ name: String) -> Bool {
        guard let first = name.utf8.first, !isDigit(first) else { return false }
        return name.utf8.allSatisfy { isDigit($0) || isLetter($0) || $0 == UInt8(ascii: "_") }
    }

    /// Any label of another library as a name of ours.
    static func sanitized(_ label: String) -> String {
        let text = String(
            decoding: label.utf8.map { isDigit($0) || isLetter($0) ? $0 : UInt8(ascii: "_") }, as: UTF8.self)
        return isValid(text) ? text : "_" + text
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) && byte >= UInt8(ascii: "A")
    }

    static func escape(_ text: String, quotes: Bool) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quotes: result += "\\\""
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// Whole numbers without a point; `+Inf`, `-Inf` and `NaN` as the format spells them.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        if value == value.rounded(), abs(value) < 1e15 { return String(Int64(value)) }
        return String(value)
    }
}
