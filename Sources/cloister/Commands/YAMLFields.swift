import Foundation

/// The members of one mapping of a YAML file, taken one by one; what is left over is a mistake.
struct YAMLFields {
    private var members: [String: Any]
    private let place: String

    init(_ value: Any, at place: String) {
        members = value as? [String: Any] ?? [place: value]
        self.place = place
    }

    mutating func take<Value>(_ name: String) throws -> Value? {
        guard let value = members.removeValue(forKey: name), !(value is NSNull) else { return nil }
        guard let typed = value as? Value else {
            throw WrongUsage(description: "\(place): \(name) has the wrong form.")
        }
        return typed
    }

    mutating func need(_ name: String) throws -> String {
        guard let text: String = try take(name) else {
            throw WrongUsage(description: "\(place): \(name) is missing.")
        }
        return text
    }

    func finish() throws {
        guard let unknown = members.keys.min() else { return }
        throw WrongUsage(description: "\(place): there is no field \(unknown).")
    }
}
