import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOSSL

/// Reads one answer from a connection, with its time and size bounds. Used by one task.
final class AnswerReader {
    typealias Parts = NIOAsyncChannelInboundStream<HTTPResponsePart>.AsyncIterator

    let origin: OutboundOrigin
    private let watch: ExchangeWatch
    private let bodyBytesMax: Int
    private var parts: Parts
    private var bodyBytes = 0
    private var isComplete = false

    private static let informationalMax = 8
    private static let switchingProtocols = 101

    init(_ parts: Parts, origin: OutboundOrigin, watch: ExchangeWatch, bodyBytesMax: Int) {
        self.parts = parts
        self.origin = origin
        self.watch = watch
        self.bodyBytesMax = bodyBytesMax
    }

    /// The final head (RFC 9110 section 15.2: any number of informational ones may come before; we take eight).
    func head() async throws -> HTTPResponse {
        for _ in 0...Self.informationalMax {
            guard case .head(let head) = try await nextPart() else { break }
            guard head.status.kind == .informational else { return head }
            guard head.status.code != Self.switchingProtocols else { break }
        }
        throw OutboundFailure.malformedAnswer(origin)
    }

    /// What speaks against reading the body at all.
    func check(_ head: HTTPResponse) throws(OutboundFailure) {
        let coding = head.headerFields[.contentEncoding] ?? ""
        guard coding.isEmpty || coding.lowercased() == "identity" else { throw .compressed(origin) }
        guard let announced = head.headerFields[.contentLength].flatMap({ Int($0) }) else { return }
        guard announced <= bodyBytesMax else { throw .bodyTooLarge(origin, bytesMax: bodyBytesMax) }
    }

    /// Nil after the last chunk of a complete message.
    func nextChunk() async throws -> [UInt8]? {
        guard !isComplete else { return nil }
        watch.begin(.idle, origin)
        defer { watch.pause() }
        switch try await nextPart() {
        case .body(let buffer):
            guard buffer.readableBytes <= bodyBytesMax - bodyBytes else {
                throw OutboundFailure.bodyTooLarge(origin, bytesMax: bodyBytesMax)
            }
            bodyBytes += buffer.readableBytes
            return Array(buffer.readableBytesView)
        case .end:
            isComplete = true
            return nil
        case .head: throw OutboundFailure.malformedAnswer(origin)
        }
    }

    private func nextPart() async throws -> HTTPResponsePart {
        do {
            guard let part = try await parts.next() else {
                try Task.checkCancellation()
                throw OutboundFailure.connectionLost(origin)
            }
            return part
        } catch {
            throw Self.meaning(of: error, at: origin)
        }
    }

    /// Errors of the layers below, in our words.
    static func meaning(of error: any Error, at origin: OutboundOrigin) -> any Error {
        switch error {
        case is OutboundFailure, is CancellationError: error
        case HTTPParserError.invalidEOFState: OutboundFailure.connectionLost(origin)
        case is HTTPParserError: OutboundFailure.malformedAnswer(origin)
        case NIOSSLError.uncleanShutdown: OutboundFailure.connectionLost(origin)
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError: OutboundFailure.untrusted(origin)
        default: OutboundFailure.connectionLost(origin)
        }
    }
}
