/// Hands checked values to the typed structs. A wrong key or type here is a defect that every load would show.
struct SettingReader {
    let values: [String: SettingValue]

    func integer(_ key: String) throws(SettingsFailure) -> Int {
        guard case .integer(let value) = values[key] else { throw .undeclared(key: key) }
        return value
    }

    func number(_ key: String) throws(SettingsFailure) -> Double {
        guard case .number(let value) = values[key] else { throw .undeclared(key: key) }
        return value
    }

    func text(_ key: String) throws(SettingsFailure) -> String {
        guard let value = try optionalText(key) else { throw .undeclared(key: key) }
        return value
    }

    func optionalText(_ key: String) throws(SettingsFailure) -> String? {
        switch values[key] {
        case .text(let value): return value
        case .unset: return nil
        default: throw .undeclared(key: key)
        }
    }

    /// Empty when it is not set.
    func list(_ key: String) throws(SettingsFailure) -> [String] {
        switch values[key] {
        case .list(let value): return value
        case .unset: return []
        default: throw .undeclared(key: key)
        }
    }

    func secret(_ key: String) throws(SettingsFailure) -> SecretReference {
        guard let value = try optionalSecret(key) else { throw .undeclared(key: key) }
        return value
    }

    func optionalSecret(_ key: String) throws(SettingsFailure) -> SecretReference? {
        switch values[key] {
        case .secret(let reference): return reference
        case .unset: return nil
        default: throw .undeclared(key: key)
        }
    }
}
