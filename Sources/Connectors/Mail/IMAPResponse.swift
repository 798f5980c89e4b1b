/// One response of a server in pieces: text without line end, and the literals in it (RFC 3501 section 4.3).
enum IMAPPiece: Equatable, Sendable {
    case text([UInt8])
    case literal([UInt8])
}

/// What stands in a response (section 4).
enum IMAPValue: Equatable, Sendable {
    /// As it was written: `UID`, `\Noselect`, `BODY[]<0>`, numbers.
    case atom(String)
    /// Quoted or a literal.
    case text([UInt8])
    case absent
    case list([IMAPValue])

    var number: UInt32? {
        guard case .atom(let text) = self, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return UInt32(text)
    }

    /// Of an atom or a text.
    var bytes: [UInt8]? {
        switch self {
        case .atom(let text): Array(text.utf8)
        case .text(let bytes): bytes
        case .absent, .list: nil
        }
    }
}

/// Reads values out of the pieces of one response, from left to right.
struct IMAPScanner {
    struct Malformed: Error {}

    private static let depthMax = 16
    private static let valuesMax = 10_000

    private let pieces: [IMAPPiece]
    private var piece = 0
    private var at = 0
    private var values = 0

    init(_ pieces: [IMAPPiece]) { self.pieces = pieces }

    private var text: [UInt8] {
        guard pieces.indices.contains(piece), case .text(let bytes) = pieces[piece] else { return [] }
        return bytes
    }

    private var next: UInt8? { at < text.count ? text[at] : nil }

    /// All values to the end of the response.
    mutating func all() throws(Malformed) -> [IMAPValue] {
        var found: [IMAPValue] = []
        while let value = try value(depth: 0) { found.append(value) }
        guard piece >= pieces.count - 1, next == nil else { throw Malformed() }
        return found
    }

    /// Nil at the end, and before a closing parenthesis.
    private mutating func value(depth: Int) throws(Malformed) -> IMAPValue? {
        while next == UInt8(ascii: " ") { at += 1 }
        guard let byte = next, byte != UInt8(ascii: ")") else { return nil }
        values += 1
        guard values <= Self.valuesMax else { throw Malformed() }
        switch byte {
        case UInt8(ascii: "("): return try list(depth: depth)
        case UInt8(ascii: "\""): return .text(try quoted())
        case UInt8(ascii: "{"): return .text(try literal())
        default:
            let atom = try atom()
            return atom.uppercased() == "NIL" ? .absent : .atom(atom)
        }
    }

    private mutating func list(depth: Int) throws(Malformed) -> IMAPValue {
        guard depth < Self.depthMax else { throw Malformed() }
        at += 1
        var found: [IMAPValue] = []
        while let value = try value(depth: depth + 1) { found.append(value) }
        guard next == UInt8(ascii: ")") else { throw Malformed() }
        at += 1
        return .list(found)
    }

    private mutating func quoted() throws(Malformed) -> [UInt8] {
        var bytes: [UInt8] = []
        at += 1
        while let byte = next {
            at += 1
            switch byte {
            case UInt8(ascii: "\""): return bytes
            case UInt8(ascii: "\\"):
                guard let escaped = next else { throw Malformed() }
                bytes.append(escaped)
                at += 1
            default: bytes.append(byte)
            }
        }
        throw Malformed()
    }

    /// The announcement ends its piece, and the literal is the next one.
    private mutating func literal() throws(Malformed) -> [UInt8] {
        guard text[at...].last == UInt8(ascii: "}"), pieces.indices.contains(piece + 1),
            case .literal(let bytes) = pieces[piece + 1]
        else { throw Malformed() }
        (piece, at) = (piece + 2, 0)
        return bytes
    }

    /// Brackets belong to it with all that is in them: `BODY[HEADER.FIELDS (SUBJECT)]<0>`.
    private mutating func atom() throws(Malformed) -> String {
        let from = at
        var isInBrackets = false
        while let byte = next, isInBrackets || !" ()\"{".utf8.contains(byte) {
            if byte == UInt8(ascii: "[") { isInBrackets = true }
            if byte == UInt8(ascii: "]") { isInBrackets = false }
            at += 1
        }
        guard !isInBrackets, at > from, let atom = String(validating: text[from..<at], as: UTF8.self) else {
            throw Malformed()
        }
        return atom
    }
}

/// A response by its kind (section 7).
enum IMAPResponse: Equatable, Sendable {
    /// `+`: go on.
    case goOn
    case tagged(String, IMAPStatus, code: String)
    /// `* OK`, `* NO`, `* BAD`, `* PREAUTH`, `* BYE`.
    case status(IMAPStatus, code: String)
    /// Everything else behind `*`.
    case data([IMAPPiece])

    /// Nil for what is none of these.
    init?(_ pieces: [IMAPPiece]) {
        guard case .text(let line) = pieces.first else { return nil }
        if line.first == UInt8(ascii: "+") {
            self = .goOn
            return
        }
        let words = line.split(separator: UInt8(ascii: " "), maxSplits: 2, omittingEmptySubsequences: false)
        guard words.count >= 2, let tag = String(validating: words[0], as: UTF8.self), !tag.isEmpty else { return nil }
        let status = IMAPStatus(rawValue: String(decoding: words[1].prefix(8), as: UTF8.self).uppercased())
        let code = words.count > 2 ? Self.code(words[2]) : ""
        switch (tag, status) {
        case ("*", let status?): self = .status(status, code: code)
        case ("*", nil):
            self = .data([.text(Array(line.dropFirst(2)))] + pieces.dropFirst())
        case (_, let status?) where status != .preauth && status != .bye: self = .tagged(tag, status, code: code)
        default: return nil
        }
    }

    /// `UIDVALIDITY 5` of `[UIDVALIDITY 5] UIDs are valid`; empty when there is none.
    private static func code(_ text: ArraySlice<UInt8>) -> String {
        guard text.first == UInt8(ascii: "["), let end = text.firstIndex(of: UInt8(ascii: "]")) else { return "" }
        return String(decoding: text[(text.startIndex + 1)..<end], as: UTF8.self)
    }
}

enum IMAPStatus: String, Sendable {
    case ok = "OK"
    case no = "NO"
    case bad = "BAD"
    case preauth = "PREAUTH"
    case bye = "BYE"
}
