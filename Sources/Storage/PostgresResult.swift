import CPostgres
import Kit

/// What one statement gave; frees libpq's memory.
final class PostgresResult {
    private let result: OpaquePointer

    init(_ result: OpaquePointer) { self.result = result }

    deinit { PQclear(result) }

    var succeeded: Bool {
        let status = PQresultStatus(result)
        return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK
    }

    /// `COMMIT`, `INSERT 0 1` ...
    var commandTag: String { String(cString: PQcmdStatus(result)) }

    var rowsChanged: Int { Int(String(cString: PQcmdTuples(result))) ?? 0 }

    func errorField(_ field: Int32) -> String? { PQresultErrorField(result, field).map { String(cString: $0) } }

    /// All rows. Throws `unexpectedValue` for a column whose type the portable dialect does not have.
    func rows() throws(StorageFailure) -> [SQLRow] {
        let names = (0..<PQnfields(result)).map { String(cString: PQfname(result, $0)) }
        let types = names.indices.map { PostgresParameters.TypeID(rawValue: PQftype(result, Int32($0))) }
        let columns = Dictionary(zip(names, names.indices), uniquingKeysWith: { first, _ in first })
        var rows: [SQLRow] = []
        for row in 0..<PQntuples(result) {
            var values: [SQLValue] = []
            for column in names.indices {
                guard let value = value(row, Int32(column), types[column]) else {
                    throw .unexpectedValue(column: names[column])
                }
                values.append(value)
            }
            rows.append(SQLRow(columns: columns, values: values))
        }
        return rows
    }

    private func value(_ row: Int32, _ column: Int32, _ type: PostgresParameters.TypeID?) -> SQLValue? {
        if PQgetisnull(result, row, column) == 1 { return .null }
        let length = Int(PQgetlength(result, row, column))
        let bytes = UnsafeRawBufferPointer(start: PQgetvalue(result, row, column), count: length)
        return switch type {
        case .int8, .int4, .int2: .integer(Self.integer(bytes))
        case .oid: .integer(Self.integer(bytes) & 0xffff_ffff)
        case .bool: .integer(bytes[0] == 0 ? 0 : 1)
        case .float8: .real(Double(bitPattern: UInt64(bitPattern: Self.integer(bytes))))
        case .float4: .real(Double(Float(bitPattern: UInt32(truncatingIfNeeded: Self.integer(bytes)))))
        case .text, .varchar, .bpchar, .name, .unknown: .text(String(decoding: bytes, as: UTF8.self))
        case .bytea: .blob([UInt8](bytes))
        case .numeric: PostgresNumeric.value(bytes)
        case nil: nil
        }
    }

    /// Sign-extended from 2, 4 or 8 bytes in network order.
    private static func integer(_ bytes: UnsafeRawBufferPointer) -> Int64 {
        bytes.dropFirst().reduce(Int64(Int8(bitPattern: bytes[0]))) { $0 << 8 | Int64($1) }
    }
}

/// `SUM` of integers is a `numeric` in PostgreSQL and an integer in SQLite.
enum PostgresNumeric {
    private static let negative: UInt16 = 0x4000
    private static let special: UInt16 = 0xc000

    /// Binary form: count of base-10000 digits, weight of the first, sign, digits after the point, then the digits.
    static func value(_ bytes: UnsafeRawBufferPointer) -> SQLValue? {
        let words = stride(from: 0, to: bytes.count - 1, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
        guard words.count >= 4, words[2] < special else { return nil }
        let weight = Int(Int16(bitPattern: words[1]))
        let digits = words[4...]
        let sign: Int64 = words[2] == negative ? -1 : 1
        guard words[3] == 0, weight < 5 else { return .real(Double(sign) * real(digits, weight)) }
        var whole: Int64 = 0
        for place in 0..<max(weight + 1, 0) {
            let digit = place < digits.count ? digits[digits.startIndex + place] : 0
            let (shifted, overflowed) = whole.multipliedReportingOverflow(by: 10_000)
            let (sum, overflowedAgain) = shifted.addingReportingOverflow(sign * Int64(digit))
            guard !overflowed, !overflowedAgain else { return .real(Double(sign) * real(digits, weight)) }
            whole = sum
        }
        return .integer(whole)
    }

    private static func real(_ digits: ArraySlice<UInt16>, _ weight: Int) -> Double {
        var unit = 1.0
        for _ in 0..<abs(weight) { unit *= 10_000 }
        if weight < 0 { unit = 1 / unit }
        return digits.reduce(0.0) { sum, digit in
            defer { unit /= 10_000 }
            return sum + Double(digit) * unit
        }
    }
}
