import HTTPTypes

/// Where an answer sends us, hop by hop: decides, and connects to nothing. Each next request goes through the whole
/// policy again.
package struct RedirectChain: Sendable {
    package static let hopsMax = 5

    private(set) var request: OutboundRequest
    private var hops = 0

    init(_ request: OutboundRequest) { self.request = request }

    /// True when `request` is now the next one to send; false when the answer is the one that was asked for.
    mutating func follows(_ answer: HTTPResponse) throws(OutboundFailure) -> Bool {
        guard Self.statuses.contains(answer.status.code), request.redirectsMax > 0 else { return false }
        do throws(OutboundFailure.RedirectFault) {
            let url = try target(of: answer)
            hops += 1
            guard hops <= min(request.redirectsMax, Self.hopsMax) else { throw .tooMany }
            try go(to: url, after: answer.status.code)
            return true
        } catch {
            throw .redirect(request.url.origin, error)
        }
    }

    /// RFC 9110 section 15.4; 300 and 304 send nowhere.
    private static let statuses: Set<Int> = [301, 302, 303, 307, 308]

    private func target(of answer: HTTPResponse) throws(OutboundFailure.RedirectFault) -> OutboundURL {
        let locations = answer.headerFields[values: .location]
        guard locations.count == 1 else { throw .noLocation }
        let url: OutboundURL
        do throws(URLFault) { url = try request.url.resolve(link: locations[0]) } catch { throw .location(error) }
        guard url.scheme == .https || request.url.scheme == .http else { throw .downgrade }
        return url
    }

    private mutating func go(to url: OutboundURL, after status: Int) throws(OutboundFailure.RedirectFault) {
        guard request.method.isSafe || status == 303 else { throw .unsafeMethod }
        if !request.method.isSafe {
            request.method = .get
            request.headers[.contentType] = nil
            request.body = []
        }
        if url.origin != request.url.origin {
            request.headers = request.headers.filter { Self.harmless.contains($0.name.canonicalName) }
            // A body was meant for the first origin.
            guard request.body.isEmpty else { throw .unsafeMethod }
        }
        request.url = url
    }

    /// What may go to another origin. Keys come in headers of any name, so the list says what stays, not what goes.
    private static let harmless: Set<String> = [
        "accept", "accept-language", "user-agent", "range", "if-none-match", "if-modified-since",
    ]
}

extension HTTPFields {
    fileprivate func filter(_ isKept: (HTTPField) -> Bool) -> HTTPFields {
        var kept = HTTPFields()
        for field in self where isKept(field) { kept.append(field) }
        return kept
    }
}
