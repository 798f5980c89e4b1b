import HTTPTypes
import Kit
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// Opens connections to addresses that were checked. It never sees a name but for SNI and the certificate, so it cannot
/// resolve one again.
struct OutboundConnector: Sendable {
    typealias Connection = NIOAsyncChannel<HTTPResponsePart, Never>

    private let group: any EventLoopGroup
    private let tls: NIOSSLContext
    /// Without a protocol name: what is spoken inside is not HTTP.
    private let streamTLS: NIOSSLContext

    private static let headBytesMax = 64 << 10
    private static let fieldsMax = 200

    /// - Parameter authoritiesPath: PEM certificates that are trusted besides those of the system.
    init(authoritiesPath: String?, group: any EventLoopGroup) throws(OutboundFailure) {
        self.group = group
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        // The message is complete by then; who does not say goodbye is not waited for.
        configuration.shutdownTimeout = .milliseconds(250)
        do {
            if let authoritiesPath {
                configuration.additionalTrustRoots = [
                    .certificates(try NIOSSLCertificate.fromPEMFile(authoritiesPath))
                ]
            }
            streamTLS = try NIOSSLContext(configuration: configuration)
            configuration.applicationProtocols = ["http/1.1"]
            tls = try NIOSSLContext(configuration: configuration)
        } catch {
            throw .authoritiesUnreadable(path: authoritiesPath ?? "")
        }
    }

    /// A connection over which HTTP goes.
    func connect(
        to origin: OutboundOrigin, at addresses: [NetworkAddress], within limit: Duration
    ) async throws -> Connection {
        try await open(origin, addresses, limit) { try prepare($0, for: origin) }
    }

    /// A connection over which bytes go, with TLS from the first one where the scheme says so.
    func stream(
        to origin: OutboundOrigin, at addresses: [NetworkAddress], within limit: Duration
    ) async throws -> StreamConnection {
        try await open(origin, addresses, limit) { pipeline in
            if origin.scheme.isEncrypted { try pipeline.addHandler(try encryption(for: origin)) }
            try pipeline.addHandler(EncryptionMarker(isEncrypted: origin.scheme.isEncrypted))
        }
    }

    /// TLS inside of a connection that began without it. What comes in the clear from now on is marked as such.
    func encrypt(_ connection: StreamConnection, to origin: OutboundOrigin) async throws {
        let channel = connection.channel
        try await channel.eventLoop.submit {
            let pipeline = channel.pipeline.syncOperations
            try pipeline.handler(type: EncryptionMarker.self).isEncrypted = true
            try pipeline.addHandler(try encryption(for: origin), position: .first)
        }.get()
    }

    private func encryption(for origin: OutboundOrigin) throws -> NIOSSLClientHandler {
        try NIOSSLClientHandler(context: streamTLS, serverHostname: name(of: origin))
    }

    /// The first of `addresses` that accepts. Each gets its share of `limit`, so that one that swallows packets does
    /// not use up the time of the others; whoever runs this also bounds the whole.
    private func open<Piece: Sendable>(
        _ origin: OutboundOrigin, _ addresses: [NetworkAddress], _ limit: Duration,
        _ prepare: @escaping @Sendable (ChannelPipeline.SynchronousOperations) throws -> Void
    ) async throws -> NIOAsyncChannel<Piece, Never> {
        let share = TimeAmount(limit / max(1, addresses.count))
        for address in addresses {
            try Task.checkCancellation()
            if let connection: NIOAsyncChannel<Piece, Never> = try? await open(origin, address, share, prepare) {
                return connection
            }
        }
        try Task.checkCancellation()
        throw OutboundFailure.unreachable(origin)
    }

    private func open<Piece: Sendable>(
        _ origin: OutboundOrigin, _ address: NetworkAddress, _ limit: TimeAmount,
        _ prepare: @escaping @Sendable (ChannelPipeline.SynchronousOperations) throws -> Void
    ) async throws -> NIOAsyncChannel<Piece, Never> {
        let line = OpeningLine()
        let target = try SocketAddress(packedIPAddress: ByteBuffer(bytes: address.bytes), port: origin.port)
        let opening = ClientBootstrap(group: group)
            .connectTimeout(limit)
            .channelOption(.autoRead, value: false)
            .channelInitializer { channel in channel.eventLoop.makeCompletedFuture { try line.opened(channel) } }
            .connect(to: target)
            .flatMapThrowing { channel in try equip(channel, prepare) as NIOAsyncChannel<Piece, Never> }
        return try await withTaskCancellationHandler {
            try await opening.get()
        } onCancel: {
            line.hangUp()
        }
    }

    /// Nothing is read before everybody is in place: an early answer, or an alert of TLS, would reach nobody.
    private func equip<Piece: Sendable>(
        _ channel: any Channel, _ prepare: (ChannelPipeline.SynchronousOperations) throws -> Void
    ) throws -> NIOAsyncChannel<Piece, Never> {
        do {
            try prepare(channel.pipeline.syncOperations)
            let connection = try NIOAsyncChannel<Piece, Never>(wrappingChannelSynchronously: channel)
            channel.setOption(.autoRead, value: true).whenFailure { _ in channel.close(promise: nil) }
            return connection
        } catch {
            channel.close(promise: nil)
            throw error
        }
    }

    private func prepare(_ pipeline: ChannelPipeline.SynchronousOperations, for origin: OutboundOrigin) throws {
        if origin.scheme == .https {
            try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: name(of: origin)))
        }
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = Self.headBytesMax
        limits.maxHeaderListSize = Self.headBytesMax
        limits.maxHeaderFieldCount = Self.fieldsMax
        let decoder = HTTPResponseDecoder(
            leftOverBytesStrategy: .dropBytes, informationalResponseStrategy: .forward, limitConfiguration: limits)
        try pipeline.addHandlers(
            HTTPRequestEncoder(), ByteToMessageHandler(decoder), HTTP1ToHTTPClientCodec(), CloseOnError())
    }

    /// Nil for a literal address: SNI names no addresses (RFC 6066 section 3), and the certificate is then checked for
    /// the address that the socket is connected to.
    private func name(of origin: OutboundOrigin) -> String? {
        guard case .name(let name) = origin.host else { return nil }
        return name
    }
}

/// Ends a connection with its first error. Otherwise all that a hostile server pours in would be read, and thrown away,
/// until the task that reads the answer gets its turn.
private final class CloseOnError: ChannelInboundHandler {
    typealias InboundIn = HTTPResponsePart

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.fireErrorCaught(error)
        context.close(promise: nil)
    }
}

/// A connection that is being opened, so that who is cancelled does not wait for it.
private final class OpeningLine: Sendable {
    private struct State {
        var channel: (any Channel)?
        var isHungUp = false
    }

    private let state = Mutex(State())

    func opened(_ channel: any Channel) throws {
        try state.withLock { state in
            guard !state.isHungUp else { throw CancellationError() }
            state.channel = channel
        }
    }

    func hangUp() {
        let channel = state.withLock { state in
            state.isHungUp = true
            return state.channel
        }
        channel?.close(promise: nil)
    }
}
