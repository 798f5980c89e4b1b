import HTTPTypes
import Kit

/// One problem in the dialect of the path: RFC 9457 on the platform's own API, the OpenAI error object on `/v1`.
enum ProblemReply {
    static func reply(_ problem: Problem, id: RequestID, path: String) -> Reply {
        let isModelAPI = path.dropFirst().prefix { $0 != "/" && $0 != "?" } == "v1"
        var reply = isModelAPI ? modelError(problem) : platformError(problem, id: id)
        if problem.status == .unauthorized { reply.headers[.wwwAuthenticate] = challenge(problem) }
        if let seconds = problem.retryAfterSeconds { reply.headers[.retryAfter] = String(seconds) }
        return reply
    }

    private struct Body: Encodable {
        let type, title, code: String
        let status: Int
        let detail: String?
        let instance: String
    }

    private static func platformError(_ problem: Problem, id: RequestID) -> Reply {
        let body = Body(
            type: "urn:cloister:problem:\(problem.code)", title: problem.title, code: problem.code,
            status: problem.status.code, detail: problem.detail, instance: "urn:cloister:request:\(id)")
        return encoded(body, problem.status, "application/problem+json")
    }

    private struct ModelBody: Encodable {
        struct Inner: Encodable {
            let message, type, code: String
            let param: String?
        }
        let error: Inner
    }

    private static func modelError(_ problem: Problem) -> Reply {
        let message = [problem.title, problem.detail].compactMap(\.self).joined(separator: " ")
        let inner = ModelBody.Inner(message: message, type: kind(of: problem.status), code: problem.code, param: nil)
        return encoded(ModelBody(error: inner), problem.status, "application/json")
    }

    private static func kind(of status: HTTPResponse.Status) -> String {
        switch status.code {
        case 401: "authentication_error"
        case 403: "permission_error"
        case 429: "rate_limit_error"
        case 500...: "server_error"
        default: "invalid_request_error"
        }
    }

    /// RFC 6750, section 3: `error` only when credentials were sent.
    private static func challenge(_ problem: Problem) -> String {
        problem == .missingCredentials
            ? #"Bearer realm="cloister""# : #"Bearer realm="cloister", error="invalid_token""#
    }

    private static func encoded(_ body: some Encodable, _ status: HTTPResponse.Status, _ type: String) -> Reply {
        // Strings and integers always encode; an empty body is still the right status.
        var reply = (try? Reply.json(body, status: status)) ?? Reply(status)
        reply.headers[.contentType] = type
        return reply
    }
}

/// Headers that every answer carries unless its handler said otherwise.
enum SecurityHeaders {
    /// Pages set their own policy; everything else is data and may load nothing.
    private static let dataPolicy = "default-src 'none'; frame-ancestors 'none'"

    static func apply(to reply: inout Reply, id: RequestID, isTLS: Bool) {
        reply.headers[.requestID] = id.description
        reply.headers[.xContentTypeOptions] = "nosniff"
        setDefault(.cacheControl, "no-store", &reply.headers)
        setDefault(.referrerPolicy, "no-referrer", &reply.headers)
        setDefault(.frameOptions, "DENY", &reply.headers)
        setDefault(.crossOriginResourcePolicy, "same-origin", &reply.headers)
        setDefault(.contentSecurityPolicy, dataPolicy, &reply.headers)
        if isTLS { setDefault(.strictTransportSecurity, "max-age=31536000", &reply.headers) }
    }

    private static func setDefault(_ name: HTTPField.Name, _ value: String, _ headers: inout HTTPFields) {
        if headers[name] == nil { headers[name] = value }
    }
}
