/// A parsed JSON text (RFC 8259). Numbers keep their digits, so that no integer loses precision on the way.
package indirect enum JSONValue: Equatable, Sendable {
    case null
    case boolean(Bool)
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    /// The word an error message uses for it.
    package var kind: String {
        switch self {
        case .null: "null"
        case .boolean: "a boolean"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

/// Why bytes are not the JSON we accept.
package enum JSONFailure: Error, Equatable {
    /// Not JSON; the offset is in bytes.
    case malformed(offset: Int)
    case notUTF8
    case tooDeep(levelsMax: Int)
    /// One object names a member twice, which parsers resolve differently.
    case duplicateKey(String)
}
