import Outbound

/// What a test of a connection found, step by step. Holds no secret and no content.
package struct ConnectionReport: Hashable, Sendable {
    package struct Step: Hashable, Sendable {
        package enum Kind: String, CaseIterable, Sendable {
            case settings, name, connection, certificate, credentials, listing, items
        }

        package let kind: Kind
        package let isGood: Bool
        package let sentence: String
    }

    package private(set) var steps: [Step] = []

    package var isGood: Bool { steps.allSatisfy(\.isGood) && steps.last?.kind == .items }

    package init() {}

    package mutating func passed(_ kind: Step.Kind, _ sentence: String) {
        steps.append(Step(kind: kind, isGood: true, sentence: sentence))
    }

    package mutating func failed(_ kind: Step.Kind, _ sentence: String) {
        steps.append(Step(kind: kind, isGood: false, sentence: sentence))
    }

    /// What a failure of the way says about the steps before it.
    mutating func failed(_ failure: OutboundFailure) {
        switch failure {
        case .hostNotAllowed, .addressNotAllowed, .fieldNotAllowed, .authoritiesUnreadable:
            failed(.settings, failure.sentence)
        case .unresolvable: failed(.name, failure.sentence)
        case .unreachable, .timedOut(_, .connect):
            passed(.name, "The name of the server has an address.")
            failed(.connection, failure.sentence)
        case .untrusted: failed(.certificate, failure.sentence)
        default:
            failed(.connection, failure.sentence)
        }
    }

    /// Whether any answer comes from there, whatever its status; without credentials and without redirects.
    mutating func reach(_ url: OutboundURL, _ client: RetryingClient) async -> Bool {
        var request = OutboundRequest(.get, url)
        request.redirectsMax = 0
        do {
            try await client.send(request) { _ in }
        } catch let failure as OutboundFailure {
            if case .busy = failure {
            } else {
                failed(failure)
                return false
            }
        } catch {
            failed(.connection, "The test was cancelled.")
            return false
        }
        reached(url)
        return true
    }

    private mutating func reached(_ url: OutboundURL) {
        passed(.name, "The name \(url.host.text) has an address.")
        passed(.connection, "\(url.origin) answers.")
        passed(
            .certificate,
            url.scheme == .https ? "Its certificate is valid." : "The connection is not encrypted: the address is http."
        )
    }

    mutating func failed(_ failure: SourceFailure) {
        switch failure {
        case .unauthorised: failed(.credentials, failure.sentence)
        case .misconfigured: failed(.settings, failure.sentence)
        case .retryable: failed(.connection, failure.sentence)
        default: failed(.listing, failure.sentence)
        }
    }
}
