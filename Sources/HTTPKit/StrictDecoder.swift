import Kit

/// Decodes a `Decodable` from a `JSONValue` and refuses members that the type did not ask for.
///
/// Foundation's decoder ignores unknown members; here a misspelt or forbidden field is an error that names it (ATT-4).
final class StrictDecoder: Decoder {
    let value: JSONValue
    let codingPath: [any CodingKey]
    let userInfo: [CodingUserInfoKey: Any] = [:]
    /// Members that the type has asked about. Nil until it asked for a keyed container.
    private(set) var asked: Set<String>?

    init(value: JSONValue, codingPath: [any CodingKey]) {
        self.value = value
        self.codingPath = codingPath
    }

    /// Decodes `Value` from `json`; throws `StrictFailure`, or what the type's own `init(from:)` throws.
    static func decode<Value: Decodable>(
        _: Value.Type, from json: JSONValue, at path: [any CodingKey] = []
    ) throws -> Value {
        let decoder = StrictDecoder(value: json, codingPath: path)
        let result = try Value(from: decoder)
        try decoder.refuseUnknown()
        return result
    }

    func ask(_ key: String) { asked?.insert(key) }

    private func refuseUnknown() throws {
        guard let asked, case .object(let members) = value else { return }
        guard let unknown = members.keys.filter({ !asked.contains($0) }).min() else { return }
        throw StrictFailure.unknownField(FieldPath.text(codingPath + [FieldKey(unknown)]))
    }

    func container<Key: CodingKey>(keyedBy _: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .object(let members) = value else { throw mismatch("an object") }
        if asked == nil { asked = [] }
        return KeyedDecodingContainer(StrictKeyedContainer<Key>(decoder: self, members: members))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard case .array(let items) = value else { throw mismatch("an array") }
        return StrictUnkeyedContainer(items: items, codingPath: codingPath)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer {
        StrictValueContainer(value: value, codingPath: codingPath)
    }

    private func mismatch(_ wanted: String) -> StrictFailure {
        .wrongType(FieldPath.text(codingPath), wanted: wanted, found: value.kind)
    }
}

/// What is wrong with one field. The path reads `access.allow[2]`; values are never repeated.
enum StrictFailure: Error, Equatable {
    case unknownField(String)
    case missingField(String)
    case wrongType(String, wanted: String, found: String)
    case outOfRange(String)
}

struct FieldKey: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(_ name: String) { (stringValue, intValue) = (name, nil) }
    init(index: Int) { (stringValue, intValue) = ("\(index)", index) }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { self.init(index: intValue) }
}

enum FieldPath {
    private static let nameBytesMax = 64

    /// `body` for the whole value. A key is shortened, because an unknown one is the caller's text.
    static func text(_ path: [any CodingKey]) -> String {
        guard !path.isEmpty else { return "body" }
        var text = ""
        for key in path {
            if let index = key.intValue {
                text += "[\(index)]"
            } else {
                text += (text.isEmpty ? "" : ".") + key.stringValue.prefix(nameBytesMax)
            }
        }
        return text
    }
}

struct StrictKeyedContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let decoder: StrictDecoder
    let members: [String: JSONValue]
    var codingPath: [any CodingKey] { decoder.codingPath }
    var allKeys: [Key] { members.keys.sorted().compactMap(Key.init(stringValue:)) }

    func contains(_ key: Key) -> Bool {
        decoder.ask(key.stringValue)
        return members[key.stringValue] != nil
    }

    private func member(_ key: any CodingKey) throws -> JSONValue {
        decoder.ask(key.stringValue)
        guard let value = members[key.stringValue] else {
            throw StrictFailure.missingField(FieldPath.text(codingPath + [key]))
        }
        return value
    }

    func decodeNil(forKey key: Key) throws -> Bool { try member(key) == .null }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try StrictDecoder.decode(type, from: member(key), at: codingPath + [key])
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        try StrictDecoder(value: member(key), codingPath: codingPath + [key]).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try StrictDecoder(value: member(key), codingPath: codingPath + [key]).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder {
        let key = FieldKey("super")
        return StrictDecoder(value: try member(key), codingPath: codingPath + [key])
    }

    func superDecoder(forKey key: Key) throws -> any Decoder {
        StrictDecoder(value: try member(key), codingPath: codingPath + [key])
    }
}

struct StrictUnkeyedContainer: UnkeyedDecodingContainer {
    let items: [JSONValue]
    let codingPath: [any CodingKey]
    var currentIndex = 0
    var count: Int? { items.count }
    var isAtEnd: Bool { currentIndex == items.count }

    init(items: [JSONValue], codingPath: [any CodingKey]) {
        self.items = items
        self.codingPath = codingPath
    }

    private mutating func item() throws -> (value: JSONValue, path: [any CodingKey]) {
        let path = codingPath + [FieldKey(index: currentIndex)]
        guard !isAtEnd else { throw StrictFailure.missingField(FieldPath.text(path)) }
        currentIndex += 1
        return (items[currentIndex - 1], path)
    }

    mutating func decodeNil() throws -> Bool {
        guard !isAtEnd, items[currentIndex] == .null else { return false }
        currentIndex += 1
        return true
    }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let (value, path) = try item()
        return try StrictDecoder.decode(type, from: value, at: path)
    }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> {
        let (value, path) = try item()
        return try StrictDecoder(value: value, codingPath: path).container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        let (value, path) = try item()
        return try StrictDecoder(value: value, codingPath: path).unkeyedContainer()
    }

    mutating func superDecoder() throws -> any Decoder {
        let (value, path) = try item()
        return StrictDecoder(value: value, codingPath: path)
    }
}
