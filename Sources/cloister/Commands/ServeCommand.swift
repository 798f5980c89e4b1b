import ArgumentParser
import Foundation
import HTTPKit
import HTTPTypes
import Logging
import ServiceLifecycle
import Settings
import Telemetry
import UnixSignals

/// Serves until told to stop; SIGTERM and Control-C drain what is in flight.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve the web application, the API and the local socket.",
        discussion: "  cloister serve --home /srv/cloister --set server.port=9000")

    @OptionGroup var options: GlobalOptions
    @Option(help: "On the first start, put in this folder's documents, and its people where it has a hospital.yaml.")
    var demonstration: String?

    func run() async throws {
        let settings = try options.settings()
        CoreDumps.disable()
        LoggingSystem.bootstrap { JSONLogHandler(label: $0, level: settings.logLevel) }
        let platform = try await Platform.open(settings, role: .server)
        try await FirstTenant(access: platform.access).ensure()
        if let demonstration {
            try await Demonstration(platform.routes, folder: demonstration).load()
            if let file = try TenantFile(folder: demonstration) { platform.demonstration.open(for: file.users) }
        }
        let http = HTTPService(
            table: platform.routes, fast: platform.fastRoutes, sockets: platform.socketRoutes,
            onListening: { await announce($0, platform) })
        let services = ServiceGroup(
            services: [BackgroundService(platform: platform), http],
            gracefulShutdownSignals: [.sigterm, .sigint], logger: Logger(label: "cloister"))
        try await services.run()
        await platform.close()
    }

    /// Once the address can be reached: where, and a link to come in by.
    private func announce(_ address: ListeningAddress, _ platform: Platform) async {
        guard case .tcp(_, let port, _) = address else { return }
        platform.readiness.markStarted()
        let origin = SignInLink.origin(platform.settings, port: port)
        Terminal.say("Cloister serves on \(origin)")
        guard
            let link: MintedLink = try? await RouteClient(platform.routes, tenant: FirstTenant.name).json(
                PlatformRequest(method: .post, path: "/api/v1/sign-in/links"))
        else { return Terminal.say("`cloister link --tenant NAME` prints a sign-in link.") }
        Terminal.say("Sign in once, within ten minutes, from this machine:")
        Terminal.say("  " + SignInLink.address(origin, token: link.token))
        Terminal.say("Press Control-C to stop.")
    }
}

struct MintedLink: Decodable, Sendable { let token: String }

/// Where a browser on this machine finds the server.
enum SignInLink {
    static func origin(_ settings: CloisterSettings, port: Int) -> String {
        let scheme = settings.server.tls == nil ? "http" : "https"
        let isLocal = ["0.0.0.0", "::", "::1", "127.0.0.1"].contains(settings.server.host)
        return "\(scheme)://\(isLocal ? "localhost" : settings.server.host):\(port)"
    }

    /// The token stands in the fragment: no server, proxy or log ever sees it.
    static func address(_ origin: String, token: String) -> String { "\(origin)/#/sign-in?token=\(token)" }
}

/// Job workers and followers as one service that stops after the web side has drained.
private struct BackgroundService: Service {
    let platform: Platform

    func run() async throws {
        try await cancelWhenGracefulShutdown { try await platform.runBackground() }
    }
}

/// Memory holds opened keys: the kernel must not write it to a file when the process dies.
enum CoreDumps {
    static func disable() {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    }
}
