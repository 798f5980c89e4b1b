import HTTPKit
import HTTPTypes
import Kit
import Telemetry

/// `GET /metrics`, for whoever holds `metrics.read`: a scraper presents an API key with that scope.
struct MetricsRoutes: Sendable {
    let registry: MetricsRegistry

    var routes: [Route] {
        [
            Route(
                .get, "/metrics", .requires(.metricsRead), "Metrics in Prometheus' text format.",
                gives: .bytes(contentType: MetricsRegistry.contentType)
            ) { [registry] _ in
                let text = Array(registry.exposition().utf8)
                return Reply(headers: [.contentType: MetricsRegistry.contentType], body: .bytes(text))
            }
        ]
    }
}

extension ExchangeRecorder {
    /// Every exchange in numbers.
    static func metrics(_ registry: MetricsRegistry) -> ExchangeRecorder {
        let metrics = HTTPMetrics(registry: registry)
        return ExchangeRecorder(
            started: { metrics.started() },
            finished: {
                metrics.finished(method: $0.method, route: $0.route, status: $0.status, duration: $0.duration)
            })
    }
}
