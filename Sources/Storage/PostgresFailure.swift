/// Fields of an error message: the letters of `postgres_ext.h`, which Swift does not import as macros.
private enum ErrorField {
    static let state = Int32(UInt8(ascii: "C"))
    static let message = Int32(UInt8(ascii: "M"))
    static let constraint = Int32(UInt8(ascii: "n"))
    static let column = Int32(UInt8(ascii: "c"))
}

extension PostgresResult {
    /// What the server's refusal means for the caller and for the transaction.
    ///
    /// Detail, context and the messages of data errors hold values, so they are left out.
    func health(of text: String) -> TransactionHealth {
        guard let state = errorField(ErrorField.state), state.utf8.count == 5 else {
            return .aborted(.unavailable(reason: "PostgreSQL gave no answer"), .retry)
        }
        let reason = "PostgreSQL error \(state)"
        switch state {
        // serialization_failure, deadlock_detected, lock_not_available
        case "40001", "40P01", "55P03": return .aborted(.unavailable(reason: reason), .retry)
        // The text of a prepared statement means something else since a migration, or a pooler dropped it.
        case "0A000" where message.hasPrefix("cached plan"), "26000":
            return .aborted(.unavailable(reason: reason), .retry)
        case "53100": return .aborted(.diskFull, .isolate)
        case "57014": return .aborted(.unavailable(reason: reason), .none)
        default: break
        }
        return switch state.prefix(2) {
        case "23": .refused(.constraint(name: constraintName))
        case "42", "25": .refused(.badStatement(text: text, reason: "\(reason): \(message)"))
        case "08", "57": .aborted(.unavailable(reason: reason), .retry)
        case "53", "58", "XX": .aborted(.unavailable(reason: reason), .none)
        default: .refused(.badStatement(text: text, reason: reason))
        }
    }

    private var message: String { errorField(ErrorField.message) ?? "" }

    /// A NOT NULL refusal names the column instead.
    private var constraintName: String? {
        errorField(ErrorField.constraint) ?? errorField(ErrorField.column)
    }
}
