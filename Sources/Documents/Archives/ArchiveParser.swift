import CArchive

/// The files in an archive in the order of their paths, each below a heading with its path; or the one file in a
/// compressed one. What is encrypted, damaged or of no kind that is read is left out with a note.
enum ArchiveParser: FormatParser {
    static let version = "archive/1"
    /// Of headers, with folders and what is left out.
    private static let membersMax = 100_000

    static func parse(_ source: SourceFile, into session: inout ParseSession) throws(ParseFailure) {
        guard ZipDirectory.count(in: source.bytes, upTo: membersMax) < membersMax else { throw .tooManyParts }
        var members: [(path: String, bytes: [UInt8])] = []
        do throws(ParseFailure) {
            members = try readMembers(of: source, for: &session)
        } catch  where error == .damaged && source.format.isCompressedFile {
            return try parseSingle(source, into: &session)
        }
        if session.title == nil, !source.name.isEmpty { session.title = source.name }
        for index in members.indices.sorted(by: { isBefore(members[$0].path, members[$1].path, $0, $1) })
        where !session.writer.isFull {
            let member = members[index]
            // The memory is free again when it is read.
            members[index].bytes = []
            try session.embed(member.bytes, name: member.path)
        }
    }

    /// In the file's order. Throws where there is none and the reason is not that they are of no use.
    private static func readMembers(
        of source: SourceFile, for session: inout ParseSession
    ) throws(ParseFailure) -> [(path: String, bytes: [UInt8])] {
        var reader = try ArchiveReader(source.bytes)
        var members: [(path: String, bytes: [UInt8])] = []
        var reason: ParseFailure?
        do throws(ParseFailure) {
            reason = try collect(from: &reader, into: &members, for: &session)
        } catch {
            guard error.isAboutThePart, !members.isEmpty else { throw error }
            session.note(.repaired)
        }
        if let reason {
            guard !members.isEmpty else { throw reason }
            session.note(.partUnreadable)
        }
        return members
    }

    /// Returns why a member was left out that should have been read.
    private static func collect(
        from reader: inout ArchiveReader, into members: inout [(path: String, bytes: [UInt8])],
        for session: inout ParseSession
    ) throws(ParseFailure) -> ParseFailure? {
        var reason: ParseFailure?
        var count = 0
        while let member = try reader.next() {
            count += 1
            guard count <= membersMax, members.count < session.limits.partsMax else { throw .tooManyParts }
            let isWanted = member.isFile && isShown(member.path)
            if !isWanted || member.isEncrypted {
                if isWanted { reason = .encrypted }
                try reader.pass(for: &session)
            } else if let bytes = try read(&reader, for: &session) {
                if !bytes.isEmpty { members.append((member.path, bytes)) }
            } else {
                reason = .damaged
            }
        }
        return reason
    }

    /// Nil when the member is damaged.
    private static func read(
        _ reader: inout ArchiveReader, for session: inout ParseSession
    ) throws(ParseFailure) -> [UInt8]? {
        do throws(ParseFailure) {
            return try reader.read(for: &session)
        } catch {
            guard error.isAboutThePart else { throw error }
            return nil
        }
    }

    private static func parseSingle(_ source: SourceFile, into session: inout ParseSession) throws(ParseFailure) {
        var reader = try ArchiveReader(source.bytes, isRaw: true)
        guard try reader.next() != nil else { throw .empty }
        let bytes = try reader.read(for: &session)
        guard !bytes.isEmpty else { throw .empty }
        try session.embed(bytes, name: innerName(source.name))
    }

    /// `log.txt` of `log.txt.gz`.
    private static func innerName(_ name: String) -> String {
        for ending in [".gz", ".bz2", ".xz"] where name.lowercased().hasSuffix(ending) {
            return String(name.dropLast(ending.count))
        }
        return name
    }

    /// Hidden files and what systems add of their own are nobody's documents.
    private static func isShown(_ path: String) -> Bool {
        let parts = path.split(separator: "/").filter { $0 != "." && $0 != ".." }
        let isHidden = parts.contains { $0.hasPrefix(".") || $0 == "__MACOSX" }
        return !isHidden && !["Thumbs.db", "desktop.ini"].contains(parts.last ?? "")
    }

    private static func isBefore(_ first: String, _ second: String, _ index: Int, _ other: Int) -> Bool {
        first == second ? index < other : first.utf8.lexicographicallyPrecedes(second.utf8)
    }
}

extension DocumentFormat {
    fileprivate var isCompressedFile: Bool { self == .gzip || self == .bzip2 || self == .xz }
}

extension ArchiveReader {
    /// Goes over the member that `next` gave. Only a ZIP file can jump over it; elsewhere it has to be unpacked, and
    /// that is accounted, or a member that nobody wants could take hours.
    mutating func pass(for session: inout ParseSession) throws(ParseFailure) {
        guard !isZip else { return }
        while let count = try readBlock() { try session.expand(count) }
    }
}
