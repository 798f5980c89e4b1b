import NIOCore

typealias StreamConnection = NIOAsyncChannel<StreamPiece, Never>

/// Bytes that came in, and whether they came encrypted.
struct StreamPiece: Sendable {
    let bytes: ByteBuffer
    let isEncrypted: Bool
}

/// A connection for protocols other than HTTP, through the same policy, resolution and address checks. It is used by
/// one task, while the closure that received it runs. Reading takes in no more than is asked for, plus what the
/// connection holds ready.
package final class OutboundStream {
    package let origin: OutboundOrigin
    package private(set) var isEncrypted: Bool

    private let connection: StreamConnection
    private let connector: OutboundConnector
    private let watch: ExchangeWatch
    private var pieces: NIOAsyncChannelInboundStream<StreamPiece>.AsyncIterator
    private var buffer = ByteBuffer()
    private var bytesLeft: Int
    private let bytesMax: Int
    /// The first byte of an answer is waited for longer than the next.
    private var phase = Patience.Phase.firstByte

    /// What goes out at once is held in memory until the other side takes it.
    package static let writeBytesMax = 64 << 10

    init(
        _ connection: StreamConnection, _ inbound: NIOAsyncChannelInboundStream<StreamPiece>, origin: OutboundOrigin,
        watch: ExchangeWatch, bytesMax: Int, connector: OutboundConnector
    ) {
        self.connection = connection
        self.connector = connector
        self.origin = origin
        self.watch = watch
        self.bytesMax = bytesMax
        bytesLeft = bytesMax
        pieces = inbound.makeAsyncIterator()
        isEncrypted = origin.scheme.isEncrypted
    }

    /// The bytes up to the next line feed, without it and a carriage return before it. Throws `.bodyTooLarge` as soon
    /// as the line is longer than `bytesMax`.
    package func line(bytesMax: Int) async throws -> [UInt8] {
        var searched = 0
        while true {
            let view = buffer.readableBytesView.dropFirst(searched)
            if let end = view.firstIndex(of: UInt8(ascii: "\n")) {
                let length = end - buffer.readerIndex
                guard length <= bytesMax else { break }
                var line = buffer.readBytes(length: length) ?? []
                buffer.moveReaderIndex(forwardBy: 1)
                if line.last == UInt8(ascii: "\r") { line.removeLast() }
                return line
            }
            searched = buffer.readableBytes
            guard searched <= bytesMax else { break }
            try await fill()
        }
        throw OutboundFailure.bodyTooLarge(origin, bytesMax: bytesMax)
    }

    /// Exactly `count` bytes. The caller bounds what it asks for; the whole connection has its bound as well.
    package func bytes(_ count: Int) async throws -> [UInt8] {
        guard count <= buffer.readableBytes + bytesLeft else {
            throw OutboundFailure.bodyTooLarge(origin, bytesMax: bytesMax)
        }
        while buffer.readableBytes < count { try await fill() }
        return buffer.readBytes(length: count) ?? []
    }

    /// Sends `bytes`. Nothing waits for the other side to take them: who takes nothing runs into the limit for the
    /// first byte of an answer.
    package func write(_ bytes: [UInt8]) {
        phase = .firstByte
        connection.channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
    }

    /// TLS from here on, with a certificate that is valid for the host: call it when the other side has agreed.
    /// Whatever it, or somebody on the way, said in the clear after its agreement is refused as `.notEncrypted`.
    package func startTLS() async throws {
        guard buffer.readableBytes == 0, !isEncrypted else { throw OutboundFailure.notEncrypted(origin) }
        do {
            try await connector.encrypt(connection, to: origin)
        } catch {
            throw AnswerReader.meaning(of: error, at: origin)
        }
        isEncrypted = true
    }

    /// Takes in one more piece.
    private func fill() async throws {
        watch.begin(phase, origin)
        defer { watch.pause() }
        let piece: StreamPiece
        do {
            guard let next = try await pieces.next() else {
                try Task.checkCancellation()
                throw OutboundFailure.connectionLost(origin)
            }
            piece = next
        } catch {
            throw AnswerReader.meaning(of: error, at: origin)
        }
        guard piece.isEncrypted == isEncrypted else { throw OutboundFailure.notEncrypted(origin) }
        guard piece.bytes.readableBytes <= bytesLeft else {
            throw OutboundFailure.bodyTooLarge(origin, bytesMax: bytesMax)
        }
        bytesLeft -= piece.bytes.readableBytes
        phase = .idle
        buffer.discardReadBytes()
        buffer.writeImmutableBuffer(piece.bytes)
    }
}

/// Notes beside each piece whether TLS was in place when it came in. Runs on the event loop of its channel.
final class EncryptionMarker: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = StreamPiece

    var isEncrypted: Bool

    init(isEncrypted: Bool) { self.isEncrypted = isEncrypted }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let piece = StreamPiece(bytes: unwrapInboundIn(data), isEncrypted: isEncrypted)
        context.fireChannelRead(wrapInboundOut(piece))
    }
}
