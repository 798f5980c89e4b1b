/// The parameters of one statement in PostgreSQL's binary form, all in one piece of memory.
struct PostgresParameters {
    /// What the server needs to know of a type: its object identifier (`pg_type.dat`, fixed for ever).
    enum TypeID: UInt32 {
        case unknown = 0
        case bool = 16
        case bytea = 17
        case name = 19
        case int8 = 20
        case int2 = 21
        case int4 = 23
        case text = 25
        case oid = 26
        case float4 = 700
        case float8 = 701
        case bpchar = 1042
        case varchar = 1043
        case numeric = 1700
    }

    private(set) var types: [UInt32] = []
    private var bytes: [UInt8] = []
    /// Where each value starts; nil for NULL.
    private var offsets: [Int?] = []
    private var lengths: [Int32] = []

    init(_ values: [SQLValue]) throws(StorageFailure) {
        for value in values {
            try value.requireStorable()
            append(value)
        }
        // An empty value needs an address too.
        bytes.append(0)
    }

    var count: Int { types.count }

    private mutating func append(_ value: SQLValue) {
        let start = bytes.count
        let type: TypeID
        switch value {
        case .null: type = .unknown
        case .integer(let number):
            type = .int8
            append(bigEndian: UInt64(bitPattern: number))
        case .real(let number):
            type = .float8
            append(bigEndian: number.bitPattern)
        case .text(let text):
            type = .text
            bytes.append(contentsOf: text.utf8)
        case .blob(let blob):
            type = .bytea
            bytes.append(contentsOf: blob)
        }
        types.append(type.rawValue)
        offsets.append(value == .null ? nil : start)
        lengths.append(Int32(bytes.count - start))
    }

    private mutating func append(bigEndian number: UInt64) {
        withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    }

    /// Calls `body` with libpq's three parallel arrays: addresses, lengths in bytes, formats (1 is binary).
    func withArrays<Value>(
        _ body: ([UnsafePointer<CChar>?], [Int32], [Int32]) -> Value
    ) -> Value {
        bytes.withUnsafeBytes { memory in
            let base = memory.baseAddress?.assumingMemoryBound(to: CChar.self)
            let addresses = offsets.map { offset in offset.flatMap { base?.advanced(by: $0) } }
            return body(addresses, lengths, [Int32](repeating: 1, count: count))
        }
    }
}
