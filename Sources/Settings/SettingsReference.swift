/// The settings reference page, printed by the program and compared with `docs/settings.md` in a test.
package enum SettingsReference {
    /// Markdown; ends with a line break.
    package static func page() -> String {
        let sections = SettingsTable.rows.reduce(into: [String]()) { list, row in
            if list.last != row.section { list.append(row.section) }
        }
        return ([preamble] + sections.map(section) + [reserved]).joined(separator: "\n")
    }

    private static let preamble = """
        # Settings

        This page is printed by `cloister config reference`.

        A value comes from a flag, else from the environment, else from the settings file, else from its default.
        A key that is not listed here is an error wherever it stands, and so is a value outside its range.
        `cloister config check` tells everything that is wrong; `cloister config print` shows each value and its origin.

        In the settings file a dot is a level of indentation:

        ```yaml
        server:
          port: 8443
          tls:
            certificate: /etc/cloister/chain.pem
            key: file:/etc/cloister/key.pem
        ```

        Secrets are given by reference: `file:/path` names a file that only its owner and group may open, `env:NAME` an
        environment variable. `<home>` is the value of `home`; a relative path starts at the working directory. A list
        in a variable or flag is separated by commas. Changes take effect at the next start.

        """

    private static func section(_ name: String) -> String {
        let rows = SettingsTable.rows.filter { $0.section == name }
        let heading = name.isEmpty ? "## home" : "## \(name)"
        let head = "| key | variable | value | default |\n|---|---|---|---|\n"
        let lines = rows.map { row in
            let unit = row.unit.map { " (\($0))" } ?? ""
            let fallback = row.fallback.map { "`\($0)`" } ?? "not set"
            return "| `\(row.key)` | `\(row.variable)` | \(row.kind.expectation)\(unit) | \(fallback) |\n"
        }
        let sentences = rows.map { "- `\($0.key)`: \($0.sentence)\n" }
        return "\(heading)\n\n\(head)\(lines.joined())\n\(sentences.joined())"
    }

    private static var reserved: String {
        let names = SettingsTable.reservedVariables.sorted { $0.key < $1.key }
        let lines = names.map { "- `\($0.key)`: \($0.value)\n" }.joined()
        return """
            ## Variables that are no settings

            \(lines)- `\(SettingsTable.reservedPrefix)...`: servers and data of the tests

            """
    }
}
