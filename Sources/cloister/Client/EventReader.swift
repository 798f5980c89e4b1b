/// Reads server-sent events from pieces of any size (WHATWG HTML, section 9.2.6).
struct EventReader {
    struct Event: Equatable {
        var id = ""
        var name = "message"
        var data = ""
    }

    private var line: [UInt8] = []
    private var current = Event()
    private var hasData = false

    mutating func feed(_ piece: [UInt8]) -> [Event] {
        var found: [Event] = []
        for byte in piece {
            if byte != UInt8(ascii: "\n") {
                line.append(byte)
                continue
            }
            if line.last == UInt8(ascii: "\r") { line.removeLast() }
            if let event = end(of: String(decoding: line, as: UTF8.self)) { found.append(event) }
            line.removeAll(keepingCapacity: true)
        }
        return found
    }

    private mutating func end(of line: String) -> Event? {
        guard !line.isEmpty else { return dispatch() }
        guard let colon = line.firstIndex(of: ":"), colon != line.startIndex else { return nil }
        var value = line[line.index(after: colon)...]
        if value.first == " " { value = value.dropFirst() }
        switch line[..<colon] {
        case "id": current.id = String(value)
        case "event": current.name = String(value)
        case "data":
            current.data += (hasData ? "\n" : "") + value
            hasData = true
        default: break
        }
        return nil
    }

    private mutating func dispatch() -> Event? {
        defer {
            current = Event(id: current.id)
            hasData = false
        }
        return hasData ? current : nil
    }
}
