import HTTPTypes
import Kit

/// RFC 9457 problem: what was wrong, with which input, and what to do. Holds no secret and no content.
///
/// `code` is stable and part of the API (`library.unknown_document`); the golden list of codes is in the tests.
package struct Problem: Error, Equatable, Sendable {
    package let status: HTTPResponse.Status
    package let code: String
    /// A public sentence.
    package let title: String
    /// What to do about it, or which input was wrong.
    package let detail: String?
    package let retryAfterSeconds: Int?

    package init(
        _ status: HTTPResponse.Status, _ code: String, _ title: String, detail: String? = nil,
        retryAfterSeconds: Int? = nil
    ) {
        self.status = status
        self.code = code
        self.title = title
        self.detail = detail
        self.retryAfterSeconds = retryAfterSeconds
    }

    /// One answer for what does not exist and for what this principal may not know of (DESIGN 7.12).
    package static func notFound(_ code: String = "request.not_found") -> Problem {
        Problem(.notFound, code, "There is no such thing here, or you may not see it.")
    }

    package static func invalid(_ field: String, _ detail: String) -> Problem {
        Problem(.badRequest, "request.invalid", "The request has a wrong value in \(field).", detail: detail)
    }
}

/// A capability's failure that its routes file has given a status, a code and a sentence.
package protocol ProblemConvertible: Error {
    var problem: Problem { get }
}
