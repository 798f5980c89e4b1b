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

    private static let headBytesMax = 64 << 10
    private static let fieldsMax = 200

    /// - Parameter authoritiesPath: PEM certificates that are trusted besides those of the system.
    init(authoritiesPath: String?, group: any EventLoopGroup) throws(OutboundFailure) {
        self.group = group
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        // The message is complete by then; who does not say goodbye is not waited for.
        configuration.shutdownTimeout = .milliseconds(250)
        do {
            if let authoritiesPath {
                configuration.additionalTrustRoots = [
                    .certificates(try NIOSSLCertificate.fromPEMFile(authoritiesPath))
                ]
            }
            tls = try NIOSSLContext(configuration: configuration)
        } catch {
            throw .authoritiesUnreadable(path: authoritiesPath ?? "")
        }
    }

    /// The first of `addresses` that accepts. Each gets its share of `limit`, so that one that swallows packets does
    /// not use up the time of the others; whoever runs this also bounds the whole.
    func connect(
        to origin: OutboundOrigin, at addresses: [NetworkAddress], within limit: Duration
    ) async throws -> Connection {
        let share = TimeAmount(limit / max(1, addresses.count))
        for address in addresses {
            try Task.checkCancellation()
            if let connection = try? await connect(to: origin, at: address, share) { return connection }
        }
        try Task.checkCancellation()
        throw OutboundFailure.unreachable(origin)
    }

    private func connect(
        to origin: OutboundOrigin, at address: NetworkAddress, _ limit: TimeAmount
    ) async throws -> Connection {
        let line = OpeningLine()
        let target = try SocketAddress(packedIPAddress: ByteBuffer(bytes: address.bytes), port: origin.port)
        let opening = ClientBootstrap(group: group)
            .connectTimeout(limit)
            .channelOption(.autoRead, value: false)
            .channelInitializer { channel in channel.eventLoop.makeCompletedFuture { try line.opened(channel) } }
            .connect(to: target)
            .flatMapThrowing { try equip($0, for: origin) }
        return try await withTaskCancellationHandler {
            try await opening.get()
        } onCancel: {
            line.hangUp()
        }
    }

    /// Nothing is read before everybody is in place: an early answer, or an alert of TLS, would reach nobody.
    private func equip(_ channel: any Channel, for origin: OutboundOrigin) throws -> Connection {
        do {
            try prepare(channel.pipeline.syncOperations, for: origin)
            let connection = try Connection(wrappingChannelSynchronously: channel)
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
        try pipeline.addHandlers(HTTPRequestEncoder(), ByteToMessageHandler(decoder), HTTP1ToHTTPClientCodec())
    }

    /// Nil for a literal address: SNI names no addresses (RFC 6066 section 3), and the certificate is then checked for
    /// the address that the socket is connected to.
    private func name(of origin: OutboundOrigin) -> String? {
        guard case .name(let name) = origin.host else { return nil }
        return name
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
