import Kit
import Outbound

/// A folder, as the server writes it and as people read it.
struct MailFolder: Equatable, Sendable {
    let name: ExactText
    let path: String
}

/// A folder that is open: how many messages it has, and until when their numbers hold.
struct OpenedFolder: Equatable, Sendable {
    let count: Int
    let validity: UInt32
    /// The number that the next message will have, where the server says it.
    let next: UInt32?
}

/// What a listing says of a message.
struct MailRow: Equatable, Sendable {
    let number: UInt32
    let size: Int?
    let received: Timestamp?
}

extension IMAPSession {
    private static let foldersMax = 10_000
    /// Identifiers in one command.
    private static let numbersMax = 200

    /// All folders that can be opened and are wanted, by name, and names that cannot be used.
    func folders(_ selection: PathSelection) async throws -> (wanted: [MailFolder], unusable: [String]) {
        let outcome = try await run("LIST \"\" \"*\"", responsesMax: Self.foldersMax)
        guard outcome.status == .ok else { throw Self.refused(outcome) }
        var byName: [ExactText: MailFolder] = [:]
        var unusable: [String] = []
        for pieces in outcome.data {
            let values = try scanned(pieces, "LIST")
            guard values.count == 4, case .list(let flags) = values[1], let bytes = values[3].bytes else { continue }
            guard !flags.contains(where: Self.isClosed) else { continue }
            guard let name = ExactText(bytes: bytes), Self.quoted(name) != nil, !bytes.isEmpty,
                bytes.count <= MailboxName.bytesMax
            else {
                unusable.append(String(decoding: bytes, as: UTF8.self))
                continue
            }
            let path = Self.path(of: name, delimiter: values[2].bytes)
            if selection.wants(path) { byName[name] = MailFolder(name: name, path: path) }
        }
        guard byName.count + unusable.count <= Self.foldersMax else {
            throw SourceFailure.limit(.entriesInFolder(Self.foldersMax))
        }
        return (byName.values.sorted { $0.name < $1.name }, unusable)
    }

    private static func isClosed(_ flag: IMAPValue) -> Bool {
        guard case .atom(let flag) = flag else { return false }
        return ["\\noselect", "\\nonexistent"].contains(flag.lowercased())
    }

    private static func path(of name: ExactText, delimiter: [UInt8]?) -> String {
        guard let delimiter, delimiter.count == 1 else { return MailboxName.shown(name) }
        return name.text.utf8.split(separator: delimiter[0], omittingEmptySubsequences: true)
            .map { MailboxName.shown(ExactText(String(decoding: $0, as: UTF8.self))) }.joined(separator: "/")
    }

    /// Opens a folder without changing anything in it. Nil when it is gone or closed to us.
    func examine(_ folder: ExactText) async throws -> OpenedFolder? {
        guard let name = Self.quoted(folder) else { return nil }
        let outcome = try await run("EXAMINE \(name)")
        guard outcome.status == .ok else {
            if outcome.status == .bad || Self.passingCodes.contains(outcome.code) { throw Self.refused(outcome) }
            return nil
        }
        var count: UInt32?
        for pieces in outcome.data {
            guard case .text(let line) = pieces.first, pieces.count == 1 else { continue }
            let words = line.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
            if words.count == 2, words[1].uppercased() == "EXISTS" { count = UInt32(words[0]) }
        }
        guard let count, let validity = Self.number("UIDVALIDITY", in: outcome.codes) else { throw Self.malformed }
        return OpenedFolder(count: Int(count), validity: validity, next: Self.number("UIDNEXT", in: outcome.codes))
    }

    private static func number(_ name: String, in codes: [String]) -> UInt32? {
        codes.lazy.compactMap { code -> UInt32? in
            let words = code.split(separator: " ")
            return words.count == 2 && words[0].uppercased() == name ? UInt32(words[1]) : nil
        }.first
    }

    /// Messages by their places in the folder, counted from 1, in the order of their numbers.
    func rows(_ places: ClosedRange<Int>) async throws -> [MailRow] {
        let command = "FETCH \(places.lowerBound):\(places.upperBound) (UID RFC822.SIZE INTERNALDATE)"
        var rows: [UInt32: MailRow] = [:]
        for attributes in try await fetch(command, count: places.count) {
            guard let number = attributes["UID"]?.number, number > 0 else { continue }
            rows[number] = MailRow(
                number: number, size: attributes["RFC822.SIZE"]?.number.map(Int.init),
                received: attributes["INTERNALDATE"]?.bytes.flatMap(IMAPDate.read))
        }
        guard rows.count <= places.count else { throw Self.malformed }
        return rows.values.sorted { $0.number < $1.number }
    }

    /// The number of the message at a place.
    func number(at place: Int) async throws -> UInt32 {
        for attributes in try await fetch("FETCH \(place) (UID)", count: 1) {
            if let number = attributes["UID"]?.number { return number }
        }
        throw Self.malformed
    }

    func subjects(of numbers: [UInt32]) async throws -> [UInt32: String] {
        var subjects: [UInt32: String] = [:]
        var rest = numbers[...]
        while !rest.isEmpty {
            let some = rest.prefix(Self.numbersMax)
            rest = rest.dropFirst(Self.numbersMax)
            let set = some.map(String.init).joined(separator: ",")
            let command = "UID FETCH \(set) (UID BODY.PEEK[HEADER.FIELDS (SUBJECT)]<0.\(MailSubject.bytesMax)>)"
            for attributes in try await fetch(command, count: some.count) {
                guard let number = attributes["UID"]?.number else { continue }
                let header = attributes.first { $0.key.hasPrefix("BODY[HEADER.FIELDS") }?.value.bytes
                subjects[number] = header.flatMap(MailSubject.read)
            }
        }
        return subjects
    }

    /// The whole message, not marked as read. Nil when it is not there any more.
    func body(of number: UInt32, bytesMax: Int) async throws -> [UInt8]? {
        do {
            let command = "UID FETCH \(number) (UID BODY.PEEK[])"
            for attributes in try await fetch(command, count: 1, literalMax: bytesMax)
            where attributes["UID"]?.number == number {
                guard let value = attributes["BODY[]"] else { continue }
                guard let bytes = value.bytes else { return nil }
                guard bytes.count <= bytesMax else { throw IMAPLiteralTooLong() }
                return bytes
            }
            return nil
        } catch is IMAPLiteralTooLong {
            throw SourceFailure.poison(.tooLarge(bytesMax: bytesMax))
        }
    }

    /// Attributes by their names in capitals, one set for each response. What comes unasked has other names.
    private func fetch(
        _ command: String, count: Int, literalMax: Int = lineBytesMax
    ) async throws -> [[String: IMAPValue]] {
        let outcome = try await run(command, literalMax: literalMax, responsesMax: count)
        guard outcome.status == .ok else { throw Self.refused(outcome) }
        var found: [[String: IMAPValue]] = []
        for pieces in outcome.data {
            let values = try scanned(pieces, "FETCH", at: 1)
            guard values.count == 3, values[0].number != nil, case .list(let list) = values[2] else { continue }
            var attributes: [String: IMAPValue] = [:]
            for index in stride(from: 0, to: list.count - 1, by: 2) {
                guard case .atom(let name) = list[index] else { throw Self.malformed }
                attributes[name.uppercased()] = list[index + 1]
            }
            found.append(attributes)
        }
        return found
    }

    /// The values of a response of that kind; none of another.
    private func scanned(_ pieces: [IMAPPiece], _ kind: String, at place: Int = 0) throws -> [IMAPValue] {
        guard case .text(let line) = pieces.first else { return [] }
        let words = line.split(separator: UInt8(ascii: " "), maxSplits: place + 1)
        guard words.count > place, String(decoding: words[place].prefix(16), as: UTF8.self).uppercased() == kind else {
            return []
        }
        var scanner = IMAPScanner(pieces)
        return try scanner.all()
    }

    /// Codes of RFC 5530 that say that it may work later.
    private static let passingCodes: Set<String> = ["UNAVAILABLE", "INUSE", "SERVERBUG", "LIMIT", "CONTACTADMIN"]

    private static func refused(_ outcome: Outcome) -> SourceFailure {
        outcome.status == .bad ? malformed : busy
    }
}

/// `17-Jul-1996 02:44:25 -0700` (RFC 3501 section 9, `date-time`); the day may begin with a space.
enum IMAPDate {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    static func read(_ bytes: [UInt8]) -> Timestamp? {
        let words = String(decoding: bytes.prefix(40), as: UTF8.self).split(separator: " ")
        guard words.count == 3 else { return nil }
        let date = words[0].split(separator: "-")
        guard date.count == 3, let month = months.firstIndex(of: date[1].capitalized(as: 3)),
            let offset = offset(words[2])
        else { return nil }
        let day = date[0].utf8.count == 1 ? "0\(date[0])" : "\(date[0])"
        let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        return SourceDate.stamp("\(date[2])-\(number)-\(day)T\(words[1])Z").map { $0 - offset }
    }

    private static func offset(_ zone: Substring) -> Duration? {
        guard zone.utf8.count == 5, let sign = zone.first, "+-".contains(sign), let value = Int(zone.dropFirst()),
            value >= 0
        else { return nil }
        let minutes = value / 100 * 60 + value % 100
        return .seconds(60 * (sign == "-" ? -minutes : minutes))
    }
}

extension Substring {
    /// `Jul` of `JUL`.
    fileprivate func capitalized(as length: Int) -> String {
        utf8.count == length ? prefix(1).uppercased() + dropFirst().lowercased() : ""
    }
}
