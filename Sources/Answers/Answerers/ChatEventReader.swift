import Kit

/// Reads the text out of the events of a chat completion stream as its bytes arrive, cut wherever they are cut.
///
/// Only `choices[0].delta.content` is read. Unknown members, events and comments are dropped (ATT-14), and so is an
/// event that is no JSON.
struct ChatEventReader {
    private static let lineBytesMax = 1 << 20

    private var line: [UInt8] = []
    /// The model said that it is done.
    private(set) var isDone = false

    mutating func take(_ bytes: [UInt8]) throws(ChatModelFailure) -> [String] {
        var found: [String] = []
        for byte in bytes {
            guard byte == UInt8(ascii: "\n") else {
                guard line.count < Self.lineBytesMax else { throw .lineTooLong }
                line.append(byte)
                continue
            }
            if let text = text(of: line) { found.append(text) }
            line.removeAll(keepingCapacity: true)
        }
        return found
    }

    private mutating func text(of line: [UInt8]) -> String? {
        var line = line[...]
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        guard !isDone, line.starts(with: "data:".utf8) else { return nil }
        let data = line.dropFirst(5).drop { $0 == 0x20 }
        if data.elementsEqual("[DONE]".utf8) {
            isDone = true
            return nil
        }
        guard case .object(let event)? = try? JSONParser.parse(Array(data)),
            case .array(let choices)? = event["choices"], case .object(let choice)? = choices.first
        else { return nil }
        // A server that says why it stopped has finished, whether or not it says [DONE].
        if case .string? = choice["finish_reason"] { isDone = true }
        guard case .object(let delta)? = choice["delta"], case .string(let text)? = delta["content"] else { return nil }
        return text
    }
}
