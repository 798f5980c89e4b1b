import ArgumentParser
import Foundation
import Settings

/// Options that every command takes.
struct GlobalOptions: ParsableArguments {
    @Option(help: "Where data, keys and settings live (default: ~/.cloister).")
    var home: String?

    @Option(help: "A YAML file with settings.")
    var config: String?

    @Option(name: .customLong("set"), help: "One setting: --set server.port=9000. May be repeated.")
    var assignments: [String] = []

    @Option(help: "Tenant, by name or identifier; needed when there are several.")
    var tenant: String?

    /// Flags before environment before file before defaults; every mistake is named (exit 64).
    func settings() throws -> CloisterSettings {
        do {
            return try loader().load()
        } catch let refusal as SettingsRefusal {
            throw WrongUsage(description: refusal.description)
        }
    }

    func loader() throws -> SettingsLoader {
        SettingsLoader(
            flags: try flags(), environment: ProcessInfo.processInfo.environment, yaml: try yaml(),
            yamlName: config ?? "settings")
    }

    private func flags() throws -> [String: String] {
        var flags = try assignments.reduce(into: [String: String]()) { flags, assignment in
            guard let equals = assignment.firstIndex(of: "=") else {
                throw WrongUsage(description: "--set takes key=value, for example --set server.port=9000")
            }
            flags[String(assignment[..<equals])] = String(assignment[assignment.index(after: equals)...])
        }
        if let home { flags["home"] = URL(filePath: home).path }
        return flags
    }

    private func yaml() throws -> String? {
        guard let config else { return nil }
        guard let text = try? String(contentsOfFile: config, encoding: .utf8) else {
            throw WrongUsage(description: "The settings file \(config) cannot be read.")
        }
        return text
    }
}
