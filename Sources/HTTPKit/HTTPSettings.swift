import Kit

/// What the HTTP side is configured to be. Every bound of the entry has its name here.
package struct HTTPSettings: Sendable {
    package struct TLS: Sendable {
        /// PEM, leaf first.
        package var certificateChainPath: String
        /// PEM.
        package var privateKey: Secret

        package init(certificateChainPath: String, privateKey: Secret) {
            self.certificateChainPath = certificateChainPath
            self.privateKey = privateKey
        }
    }

    package var host = "127.0.0.1"
    /// 0 takes a free port.
    package var port = 8080
    /// A 0600 unix socket for the command line of the same machine; nil for none.
    package var socketPath: String?
    package var tls: TLS?
    /// The operator says that a TLS-terminating, authenticating proxy stands in front: allows plain HTTP off loopback
    /// (ATT-26). From that proxy, the peer is the last `X-Forwarded-For` entry; nobody else's is believed.
    package var proxy: NetworkRange?
    /// Host names, without port, that clients may use besides loopback names and `host` (ATT-42).
    package var allowedHosts: Set<String> = []
    /// Other origins (`https://portal.example`) whose pages may call the API.
    package var allowedOrigins: Set<String> = []

    /// Of routes that set no bound of their own.
    package var bodyBytesMax = 1 << 20
    package var requestTargetBytesMax = 8 * 1024
    package var headerBytesMax = 32 * 1024
    package var headerCountMax = 128
    package var connectionsMax = 4096
    package var exchangesMax = 2048
    /// Streams and requests of one caller at one time.
    package var exchangesPerCallerMax = 64
    /// From the first byte of a request to the end of its head.
    package var headerDeadline = Duration.seconds(10)
    /// From the end of the head to the end of the body.
    package var bodyDeadline = Duration.seconds(300)
    /// How long a client that has closed its sending half may wait for its answer.
    package var halfCloseGrace = Duration.seconds(5)
    /// A connection without a request in flight.
    package var idleTimeout = Duration.seconds(75)
    /// How long a client may leave a full send buffer untouched.
    package var writeStall = Duration.seconds(60)
    /// How long requests in flight may take to finish after SIGTERM.
    package var drainGrace = Duration.seconds(30)
    /// How long a stream may say goodbye after its caller's rights were cut.
    package var revocationGrace = Duration.milliseconds(250)

    package var principalRate = RateLimit(perSecond: 100, burst: 400)
    /// All callers of a tenant together.
    package var tenantRate = RateLimit(perSecond: 1000, burst: 4000)
    /// Every request of one address, authenticated or not.
    package var peerRate = RateLimit(perSecond: 200, burst: 800)

    package init() {}
}

/// A token bucket's size and refill.
package struct RateLimit: Sendable, Equatable {
    package let perSecond: Double
    package let burst: Double

    package init(perSecond: Double, burst: Double) {
        self.perSecond = perSecond
        self.burst = burst
    }
}
