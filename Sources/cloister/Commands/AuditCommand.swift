import ArgumentParser
import Foundation

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Check the audit trail.",
        subcommands: [AuditVerifyCommand.self, AuditKeyCommand.self])
}

/// Recomputes every hash from the rows and says whether the trail is whole.
struct AuditVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Recompute the hash chain and the Merkle root of the tenant's audit trail.",
        discussion: "  cloister audit verify --json")

    @OptionGroup var options: GlobalOptions
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        let bytes = try await options.withClient { client in
            try await client.bytes(PlatformRequest(path: "/api/v1/audit/verification"))
        }
        let verdict = try JSONDecoder().decode(AuditVerdict.self, from: Data(bytes))
        if json { Terminal.printData(String(decoding: bytes, as: UTF8.self)) }
        try verdict.report(quietly: json)
    }
}

/// What a proof file is compared with.
struct AuditKeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Print the fingerprint of the key that signs this tenant's proofs.",
        discussion: "  cloister audit key --json")

    @OptionGroup var options: GlobalOptions
    @Flag(help: "Print JSON, with the key itself.") var json = false

    private struct Key: Decodable { let sha256: String }

    func run() async throws {
        let bytes = try await options.withClient { try await $0.bytes(PlatformRequest(path: "/api/v1/audit/key")) }
        let key = try JSONDecoder().decode(Key.self, from: Data(bytes))
        Terminal.printData(json ? String(decoding: bytes, as: UTF8.self) : key.sha256)
    }
}
