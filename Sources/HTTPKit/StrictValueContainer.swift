import Kit

/// One scalar of a JSON text as the Swift type that was asked for: no conversion between kinds, no rounding of
/// integers, no overflow.
struct StrictValueContainer: SingleValueDecodingContainer {
    let value: JSONValue
    let codingPath: [any CodingKey]

    private var field: String { FieldPath.text(codingPath) }

    func decodeNil() -> Bool { value == .null }

    func decode(_: Bool.Type) throws -> Bool {
        guard case .boolean(let flag) = value else { throw mismatch("a boolean") }
        return flag
    }

    func decode(_: String.Type) throws -> String {
        guard case .string(let text) = value else { throw mismatch("a string") }
        return text
    }

    func decode(_: Double.Type) throws -> Double {
        guard case .number(let digits) = value else { throw mismatch("a number") }
        guard let number = Double(digits), number.isFinite else { throw StrictFailure.outOfRange(field) }
        return number
    }

    func decode(_: Float.Type) throws -> Float {
        let number = Float(try decode(Double.self))
        guard number.isFinite else { throw StrictFailure.outOfRange(field) }
        return number
    }

    func decode(_ type: Int.Type) throws -> Int { try integer(type) }
    func decode(_ type: Int8.Type) throws -> Int8 { try integer(type) }
    func decode(_ type: Int16.Type) throws -> Int16 { try integer(type) }
    func decode(_ type: Int32.Type) throws -> Int32 { try integer(type) }
    func decode(_ type: Int64.Type) throws -> Int64 { try integer(type) }
    func decode(_ type: UInt.Type) throws -> UInt { try integer(type) }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try integer(type) }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try integer(type) }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try integer(type) }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try integer(type) }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try StrictDecoder.decode(type, from: value, at: codingPath)
    }

    private func integer<Number: FixedWidthInteger>(_: Number.Type) throws -> Number {
        guard case .number(let digits) = value else { throw mismatch("an integer") }
        guard !digits.utf8.contains(where: { [0x2E, 0x65, 0x45].contains($0) }) else { throw mismatch("an integer") }
        guard let number = Number(digits) else { throw StrictFailure.outOfRange(field) }
        return number
    }

    private func mismatch(_ wanted: String) -> StrictFailure {
        .wrongType(field, wanted: wanted, found: value.kind)
    }
}
