/// Every declared key with its value and where that comes from.
package struct ResolvedSettings: Sendable, Equatable {
    package struct Entry: Sendable, Equatable {
        package let value: SettingValue
        package let origin: SettingOrigin
    }

    /// By key; one entry for each row of the table.
    package let values: [String: Entry]

    /// `server.port = 8080  # default` for each key in the order of the table. A secret prints as its source.
    package func printed() -> String {
        let lines = SettingsTable.rows.compactMap { row in
            values[row.key].map { (text: "\(row.key) = \(row.text(of: $0.value))", origin: $0.origin) }
        }
        let width = lines.map(\.text.count).filter { $0 <= 60 }.max() ?? 0
        return lines.map { line in
            let padding = String(repeating: " ", count: max(0, width - line.text.count))
            return "\(line.text)\(padding)  # \(line.origin)\n"
        }.joined()
    }
}

extension SettingDeclaration {
    /// As it could be written in the file; a dash for what is not set.
    func text(of value: SettingValue) -> String {
        switch value {
        case .unset: kind == .database ? "sqlite" : "-"
        case .integer(let number): if case .bytes = kind { ByteSize.text(number) } else { String(number) }
        case .number(let number): String(number)
        case .text(let text): text
        case .list(let items): items.joined(separator: ", ")
        case .secret(let reference): reference.description
        }
    }
}
