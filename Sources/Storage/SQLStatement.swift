import Kit

/// One value on its way to or from an engine.
package enum SQLValue: Sendable, Equatable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])
}

/// What may stand in an interpolation of `SQLStatement`.
package protocol SQLBindable: Sendable {
    var sqlValue: SQLValue { get }
}

/// SQL with its parameters apart. Every interpolation becomes a bound parameter, so no statement text is ever built
/// from input (ATT-1, ATT-36):
///
///     "SELECT title FROM documents WHERE tenant = \(tenant) AND id IN (\(list: ids))"
///
/// The text itself is a `StaticString`: only the compiler can make one, so text that came in at run time is no
/// statement and no part of one. A table name held in a variable is a `SQLIdentifier`.
///
/// The portable dialect: `?`-free text; types INTEGER, REAL, TEXT, BLOB; booleans are 0 and 1; `ON CONFLICT`,
/// `RETURNING` and common table expressions work on both engines. A column that a statement reads and an upsert
/// sets is qualified (`counters.last + 1`). After a refused statement the transaction is over on both engines.
package struct SQLStatement: ExpressibleByStringInterpolation, Sendable {
    /// Text between the parameters: always one more than `values`.
    package private(set) var fragments: [String]
    package private(set) var values: [SQLValue]

    package init(stringLiteral text: StaticString) {
        fragments = [text.description]
        values = []
    }

    package init(stringInterpolation: StringInterpolation) {
        fragments = stringInterpolation.fragments
        values = stringInterpolation.values
    }

    /// The text with `?1`-style placeholders written by `placeholder` (1-based).
    package func text(placeholder: (Int) -> String) -> String {
        fragments.indices.dropFirst().reduce(into: fragments[0]) { $0 += placeholder($1) + fragments[$1] }
    }

    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var fragments = [""]
        fileprivate var values: [SQLValue] = []

        package init(literalCapacity: Int, interpolationCount: Int) {}

        package mutating func appendLiteral(_ literal: StaticString) { append(text: literal.description) }

        private mutating func append(text: String) { fragments[fragments.count - 1] += text }

        package mutating func appendInterpolation(_ value: some SQLBindable) {
            values.append(value.sqlValue)
            fragments.append("")
        }

        /// NULL when nil. Its own overload, because the compiler warns of an optional in a generic interpolation.
        package mutating func appendInterpolation<Value: SQLBindable>(_ value: Value?) {
            values.append(value?.sqlValue ?? .null)
            fragments.append("")
        }

        /// `\(list: values)` is `?, ?, ?`; an empty list is `NULL`, which `IN` never matches.
        package mutating func appendInterpolation(list: [some SQLBindable]) {
            if list.isEmpty { appendLiteral("NULL") }
            for (index, value) in list.enumerated() {
                if index > 0 { appendLiteral(", ") }
                appendInterpolation(value)
            }
        }

        /// Another statement in this place: conditions and locking clauses that code composes.
        package mutating func appendInterpolation(_ part: SQLStatement) {
            append(text: part.fragments[0])
            for (value, text) in zip(part.values, part.fragments.dropFirst()) {
                values.append(value)
                fragments.append(text)
            }
        }

        /// A name of a table or column that code holds in a variable.
        package mutating func appendInterpolation(_ identifier: SQLIdentifier) { append(text: identifier.quoted) }
    }
}

extension SQLStatement {
    /// The same statement in an engine's words. Stays inside `Storage`.
    func mapText(_ translate: (String) -> String) -> SQLStatement {
        var copy = self
        copy.fragments = fragments.map(translate)
        return copy
    }
}

extension String: SQLBindable {
    package var sqlValue: SQLValue { .text(self) }
}

extension Int: SQLBindable {
    package var sqlValue: SQLValue { .integer(Int64(self)) }
}

extension Int64: SQLBindable {
    package var sqlValue: SQLValue { .integer(self) }
}

extension Double: SQLBindable {
    package var sqlValue: SQLValue { .real(self) }
}

extension Bool: SQLBindable {
    package var sqlValue: SQLValue { .integer(self ? 1 : 0) }
}

extension [UInt8]: SQLBindable {
    package var sqlValue: SQLValue { .blob(self) }
}

extension Identifier: SQLBindable {
    package var sqlValue: SQLValue { .text(description) }
}

extension Timestamp: SQLBindable {
    package var sqlValue: SQLValue { .integer(microseconds) }
}

extension Classification: SQLBindable {
    package var sqlValue: SQLValue { .text(rawValue) }
}

extension Optional: SQLBindable where Wrapped: SQLBindable {
    package var sqlValue: SQLValue { self?.sqlValue ?? .null }
}
