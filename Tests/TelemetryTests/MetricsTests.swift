import CoreMetrics
import Foundation
import Kit
import TestKit
import Testing

@testable import Telemetry

@Suite("Metrics")
struct MetricsTests {
    @Test("are exposed like the golden file")
    func golden() throws {
        let registry = MetricsRegistry()
        let requests = registry.counter(
            "cloister_requests_total", help: "Requests.\nBy \\ kind.", labels: ["kind", "status"])
        requests.add(1, "b", "200")
        requests.add(2, "a\"\\\n", "200")
        registry.gauge("cloister_depth", help: "Depth.").set(-1.5)
        registry.counter("cloister_nothing_total", help: "Never counted.").add(-4)
        let sizes = registry.histogram(
            "cloister_wait_seconds", help: "Waits.", labels: ["lane"], buckets: [0.1, 1, 10])
        for value in [0.05, 0.1, 0.5, 20] { sizes.observe(value, "fast") }
        let metrics = HTTPMetrics(registry: registry)
        metrics.started()
        metrics.started()
        metrics.finished(method: "GET", route: "/api/v1/things/{thing}", status: 200, duration: .milliseconds(3))

        let text = registry.exposition()
        let golden = TestEnvironment.packageRoot + "/Tests/TelemetryTests/Golden/metrics.txt"
        if ProcessInfo.processInfo.environment["CLOISTER_GOLDEN"] == "write" {
            try text.write(toFile: golden, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOfFile: golden, encoding: .utf8) == text)
    }

    @Test(
        "spell numbers as the format wants",
        arguments: [
            (0, "0"), (3, "3"), (-2, "-2"), (0.25, "0.25"), (1e20, "1e+20"), (.infinity, "+Inf"), (-.infinity, "-Inf"),
            (.nan, "NaN"),
        ] as [(Double, String)])
    func numbers(_ value: Double, _ text: String) {
        #expect(MetricName.number(value) == text)
    }

    @Test("bound their label sets: a flood is counted under `other`")
    func bounded() {
        let registry = MetricsRegistry(seriesMax: 10)
        let counter = registry.counter("flood_total", help: "Flood.", labels: ["who"])
        for number in 0..<1000 { counter.add(1, "caller\(number)") }
        #expect(counter.value("other") == 990)
        #expect(registry.exposition().split(separator: "\n").count == 2 + 11)
    }

    @Test("count every method that is not of HTTP as `other`")
    func methods() {
        let registry = MetricsRegistry()
        let metrics = HTTPMetrics(registry: registry)
        metrics.finished(method: "BREW\"", route: "unmatched", status: 405, duration: .zero)
        #expect(registry.exposition().contains(#"{method="other",route="unmatched",status="405"} 1"#))
    }

    @Test("of libraries come in through swift-metrics")
    func bridge() {
        let registry = MetricsRegistry()
        let bridge = MetricsBridge(registry: registry)
        bridge.makeCounter(label: "pool.opened", dimensions: [("a-b", "x")]).increment(by: 2)
        bridge.makeTimer(label: "query", dimensions: []).recordNanoseconds(2_000_000)
        bridge.makeRecorder(label: "7size", dimensions: [], aggregate: true).record(5 as Int64)
        bridge.makeMeter(label: "level", dimensions: []).set(4 as Double)
        let text = registry.exposition()
        #expect(text.contains(#"cloister_pool_opened_total{a_b="x"} 2"#))
        #expect(text.contains(#"cloister_query_seconds_bucket{le="0.0025"} 1"#))
        #expect(text.contains(#"cloister__7size_bucket{le="16"} 1"#))
        #expect(text.contains("cloister_level 4\n"))
    }
}
