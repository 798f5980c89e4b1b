import Kit

/// A type whose JSON form the recorder cannot find out by decoding it.
package protocol SchemaDescribed: Decodable {
    static var schema: SchemaNode { get }
    /// Any value; it only lets the surrounding type finish decoding.
    static var schemaSample: Self { get }
}

extension SchemaNode {
    /// The shape that `type` decodes from, recorded by decoding it from a source that says yes to everything: the
    /// document can therefore not lag behind the code. An unreadable part is `any`.
    package static func of(_ type: (some Decodable).Type) -> SchemaNode { recorded(type).node }

    fileprivate static func recorded<Value: Decodable>(_ type: Value.Type) -> (node: SchemaNode, sample: Value?) {
        if let known = scalar(type) { return known }
        if let described = type as? any SchemaDescribed.Type {
            return (described.schema, described.schemaSample as? Value)
        }
        if let choices = type as? any CaseIterable.Type { return enumeration(choices) }
        let recorder = SchemaRecorder()
        let sample = try? Value(from: recorder)
        return (recorder.node, sample)
    }

    private static func scalar<Value>(_ type: Value.Type) -> (node: SchemaNode, sample: Value?)? {
        switch type {
        case is String.Type: (.string(format: nil), "" as? Value)
        case is Int.Type: (.integer, 0 as? Value)
        case is Int64.Type: (.integer, Int64(0) as? Value)
        case is Double.Type: (.number, Double(0) as? Value)
        case is Float.Type: (.number, Float(0) as? Value)
        case is Bool.Type: (.boolean, false as? Value)
        default: nil
        }
    }

    private static func enumeration<Value>(_ type: any CaseIterable.Type) -> (node: SchemaNode, sample: Value?) {
        let cases = type.allCases.map { $0 }
        let names = cases.compactMap { ($0 as? any RawRepresentable)?.rawValue as? String }
        return (.oneOf(names), cases.first as? Value)
    }
}

extension Identifier: SchemaDescribed {
    package static var schema: SchemaNode { .string(format: "\(Kind.prefix)-identifier") }
    package static var schemaSample: Self { Identifier(high: 0, low: 0) }
}

/// Confined to one call of `SchemaNode.of`.
private final class SchemaRecorder: Decoder {
    var node = SchemaNode.any
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        if case .object = node {} else { node = .object([]) }
        return KeyedDecodingContainer(RecordedObject<Key>(recorder: self))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer { RecordedArray(recorder: self) }
    func singleValueContainer() throws -> any SingleValueDecodingContainer { RecordedValue(recorder: self) }

    func add(_ field: SchemaNode.Field) {
        guard case .object(let fields) = node, !fields.contains(where: { $0.name == field.name }) else { return }
        node = .object(fields + [field])
    }

    static let unreadable = DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "no sample"))
}

private struct RecordedObject<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let recorder: SchemaRecorder
    var codingPath: [any CodingKey] { [] }
    var allKeys: [Key] { [] }

    func contains(_ key: Key) -> Bool { true }
    func decodeNil(forKey key: Key) throws -> Bool { false }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        let (node, sample) = SchemaNode.recorded(type)
        recorder.add(.init(name: key.stringValue, node: node, required: true))
        guard let sample else { throw SchemaRecorder.unreadable }
        return sample
    }

    func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? { optional(type, key) }

    // The protocol has a requirement of its own for each of these; its default would record the field as required.
    func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? { optional(type, key) }
    func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? { optional(type, key) }
    func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? { optional(type, key) }
    func decodeIfPresent(_ type: Int64.Type, forKey key: Key) throws -> Int64? { optional(type, key) }
    func decodeIfPresent(_ type: Double.Type, forKey key: Key) throws -> Double? { optional(type, key) }
    func decodeIfPresent(_ type: Float.Type, forKey key: Key) throws -> Float? { optional(type, key) }

    private func optional<Value: Decodable>(_ type: Value.Type, _ key: Key) -> Value? {
        recorder.add(.init(name: key.stringValue, node: SchemaNode.of(type), required: false))
        return nil
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> { throw SchemaRecorder.unreadable }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        throw SchemaRecorder.unreadable
    }
    func superDecoder() throws -> any Decoder { throw SchemaRecorder.unreadable }
    func superDecoder(forKey key: Key) throws -> any Decoder { throw SchemaRecorder.unreadable }
}

/// An array with exactly one element, which tells the type of all.
private struct RecordedArray: UnkeyedDecodingContainer {
    let recorder: SchemaRecorder
    var codingPath: [any CodingKey] { [] }
    var count: Int? { 1 }
    var isAtEnd: Bool { currentIndex > 0 }
    var currentIndex = 0

    init(recorder: SchemaRecorder) { self.recorder = recorder }

    mutating func decodeNil() throws -> Bool { false }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let (node, sample) = SchemaNode.recorded(type)
        recorder.node = .array(node)
        currentIndex += 1
        guard let sample else { throw SchemaRecorder.unreadable }
        return sample
    }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> { throw SchemaRecorder.unreadable }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { throw SchemaRecorder.unreadable }
    mutating func superDecoder() throws -> any Decoder { throw SchemaRecorder.unreadable }
}

private struct RecordedValue: SingleValueDecodingContainer {
    let recorder: SchemaRecorder
    var codingPath: [any CodingKey] { [] }

    func decodeNil() -> Bool { false }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let (node, sample) = SchemaNode.recorded(type)
        recorder.node = node
        guard let sample else { throw SchemaRecorder.unreadable }
        return sample
    }
}
