import Foundation
import Kit

/// Reads settings: flags over environment over file over defaults. Anything it does not know is an error.
///
///     let settings = try SettingsLoader(flags: ["server.port": "9000"], environment: environment, yaml: text).load()
package struct SettingsLoader: Sendable {
    private let flags: [String: String]
    private let environment: [String: String]
    private let yaml: String?
    private let yamlName: String
    private let workingDirectory: String

    /// `flags` by key (`server.port`). `yaml` is the text of the file called `yamlName` in messages.
    package init(
        flags: [String: String], environment: [String: String], yaml: String?, yamlName: String = "cloister.yaml",
        workingDirectory: String = FileManager.default.currentDirectoryPath
    ) {
        self.flags = flags
        self.environment = environment
        self.yaml = yaml
        self.yamlName = yamlName
        self.workingDirectory = workingDirectory
    }

    /// Typed and checked settings, or everything that is wrong with them.
    package func load() throws(SettingsRefusal) -> CloisterSettings {
        let resolved = try resolve()
        let settings: CloisterSettings
        do throws(SettingsFailure) {
            settings = try CloisterSettings(SettingReader(values: resolved.values.mapValues(\.value)))
        } catch {
            throw SettingsRefusal(failures: [error])
        }
        let failures = settings.validate()
        guard failures.isEmpty else { throw SettingsRefusal(failures: failures) }
        return settings
    }

    /// Every key's value and origin, each checked by itself, for `config print`.
    package func resolve() throws(SettingsRefusal) -> ResolvedSettings {
        var failures: [SettingsFailure] = []
        let written = gather(&failures)
        var parser = SettingParser(
            workingDirectory: workingDirectory, userHome: environment["HOME"].flatMap { $0.isEmpty ? nil : $0 })
        var values: [String: ResolvedSettings.Entry] = [:]
        for row in SettingsTable.rows {
            do throws(SettingsFailure) {
                let entry = try resolve(row, written[row.key], parser)
                values[row.key] = entry
                if row.key == "home", case .text(let path) = entry.value { parser.home = path }
            } catch {
                failures.append(error)
            }
        }
        failures.insert(contentsOf: unknownVariables(besides: values.values.map(\.value)), at: 0)
        guard failures.isEmpty else { throw SettingsRefusal(failures: failures) }
        return ResolvedSettings(values: values)
    }

    private struct Written {
        let value: SettingsFileEntry.Value
        let origin: SettingOrigin
    }

    /// What was written for each key, the strongest source only.
    private func gather(_ failures: inout [SettingsFailure]) -> [String: Written] {
        var written = fileValues(&failures)
        for row in SettingsTable.rows {
            if let text = environment[row.variable] {
                written[row.key] = Written(value: .text(text), origin: .environment(row.variable))
            }
        }
        for (key, text) in flags.sorted(by: { $0.key < $1.key }) {
            if SettingsTable.byKey[key] == nil {
                failures.append(unknown(key, .flag(key)))
            } else {
                written[key] = Written(value: .text(text), origin: .flag(key))
            }
        }
        return written
    }

    private func fileValues(_ failures: inout [SettingsFailure]) -> [String: Written] {
        guard let yaml else { return [:] }
        var written: [String: Written] = [:]
        do throws(SettingsFailure) {
            for entry in try SettingsFile(name: yamlName, yaml: yaml).entries {
                let origin = SettingOrigin.file(name: yamlName, line: entry.line)
                if SettingsTable.byKey[entry.key] != nil {
                    if written[entry.key] != nil { failures.append(.repeatedKey(entry.key, origin: origin)) }
                    written[entry.key] = Written(value: entry.value, origin: origin)
                } else if !isSection(entry.key) {
                    failures.append(unknown(entry.key, origin))
                } else if entry.value != .empty {
                    failures.append(.sectionExpected(entry.key, origin: origin))
                }
            }
        } catch {
            failures.append(error)
        }
        return written
    }

    private func resolve(
        _ row: SettingDeclaration, _ written: Written?, _ parser: SettingParser
    ) throws(SettingsFailure) -> ResolvedSettings.Entry {
        guard let written else {
            let value = try row.fallback.map { text throws(SettingsFailure) in
                try parser.parse(text, as: row, from: .standard)
            }
            return ResolvedSettings.Entry(value: value ?? .unset, origin: .standard)
        }
        let value: SettingValue
        switch written.value {
        case .empty: throw .empty(key: row.key, origin: written.origin)
        case .text(let text): value = try parser.parse(text, as: row, from: written.origin)
        case .list(let items): value = try parser.list(items, as: row, from: written.origin)
        }
        return ResolvedSettings.Entry(value: value, origin: written.origin)
    }

    private func isSection(_ key: String) -> Bool {
        SettingsTable.rows.contains { $0.key.hasPrefix(key + ".") }
    }

    private func unknown(_ key: String, _ origin: SettingOrigin) -> SettingsFailure {
        .unknownKey(key, origin: origin, nearest: NearestName.of(key, among: SettingsTable.byKey.keys))
    }

    /// A variable that a secret reference names is in use, whatever it is called.
    private func unknownVariables(besides values: [SettingValue]) -> [SettingsFailure] {
        let referenced: [String] = values.compactMap { value in
            if case .secret(.environment(let name)) = value { name } else { nil }
        }
        let strangers = environment.keys.filter { name in
            name.hasPrefix(SettingsTable.variablePrefix) && !name.hasPrefix(SettingsTable.reservedPrefix)
                && SettingsTable.byVariable[name] == nil && SettingsTable.reservedVariables[name] == nil
                && !referenced.contains(name)
        }
        return strangers.sorted().map {
            .unknownVariable($0, nearest: NearestName.of($0, among: SettingsTable.byVariable.keys))
        }
    }
}
