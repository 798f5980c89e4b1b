import Foundation

/// The JSON that sources answer with, bounded before it is decoded.
enum JSONForm {
    static let depthMax = 64

    /// Throws `.misbehaved` for what is no JSON, nested too deeply, or of another shape.
    static func decode<Value: Decodable>(_ type: Value.Type, _ bytes: [UInt8]) throws(SourceFailure) -> Value {
        guard let first = bytes.first(where: { !XMLPullReader.isSpace($0) }), "{[".utf8.contains(first) else {
            throw .misbehaved("The answer is a page for people, not data. A proxy or a sign-in may stand in between.")
        }
        guard depth(of: bytes) <= depthMax else { throw .misbehaved("The answer is nested too deeply.") }
        do { return try JSONDecoder().decode(type, from: Data(bytes)) } catch {
            throw .misbehaved("The answer has not the form that it should have.")
        }
    }

    /// How deep arrays and objects lie in each other; brackets in strings are text.
    static func depth(of bytes: [UInt8]) -> Int {
        var (depth, deepest, isString, isEscaped) = (0, 0, false, false)
        for byte in bytes {
            if isEscaped {
                isEscaped = false
            } else if isString {
                isEscaped = byte == UInt8(ascii: "\\")
                isString = byte != UInt8(ascii: "\"")
            } else {
                switch byte {
                case UInt8(ascii: "\""): isString = true
                case UInt8(ascii: "{"), UInt8(ascii: "["):
                    depth += 1
                    deepest = max(deepest, depth)
                case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
                default: break
                }
            }
        }
        return deepest
    }
}

/// An element of a list that may be badly shaped without spoiling the others.
struct Lossy<Value: Decodable & Sendable>: Decodable, Sendable {
    let value: Value?
    /// What it calls itself, so that it can be passed over by name.
    let id: JSONText?

    private struct Named: Decodable { let id: JSONText }

    init(from decoder: any Decoder) throws {
        value = try? Value(from: decoder)
        id = try? Named(from: decoder).id
    }
}

/// A text that some write as a whole number.
struct JSONText: Decodable, Hashable, Sendable {
    let text: String

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Int64.self) {
            text = String(number)
        } else {
            text = try container.decode(String.self)
        }
    }
}
