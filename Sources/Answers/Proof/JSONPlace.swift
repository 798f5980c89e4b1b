/// Which value of a JSON text a byte belongs to. The text is read as it comes, without being checked.
struct JSONPlace: Equatable {
    /// Keys and positions from the outside in: `passages`, `0`, `text`.
    var path: [String] = []
    /// In a string value: how many bytes of the string itself come before.
    var byteInText: Int?

    private struct Level {
        let isObject: Bool
        var key = ""
        var index = 0
        var awaitsKey: Bool

        var name: String { isObject ? key : String(index) }
    }

    init(at offset: Int, in json: [UInt8]) {
        var levels: [Level] = []
        var position = 0
        while position < json.count {
            let byte = json[position]
            let end = byte == UInt8(ascii: "\"") ? Self.endOfString(from: position, in: json) : position + 1
            if byte == UInt8(ascii: "\""), levels.last?.awaitsKey == true {
                let words = json[position + 1..<max(position + 1, end - 1)]
                levels[levels.count - 1].key = String(decoding: words, as: UTF8.self)
            }
            if offset < end {
                path = levels.map(\.name)
                let isText = byte == UInt8(ascii: "\"") && levels.last?.awaitsKey == false
                byteInText = isText ? Self.bytesBefore(offset, from: position + 1, in: json) : nil
                return
            }
            Self.step(byte, &levels)
            position = end
        }
    }

    private static func step(_ byte: UInt8, _ levels: inout [Level]) {
        switch byte {
        case UInt8(ascii: "{"): levels.append(Level(isObject: true, awaitsKey: true))
        case UInt8(ascii: "["): levels.append(Level(isObject: false, awaitsKey: false))
        case UInt8(ascii: "}"), UInt8(ascii: "]"): _ = levels.popLast()
        case UInt8(ascii: ":") where !levels.isEmpty: levels[levels.count - 1].awaitsKey = false
        case UInt8(ascii: ",") where !levels.isEmpty:
            levels[levels.count - 1].index += 1
            levels[levels.count - 1].awaitsKey = levels[levels.count - 1].isObject
        default: break
        }
    }

    /// Behind the closing quotation mark.
    private static func endOfString(from start: Int, in json: [UInt8]) -> Int {
        var position = start + 1
        while position < json.count, json[position] != UInt8(ascii: "\"") {
            position += json[position] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(position + 1, json.count)
    }

    /// Escapes count as what they stand for; the encoder writes only control characters by their number.
    private static func bytesBefore(_ offset: Int, from start: Int, in json: [UInt8]) -> Int {
        var (position, count) = (start, 0)
        while position < offset {
            let isEscape = json[position] == UInt8(ascii: "\\")
            let isNumber = isEscape && position + 1 < json.count && json[position + 1] == UInt8(ascii: "u")
            position += isNumber ? 6 : isEscape ? 2 : 1
            if position <= offset { count += 1 }
        }
        return count
    }
}
