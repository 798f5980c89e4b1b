import Kit

/// Why an outgoing exchange did not happen or not to its end. Holds hosts and numbers, never a path, a query, a header
/// or a byte of the answer.
package enum OutboundFailure: Error, Hashable {
    /// No entry of the policy matches.
    case hostNotAllowed(OutboundOrigin)
    /// The host is allowed, the address that its name has is not.
    case addressNotAllowed(OutboundOrigin, NetworkAddress)
    case unresolvable(OutboundOrigin)
    /// Nobody accepted the connection at any of its addresses.
    case unreachable(OutboundOrigin)
    /// No TLS: the certificate is not for this name, not signed by a known authority, or the other side speaks no TLS.
    case untrusted(OutboundOrigin)
    case timedOut(OutboundOrigin, Patience.Phase)
    /// The connection ended before the answer did.
    case connectionLost(OutboundOrigin)
    /// The answer is not HTTP/1.1, or its head is too large.
    case malformedAnswer(OutboundOrigin)
    case bodyTooLarge(OutboundOrigin, bytesMax: Int)
    /// The answer is compressed although that was not asked for.
    case compressed(OutboundOrigin)
    case redirect(OutboundOrigin, RedirectFault)
    /// A header that belongs to the connection, not to its user.
    case fieldNotAllowed(String)
    /// The other side asked to come back later (429, 502, 503, 504), and the retries are used up or not allowed.
    case busy(OutboundOrigin, status: Int, retryAfter: Duration?)
    /// So many requests wait for this origin's pace that this one would wait longer than allowed.
    case paced(OutboundOrigin, wait: Duration)
    /// Bytes without encryption came after encryption had begun: somebody on the way put them there (CVE-2011-0411).
    case notEncrypted(OutboundOrigin)
    /// The file of extra certificate authorities.
    case authoritiesUnreadable(path: String)

    package enum RedirectFault: Error, Hashable {
        case tooMany
        case downgrade
        /// A request that changes something is not sent again elsewhere.
        case unsafeMethod
        case location(URLFault)
        /// No `Location`, or several.
        case noLocation
    }
}

extension OutboundFailure {
    /// For the person who set the connection up.
    package var sentence: String {
        switch self {
        case .hostNotAllowed(let origin):
            "\(origin) is not allowed. Add it under outbound.hosts."
        case .addressNotAllowed(let origin, let address):
            "The address \(address) of \(origin.host.text) is not allowed. Add it under outbound.hosts."
        case .unresolvable(let origin): "The name \(origin.host.text) has no address."
        case .unreachable(let origin): "Nobody answers at \(origin)."
        case .untrusted(let origin):
            "\(origin) has no certificate that is valid for this name and signed by a known authority."
        case .timedOut(let origin, let phase): "\(origin) took too long: \(phase.sentence)"
        case .connectionLost(let origin): "\(origin) closed the connection before its answer was complete."
        case .malformedAnswer(let origin): "The answer of \(origin) is not valid HTTP."
        case .bodyTooLarge(let origin, let bytesMax): "The answer of \(origin) is larger than \(bytesMax) bytes."
        case .compressed(let origin): "\(origin) sent a compressed answer although none was asked for."
        case .redirect(let origin, let fault): "\(origin) \(fault.sentence)"
        case .fieldNotAllowed(let name): "The header \(name) cannot be set."
        case .busy(let origin, let status, _): "\(origin) is busy (status \(status)). Try again later."
        case .paced(let origin, _): "Too many requests wait for \(origin). Try again later."
        case .notEncrypted(let origin): "\(origin) sent something unencrypted where encryption was agreed upon."
        case .authoritiesUnreadable(let path): "The certificate file \(path) cannot be read as PEM."
        }
    }
}

extension OutboundFailure.RedirectFault {
    fileprivate var sentence: String {
        switch self {
        case .tooMany: "redirects more than \(RedirectChain.hopsMax) times."
        case .downgrade: "redirects from https to http, which is not followed."
        case .unsafeMethod: "redirects a request that changes something, which is not followed."
        case .location(let fault): "redirects to an address that cannot be used. \(fault.sentence)"
        case .noLocation: "redirects without saying where to."
        }
    }
}
