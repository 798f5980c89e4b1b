import CoreMetrics

/// Lets libraries that speak swift-metrics report into the registry. Timers become histograms of seconds.
package struct MetricsBridge: MetricsFactory {
    private let registry: MetricsRegistry
    private let prefix: String

    package init(registry: MetricsRegistry, prefix: String = "cloister_") {
        self.registry = registry
        self.prefix = prefix
    }

    private func name(_ label: String, _ suffix: String) -> String {
        let name = prefix + MetricName.sanitized(label)
        return name.hasSuffix(suffix) ? name : name + suffix
    }

    private func family(
        _ label: String, _ suffix: String, _ dimensions: [(String, String)],
        _ make: (String, [String]) -> MetricFamily
    ) -> BridgedMetric {
        BridgedMetric(
            family: make(name(label, suffix), dimensions.map { MetricName.sanitized($0.0) }),
            labels: dimensions.map(\.1))
    }

    private static let help = "Reported by a library."

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        family(label, "_total", dimensions) { registry.counter($0, help: Self.help, labels: $1).family }
    }

    package func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        family(label, "_total", dimensions) { registry.counter($0, help: Self.help, labels: $1).family }
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        family(label, "", dimensions) { registry.gauge($0, help: Self.help, labels: $1).family }
    }

    package func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        guard aggregate else {
            return family(label, "", dimensions) { registry.gauge($0, help: Self.help, labels: $1).family }
        }
        let powersOfFour = (0...12).map { Double(1 << (2 * $0)) }
        return family(label, "", dimensions) {
            registry.histogram($0, help: Self.help, labels: $1, buckets: powersOfFour).family
        }
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        family(label, "_seconds", dimensions) { registry.histogram($0, help: Self.help, labels: $1).family }
    }

    // A family lives as long as the registry: a counter that vanished and came back would look like a restart.
    package func destroyCounter(_: any CounterHandler) {}
    package func destroyFloatingPointCounter(_: any FloatingPointCounterHandler) {}
    package func destroyMeter(_: any MeterHandler) {}
    package func destroyRecorder(_: any RecorderHandler) {}
    package func destroyTimer(_: any TimerHandler) {}
}

/// One label set of one family, as a library sees it.
final class BridgedMetric: CounterHandler, FloatingPointCounterHandler, MeterHandler, RecorderHandler, TimerHandler {
    private let family: MetricFamily
    private let labels: [String]

    init(family: MetricFamily, labels: [String]) {
        self.family = family
        self.labels = labels
    }

    func increment(by amount: Int64) { increment(by: Double(amount)) }
    func increment(by amount: Double) { family.update(labels) { $0.value += max(0, amount) } }
    func decrement(by amount: Double) { family.update(labels) { $0.value -= amount } }
    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { family.update(labels) { $0.value = value } }
    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        guard case .histogram = family.kind else { return set(value) }
        family.update(labels) { $0.observe(value, bounds: family.bounds) }
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1_000_000_000) }

    /// Counters only go up.
    func reset() {}
}
