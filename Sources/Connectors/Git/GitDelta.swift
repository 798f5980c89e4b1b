/// An object as a list of what to copy from another one and what to insert (gitformat-pack, "Deltified
/// representation").
struct GitDelta {
    let baseSize: Int
    let resultSize: Int
    private let bytes: [UInt8]
    private let start: Int

    init(_ bytes: [UInt8]) throws(GitFault) {
        var at = 0
        baseSize = try Self.size(bytes, &at)
        resultSize = try Self.size(bytes, &at)
        self.bytes = bytes
        start = at
    }

    /// Never makes more than `resultSize` bytes: check it first.
    func apply(to base: [UInt8]) throws(GitFault) -> [UInt8] {
        guard base.count == baseSize else { throw .badDelta }
        var result: [UInt8] = []
        result.reserveCapacity(resultSize)
        var at = start
        while at < bytes.count {
            let code = bytes[at]
            at += 1
            let piece: ArraySlice<UInt8>
            if code & 0x80 != 0 {
                let offset = try number(code, 4, &at)
                let count = try number(code >> 4 & 7, 3, &at)
                let length = count == 0 ? 0x10000 : count
                guard offset <= base.count, length <= base.count - offset else { throw .badDelta }
                piece = base[offset..<offset + length]
            } else {
                // Zero is reserved.
                guard code > 0, Int(code) <= bytes.count - at else { throw .badDelta }
                piece = bytes[at..<at + Int(code)]
                at += Int(code)
            }
            guard piece.count <= resultSize - result.count else { throw .badDelta }
            result += piece
        }
        guard result.count == resultSize else { throw .badDelta }
        return result
    }

    /// The bytes of a number that the bits of `mask` say are there, the lowest first.
    private func number(_ mask: UInt8, _ count: Int, _ at: inout Int) throws(GitFault) -> Int {
        var number = 0
        for index in 0..<count where mask & 1 << index != 0 {
            guard at < bytes.count else { throw .badDelta }
            number |= Int(bytes[at]) << (8 * index)
            at += 1
        }
        return number
    }

    /// Seven bits a byte, the lowest first.
    private static func size(_ bytes: [UInt8], _ at: inout Int) throws(GitFault) -> Int {
        var size = 0
        for shift in stride(from: 0, to: 56, by: 7) {
            guard at < bytes.count else { throw .badDelta }
            let byte = bytes[at]
            at += 1
            size |= Int(byte & 0x7f) << shift
            if byte & 0x80 == 0 { return size }
        }
        throw .badDelta
    }
}
