/// One line of the settings table: everything the program knows about one key.
package struct SettingDeclaration: Sendable, Equatable {
    /// `server.port`: a section and a name; only `home` stands alone.
    package let key: String
    package let kind: SettingKind
    /// As it would be written in the file. Nil means "not set"; `<home>` stands for the setting `home`.
    package let fallback: String?
    /// Unit of a number: `minutes`. Bytes and counts that the kind already names have none.
    package let unit: String?
    /// What it is, in one sentence, for the reference page.
    package let sentence: String

    /// `CLOISTER_SERVER_PORT`.
    package var variable: String {
        SettingsTable.variablePrefix + key.replacing(".", with: "_").uppercased()
    }

    /// `server`; empty for `home`.
    package var section: String {
        key.contains(".") ? String(key.prefix { $0 != "." }) : ""
    }
}

extension SettingDeclaration {
    static func row(
        _ key: String, _ kind: SettingKind, default fallback: String?, unit: String? = nil, _ sentence: String
    ) -> Self {
        Self(key: key, kind: kind, fallback: fallback, unit: unit, sentence: sentence)
    }
}
