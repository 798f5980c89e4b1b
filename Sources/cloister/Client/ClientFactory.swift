import Foundation
import Logging
import Settings
import Storage
import Telemetry

/// Chooses how a command reaches the platform: an address when one is named, the running server's socket when the data
/// directory is in use, and otherwise the same wiring in this process.
enum ClientFactory {
    static func client(_ options: GlobalOptions) async throws -> any PlatformClient {
        let environment = ProcessInfo.processInfo.environment
        if let address = environment["CLOISTER_URL"], let key = environment["CLOISTER_API_KEY"] {
            return try NetworkClient(address: address, apiKey: key)
        }
        let settings = try options.settings()
        CoreDumps.disable()
        // A command's own words are enough; requests are not worth a line each.
        LoggingSystem.bootstrap { JSONLogHandler(label: $0, level: max(settings.logLevel, .warning)) }
        let tenant = options.tenant ?? ""
        do {
            let platform = try await Platform.open(settings, role: .command)
            try await FirstTenant(access: platform.access).ensure()
            return InProcessClient(platform, tenant: tenant)
        } catch StorageFailure.directoryLocked(let holder) {
            return NetworkClient(socket: settings.data.directory + "/socket", tenant: tenant, holder: holder)
        }
    }
}

extension GlobalOptions {
    /// Runs `body` with a client and closes it whatever happens.
    func withClient<Value>(_ body: (any PlatformClient) async throws -> Value) async throws -> Value {
        let client = try await ClientFactory.client(self)
        do {
            let value = try await body(client)
            await client.close()
            return value
        } catch {
            await client.close()
            throw error
        }
    }
}
