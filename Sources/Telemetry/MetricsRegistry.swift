import Synchronization

/// Every metric of the process, and its text for Prometheus.
///
/// A family is declared once, with its labels; asking again with the same name and shape gives the same family.
/// Label sets are bounded: beyond `seriesMax` sets of one family further ones are counted under `other`, so no caller
/// can grow the process by inventing label values.
package final class MetricsRegistry: Sendable {
    package static let seriesMaxDefault = 500

    private let seriesMax: Int
    private let families = Mutex<[String: MetricFamily]>([:])

    package init(seriesMax: Int = seriesMaxDefault) { self.seriesMax = seriesMax }

    /// `name` ends in `_total`.
    package func counter(_ name: String, help: String, labels: [String] = []) -> Counter {
        Counter(family: family(name, help, .counter, labels))
    }

    package func gauge(_ name: String, help: String, labels: [String] = []) -> Gauge {
        Gauge(family: family(name, help, .gauge, labels))
    }

    /// `buckets` are upper bounds in rising order; `+Inf` is added.
    package func histogram(
        _ name: String, help: String, labels: [String] = [], buckets: [Double] = Histogram.secondsBuckets
    ) -> Histogram {
        Histogram(family: family(name, help, .histogram(buckets), labels))
    }

    /// The text exposition format 0.0.4: families by name, series by label values.
    package func exposition() -> String {
        let sorted = families.withLock { $0.values.sorted { $0.name < $1.name } }
        return sorted.map { $0.exposition() }.joined()
    }

    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private func family(_ name: String, _ help: String, _ kind: MetricKind, _ labels: [String]) -> MetricFamily {
        // A wrong name or a name used in two shapes is a mistake in the source that every test run would meet.
        precondition(MetricName.isValid(name) && labels.allSatisfy(MetricName.isValid), "metric \(name) is misnamed")
        return families.withLock { families in
            if let known = families[name] {
                precondition(known.kind == kind && known.labels == labels, "metric \(name) has two shapes")
                return known
            }
            let family = MetricFamily(name: name, help: help, kind: kind, labels: labels, seriesMax: seriesMax)
            families[name] = family
            return family
        }
    }
}

/// Counts up only.
package struct Counter: Sendable {
    let family: MetricFamily

    /// `labels` in the order of the declaration; a negative amount is ignored.
    package func add(_ amount: Double = 1, _ labels: String...) {
        guard amount >= 0 else { return }
        family.update(labels) { $0.value += amount }
    }

    package func value(_ labels: String...) -> Double { family.value(labels) }
}

/// Goes up and down.
package struct Gauge: Sendable {
    let family: MetricFamily

    package func set(_ value: Double, _ labels: String...) { family.update(labels) { $0.value = value } }
    package func add(_ amount: Double, _ labels: String...) { family.update(labels) { $0.value += amount } }
    package func value(_ labels: String...) -> Double { family.value(labels) }
}

/// Counts observations by size.
package struct Histogram: Sendable {
    /// 1 ms to 60 s, for request durations.
    package static let secondsBuckets = [
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
    ]

    let family: MetricFamily

    package func observe(_ value: Double, _ labels: String...) {
        family.update(labels) { $0.observe(value, bounds: family.bounds) }
    }
}
