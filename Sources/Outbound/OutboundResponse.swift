import HTTPTypes

/// The answer of the last hop. Its body is read once, while the closure that received it runs.
package struct OutboundResponse {
    package let status: Int
    package let headers: HTTPFields
    /// Where the answer came from, after redirects.
    package let url: OutboundURL
    package let body: OutboundBody
}

/// An answer that was read to its end.
package struct OutboundReply: Sendable {
    package let status: Int
    package let headers: HTTPFields
    package let url: OutboundURL
    package let body: [UInt8]

    init(reading answer: OutboundResponse, upTo bytesMax: Int) async throws {
        status = answer.status
        headers = answer.headers
        url = answer.url
        body = try await answer.body.collect(upTo: bytesMax)
    }
}

/// The bytes of an answer as they arrive. Ends normally only when the message is complete.
package struct OutboundBody: AsyncSequence {
    package typealias Element = [UInt8]

    let reader: AnswerReader

    package struct AsyncIterator: AsyncIteratorProtocol {
        let reader: AnswerReader

        package mutating func next() async throws -> [UInt8]? { try await reader.nextChunk() }
    }

    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(reader: reader) }

    /// All that is left, or `OutboundFailure.bodyTooLarge` as soon as it is more than `bytesMax`.
    package func collect(upTo bytesMax: Int) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await chunk in self {
            guard chunk.count <= bytesMax - bytes.count else {
                throw OutboundFailure.bodyTooLarge(reader.origin, bytesMax: bytesMax)
            }
            bytes += chunk
        }
        return bytes
    }
}
