/// Looks into a ZIP file without unpacking anything (PKWARE APPNOTE 4.3). Every number from the file is checked against
/// the file's length; whatever does not add up gives no names.
enum ZipDirectory {
    private static let entriesMax = 20_000
    private static let nameBytesMax = 1_000

    /// The content of a first, stored member called `mimetype`, as OpenDocument and EPUB demand it.
    static func mimetype(of bytes: [UInt8]) -> String? {
        guard bytes.count > 38, bytes[30..<38].elementsEqual("mimetype".utf8), number(bytes, 26, 2) == 8,
            number(bytes, 8, 2) == 0
        else { return nil }
        let start = 38 + number(bytes, 28, 2)
        let end = start + number(bytes, 18, 4)
        guard end <= bytes.count, end - start <= 200, end > start else { return nil }
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }

    /// Names in the central directory.
    static func names(in bytes: [UInt8]) -> Set<String> {
        var names: Set<String> = []
        guard let end = endRecord(of: bytes) else { return names }
        var offset = number(bytes, end + 16, 4)
        while names.count < entriesMax, offset + 46 <= end, number(bytes, offset, 4) == 0x0201_4b50 {
            let (name, extra, comment) =
                (number(bytes, offset + 28, 2), number(bytes, offset + 30, 2), number(bytes, offset + 32, 2))
            guard offset + 46 + name <= bytes.count else { break }
            names.insert(String(decoding: bytes[offset + 46..<offset + 46 + name], as: UTF8.self))
            offset += 46 + name + extra + comment
        }
        return names
    }

    /// False for a file that was cut off: the directory stands at its end.
    static func isPresent(in bytes: [UInt8]) -> Bool { endRecord(of: bytes) != nil }

    /// Names before the members themselves, for a file without a directory. What a member may hold is passed over, so a
    /// name in a member that is an archive may be taken for one: good enough to say what was cut off.
    static func localNames(in bytes: [UInt8]) -> Set<String> {
        var names: Set<String> = []
        var index = 0
        while names.count < entriesMax, let found = bytes[index...].firstIndex(of: 0x50), found + 30 <= bytes.count {
            index = found + 1
            guard number(bytes, found, 4) == 0x0403_4b50 else { continue }
            let end = found + 30 + number(bytes, found + 26, 2)
            guard end <= bytes.count, end - found <= 30 + nameBytesMax else { continue }
            names.insert(String(decoding: bytes[found + 30..<end], as: UTF8.self))
        }
        return names
    }

    /// How many entries the central directory really has, whatever its end says; at most `limit` are counted.
    static func count(in bytes: [UInt8], upTo limit: Int) -> Int {
        guard let end = endRecord(of: bytes) else { return 0 }
        var (offset, count) = (number(bytes, end + 16, 4), 0)
        while count < limit, offset + 46 <= end, number(bytes, offset, 4) == 0x0201_4b50 {
            offset += 46 + number(bytes, offset + 28, 2) + number(bytes, offset + 30, 2) + number(bytes, offset + 32, 2)
            count += 1
        }
        return count
    }

    /// Searched from the end: a comment of up to 65,535 bytes may follow it.
    private static func endRecord(of bytes: [UInt8]) -> Int? {
        guard bytes.count >= 22 else { return nil }
        var offset = bytes.count - 22
        let lowest = max(0, offset - 65_535)
        while offset >= lowest {
            if bytes[offset] == 0x50, number(bytes, offset, 4) == 0x0605_4b50 { return offset }
            offset -= 1
        }
        return nil
    }

    /// Little-endian; the caller knows that the bytes are there.
    private static func number(_ bytes: [UInt8], _ offset: Int, _ count: Int) -> Int {
        (0..<count).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
    }
}
