import HTTPTypes
import Kit

/// What is counted and logged about one exchange: no content, no path, no token.
package struct ExchangeRecord: Sendable {
    package let id: RequestID
    package let method: String
    /// The route's template, or `unmatched`: bounded, so fit for a metric label.
    package let route: String
    package let status: Int
    /// From the head's arrival to the end of the answer.
    package let duration: Duration
    package let tenant: TenantID?
    package let subject: SubjectID?
}

/// Where exchanges are reported to. Wiring connects it to `Telemetry`, which this target does not see.
package struct ExchangeRecorder: Sendable {
    package let started: @Sendable () -> Void
    package let finished: @Sendable (ExchangeRecord) -> Void

    package init(
        started: @escaping @Sendable () -> Void, finished: @escaping @Sendable (ExchangeRecord) -> Void
    ) {
        self.started = started
        self.finished = finished
    }

    package static let none = ExchangeRecorder(started: {}, finished: { _ in })
}
