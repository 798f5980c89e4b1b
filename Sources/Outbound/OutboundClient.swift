import HTTPTypes
import Kit
import NIOCore
import NIOHTTPTypes
import NIOPosix

/// The only way out: every connection that this platform opens by itself is opened here.
///
/// Each hop of each request is checked against the policy, its name is resolved once, every address is checked, and
/// the connection goes to a checked address. No connection is kept, and there are no cookies, no proxies of the
/// environment, no decompression and no second reading of the address: what was checked is what is used.
package struct OutboundClient: Sendable {
    private let policy: OutboundPolicy
    private let resolver: HostResolver
    private let clock: WallClock
    private let connector: OutboundConnector

    /// - Parameter authoritiesPath: a PEM file of certificate authorities that are trusted besides those of the system.
    package init(
        policy: OutboundPolicy, authoritiesPath: String? = nil, resolver: HostResolver = .system,
        clock: WallClock = .system
    ) throws(OutboundFailure) {
        self.policy = policy
        self.resolver = resolver
        self.clock = clock
        connector = try OutboundConnector(
            authoritiesPath: authoritiesPath, group: MultiThreadedEventLoopGroup.singleton)
    }

    /// Sends `request`, follows its redirects and hands the answer, whatever its status, to `receive`; the connection
    /// ends when that returns. Throws `OutboundFailure`, `CancellationError`, or what `receive` throws.
    package func send<Result: Sendable>(
        _ request: OutboundRequest, receive: @escaping @Sendable (OutboundResponse) async throws -> Result
    ) async throws -> Result {
        let watch = ExchangeWatch(request.limits, origin: request.url.origin, clock: clock)
        return try await watch.guarding {
            var chain = RedirectChain(request)
            while true {
                let head = try chain.request.head()
                let connection = try await connect(to: chain.request.url.origin, request.limits.connect, watch)
                write(head, chain.request.body, to: connection.channel)
                if let result = try await exchange(&chain, on: connection, watch, receive) { return result.value }
            }
        }
    }

    /// Sends `request` and reads the answer to its end, at most `limits.bodyBytesMax` of it.
    package func fetch(_ request: OutboundRequest) async throws -> OutboundReply {
        try await send(request) { try await OutboundReply(reading: $0, upTo: request.limits.bodyBytesMax) }
    }

    /// Opens a connection to `origin`, which the policy must name with its scheme, and hands it to `body`; it ends when
    /// that returns. `limits.firstByte` is for each answer to begin, `limits.bodyBytesMax` for all that comes in.
    /// Throws `OutboundFailure`, `CancellationError`, or what `body` throws.
    package func connect<Result: Sendable>(
        to origin: OutboundOrigin, limits: OutboundLimits = OutboundLimits(),
        body: @escaping @Sendable (OutboundStream) async throws -> Result
    ) async throws -> Result {
        let watch = ExchangeWatch(limits, origin: origin, clock: clock)
        return try await watch.guarding {
            let addresses = try await addresses(of: origin, watch)
            let connection = try await connector.stream(to: origin, at: addresses, within: limits.connect)
            watch.pause()
            return try await connection.executeThenClose { inbound in
                try await body(
                    OutboundStream(
                        connection, inbound, origin: origin, watch: watch, bytesMax: limits.bodyBytesMax,
                        connector: connector))
            }
        }
    }

    /// The addresses of `origin`, all of them checked, for a program that makes the connection itself. It must be given
    /// one of these and never the name, which it would resolve again.
    package func checkedAddresses(
        of origin: OutboundOrigin, limits: OutboundLimits = OutboundLimits()
    ) async throws -> [NetworkAddress] {
        let watch = ExchangeWatch(limits, origin: origin, clock: clock)
        return try await watch.guarding { try await addresses(of: origin, watch) }
    }

    private func connect(
        to origin: OutboundOrigin, _ limit: Duration, _ watch: ExchangeWatch
    ) async throws -> OutboundConnector.Connection {
        let addresses = try await addresses(of: origin, watch)
        return try await connector.connect(to: origin, at: addresses, within: limit)
    }

    /// All of them checked against the policy.
    private func addresses(of origin: OutboundOrigin, _ watch: ExchangeWatch) async throws -> [NetworkAddress] {
        let admission = try policy.admit(origin)
        watch.begin(.connect, origin)
        let addresses =
            switch origin.host {
            case .address(let address): [address]
            case .name(let name): try await resolver.addresses(name)
            }
        try Task.checkCancellation()
        return try admission.checked(addresses)
    }

    /// Nil when the chain goes on.
    private func exchange<Result: Sendable>(
        _ chain: inout RedirectChain, on connection: OutboundConnector.Connection, _ watch: ExchangeWatch,
        _ receive: @Sendable (OutboundResponse) async throws -> Result
    ) async throws -> Received<Result>? {
        let request = chain.request
        let (next, received) = try await connection.executeThenClose { inbound in
            let origin = request.url.origin
            watch.begin(.firstByte, origin)
            let reader = AnswerReader(
                inbound.makeAsyncIterator(), origin: origin, watch: watch, bodyBytesMax: request.limits.bodyBytesMax)
            let head = try await reader.head()
            watch.pause()
            var next = chain
            if try next.follows(head) { return (next, Received<Result>?.none) }
            if request.method != .head { try reader.check(head) }
            let answer = OutboundResponse(
                status: head.status.code, headers: head.headerFields, url: request.url,
                body: OutboundBody(reader: reader))
            return (next, Received(value: try await receive(answer)))
        }
        chain = next
        return received
    }

    /// The body is in memory anyway, so nothing waits for the other side to take it: an early answer is not missed, and
    /// who takes nothing runs into the limit for the first byte.
    private func write(_ head: HTTPRequest, _ body: [UInt8], to channel: any Channel) {
        channel.write(HTTPRequestPart.head(head), promise: nil)
        if !body.isEmpty { channel.write(HTTPRequestPart.body(ByteBuffer(bytes: body)), promise: nil) }
        channel.writeAndFlush(HTTPRequestPart.end(nil), promise: nil)
    }
}

/// What the caller made of the answer, told apart from "no answer yet" even where it is an optional.
private struct Received<Value: Sendable>: Sendable {
    let value: Value
}
