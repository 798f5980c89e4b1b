import HTTPTypes
import Kit

/// A JSON request body as a typed value. Whatever the bytes are, the outcome is a value or a 400 that names the
/// field; never a 500. Nesting is bounded by the parser, size by the route's `bodyBytesMax`.
package enum RequestBody {
    /// Throws `Problem` `request.invalid`, or the `Problem` that the type's own `init(from:)` throws.
    package static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
        do {
            return try StrictDecoder.decode(type, from: JSONParser.parse(bytes))
        } catch let failure as JSONFailure {
            throw Problem.invalid("body", sentence(of: failure))
        } catch let failure as StrictFailure {
            throw problem(of: failure)
        } catch let error as DecodingError {
            throw problem(of: error)
        }
    }

    private static func sentence(of failure: JSONFailure) -> String {
        switch failure {
        case .malformed(let offset): "It is not valid JSON; see byte \(offset)."
        case .notUTF8: "It is not valid UTF-8."
        case .tooDeep(let levels): "It is nested more than \(levels) levels deep."
        case .duplicateKey(let key): "It names the member \"\(key.prefix(64))\" twice."
        }
    }

    private static func problem(of failure: StrictFailure) -> Problem {
        switch failure {
        case .unknownField(let field): .invalid(field, "There is no such field here; remove it or check its spelling.")
        case .missingField(let field): .invalid(field, "The field is required.")
        case .wrongType(let field, let wanted, let found): .invalid(field, "It must be \(wanted), not \(found).")
        case .outOfRange(let field): .invalid(field, "The number is out of range.")
        }
    }

    /// A type's own refusal (an identifier that does not parse, an unknown enum value).
    private static func problem(of error: DecodingError) -> Problem {
        switch error {
        case .dataCorrupted(let context): .invalid(FieldPath.text(context.codingPath), "The value is not allowed here.")
        case .typeMismatch(_, let context):
            .invalid(FieldPath.text(context.codingPath), "The value has the wrong type.")
        case .keyNotFound(let key, let context):
            .invalid(FieldPath.text(context.codingPath + [key]), "The field is required.")
        case .valueNotFound(_, let context): .invalid(FieldPath.text(context.codingPath), "The field is required.")
        @unknown default: .invalid("body", "It could not be read.")
        }
    }
}
