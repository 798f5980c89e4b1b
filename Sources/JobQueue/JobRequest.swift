import Kit

/// Work to be done later, in the name of the principal that enqueues it.
package struct JobRequest: Hashable, Sendable {
    /// Bytes of a payload; a job names what it works on, it does not carry it.
    package static let payloadBytesMax = 1 << 20
    /// Bytes of kind, key, resource and title.
    package static let textBytesMax = 512

    /// `library.process`: which registered handler does it.
    package let kind: String
    /// Sealed under the tenant's key at rest.
    package let payload: [UInt8]
    /// One job for each (tenant, kind, key), whatever its outcome, for as long as the job is kept.
    package let idempotencyKey: String
    /// Identifier text of what it works on, for listings and for erasure. Not sealed: never a name.
    package let resource: String?
    /// For people; sealed.
    package let title: String?
    /// Not before this time; at once when nil.
    package let notBefore: Timestamp?

    package init(
        kind: String, payload: [UInt8], idempotencyKey: String, resource: String? = nil, title: String? = nil,
        notBefore: Timestamp? = nil
    ) {
        self.kind = kind
        self.payload = payload
        self.idempotencyKey = idempotencyKey
        self.resource = resource
        self.title = title
        self.notBefore = notBefore
    }

    func checkSize() throws(JobFailure) {
        guard payload.count <= Self.payloadBytesMax else { throw .requestTooLarge(field: "payload") }
        let texts = [
            ("kind", kind), ("idempotencyKey", idempotencyKey), ("resource", resource ?? ""), ("title", title ?? ""),
        ]
        if let large = texts.first(where: { $0.1.utf8.count > Self.textBytesMax }) {
            throw .requestTooLarge(field: large.0)
        }
    }
}
