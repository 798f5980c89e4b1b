import Kit
import Outbound
import Sandbox

/// What goes with an SSH address.
package struct SSHSettings: Sendable {
    /// Lines of `known_hosts`: the keys that the server may have. Nothing is trusted that does not stand here.
    package var hostKeys: [String] = []
    package var privateKey: Secret?
    package var limits = SSHLimits()
    package var program = "/usr/bin/ssh"

    package static let hostKeysMax = 16

    package init() {}

    var isEmpty: Bool { hostKeys.isEmpty && privateKey == nil }

    func keys() throws(SourceFailure) -> (hosts: [SSHPublicKey], own: SSHPrivateKey) {
        guard (1...Self.hostKeysMax).contains(hostKeys.count) else {
            throw .misconfigured(
                "Set host_keys: what ssh-keyscan prints for the server, compared with what its administrator says.")
        }
        guard let privateKey else {
            throw .misconfigured("An SSH address needs private_key, a key whose public half the server knows.")
        }
        var hosts: [SSHPublicKey] = []
        for line in hostKeys { hosts.append(try SSHPublicKey(line: line)) }
        return (hosts, try SSHPrivateKey(privateKey.reveal()))
    }
}

/// Git's protocol over SSH (gitprotocol-v2, "SSH and File Transport"), spoken through OpenSSH's ssh. The destination
/// passes the checks of every way out, and ssh is given an address that passed.
struct GitSSH: GitTransport {
    private let address: SSHAddress
    private let settings: SSHSettings
    private let hostKeys: [SSHPublicKey]
    private let key: SSHPrivateKey
    private let client: RetryingClient

    /// Each of them gets its share of patience.
    private static let addressesMax = 4

    init(_ address: SSHAddress, _ settings: SSHSettings, _ client: RetryingClient) throws(SourceFailure) {
        self.address = address
        self.settings = settings
        self.client = client
        (hostKeys, key) = try settings.keys()
    }

    func advertisement() async throws -> GitCapabilities {
        try await explaining { try await greeting() }
    }

    func send<Taker: PacketTaker>(_ command: [UInt8], bytesMax: Int, to taker: Taker) async throws -> Taker {
        try await explaining {
            try await talk { conversation in
                _ = try Self.greeting(conversation)
                try conversation.send(command)
                return try conversation.read(taker, bytesMax: bytesMax)
            }
        }
    }

    func reach(_ report: inout ConnectionReport) async -> Bool {
        var reached = Reached.nothing
        do {
            _ = try await client.checkedAddresses(of: address.origin)
            reached = .name
            _ = try await greeting()
            reached = .repository
        } catch let failure as OutboundFailure {
            report.failed(failure)
        } catch let fault as SSHFault {
            if fault.step != .settings { say(fault.step, &report) }
            report.failed(fault.step, fault.failure(address.origin).sentence)
        } catch {
            if reached == .name { say(.listing, &report) }
            let failure = (error as? GitFault)?.failure ?? error as? SourceFailure
            report.failed(.listing, failure?.sentence ?? "The test was cancelled.")
        }
        if reached == .repository { say(.listing, &report) }
        return reached == .repository
    }

    private enum Reached { case nothing, name, repository }

    /// The steps that come before `end`.
    private func say(_ end: ConnectionReport.Step.Kind, _ report: inout ConnectionReport) {
        let steps: [(ConnectionReport.Step.Kind, String)] = [
            (.name, "The name \(address.origin.host.text) has an address."),
            (.connection, "\(address.origin) answers."),
            (.certificate, "Its host key is one that is set here."),
            (.credentials, "The private key is accepted."),
        ]
        for (step, sentence) in steps.prefix(while: { $0.0 != end }) { report.passed(step, sentence) }
    }

    private func greeting() async throws -> GitCapabilities {
        try await talk { try Self.greeting($0) }
    }

    private static func greeting(_ conversation: SSHConversation) throws -> GitCapabilities {
        let reader = try conversation.read(CapabilitiesReader(), bytesMax: GitTalk.bytesMax)
        return try reader.checked("An OpenSSH server needs AcceptEnv GIT_PROTOCOL in its sshd_config.")
    }

    private func explaining<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let failure as OutboundFailure {
            throw SourceFailure(failure)
        } catch let fault as SSHFault {
            throw fault.failure(address.origin)
        }
    }

    /// One conversation with the first address at which somebody answers.
    private func talk<Result: Sendable>(
        _ body: @escaping @Sendable (SSHConversation) throws -> Result
    ) async throws -> Result {
        let addresses = try await client.checkedAddresses(of: address.origin).prefix(Self.addressesMax)
        let files = try files()
        defer { withExtendedLifetime(files) {} }
        for destination in addresses {
            let command = SSHCommand(
                program: settings.program, address: address, destination: destination, hostKeys: hostKeys,
                connectSeconds: max(1, settings.limits.connectSeconds / addresses.count),
                hostKeysPath: files.hostKeys.path, keyPath: files.key.path)
            do {
                return try await SSHConversation.run(command.words, settings.limits, user: address.user, body)
            } catch SSHFault.unreachable {
                continue
            }
        }
        throw SSHFault.unreachable
    }

    private func files() throws -> (hostKeys: MemoryFile, key: MemoryFile) {
        do throws(JailFailure) {
            return (try MemoryFile(SSHCommand.knownHosts(hostKeys)), try MemoryFile(key.armoured))
        } catch {
            throw SSHFault.notStarted
        }
    }
}
