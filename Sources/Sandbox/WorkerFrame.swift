/// The form of a message between a worker and its owner: four bytes of length, big-endian, then the bytes.
enum WorkerFrame {
    static let headBytes = 4
    /// Larger ones are refused on both sides.
    static let bytesMax = 256 << 20

    static func head(_ count: Int) -> [UInt8] {
        withUnsafeBytes(of: UInt32(count).bigEndian) { Array($0) }
    }

    static func count(_ head: [UInt8]) -> Int {
        head.prefix(headBytes).reduce(0) { $0 << 8 | Int($1) }
    }
}
