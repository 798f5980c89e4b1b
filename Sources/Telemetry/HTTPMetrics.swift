import Kit

/// The HTTP side in numbers, by route template and never by path. Wiring connects it to the exchange recorder.
package struct HTTPMetrics: Sendable {
    private let requests: Counter
    private let durations: Histogram
    private let inFlight: Gauge

    package init(registry: MetricsRegistry) {
        requests = registry.counter(
            "cloister_http_requests_total", help: "Requests answered.", labels: ["method", "route", "status"])
        durations = registry.histogram(
            "cloister_http_request_duration_seconds", help: "From the request's head to the end of the answer.",
            labels: ["method", "route"])
        inFlight = registry.gauge("cloister_http_requests_in_flight", help: "Requests being answered.")
    }

    package func started() { inFlight.add(1) }

    package func finished(method: String, route: String, status: Int, duration: Duration) {
        inFlight.add(-1)
        let method = Self.methods.contains(method) ? method : "other"
        requests.add(1, method, route, String(status))
        durations.observe(Double(duration.wholeMicroseconds) / 1_000_000, method, route)
    }

    /// A method is the caller's text; only these become label values.
    private static let methods: Set = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
}
