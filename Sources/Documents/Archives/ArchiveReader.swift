import CArchive

/// Members of a ZIP or TAR file, or the one member of a compressed file, in the file's order, by libarchive. Nothing is
/// written anywhere; unpacked bytes are accounted to the session before they are kept.
struct ArchiveReader: ~Copyable {
    struct Member: Equatable {
        /// As the archive has it, `/` between folders; untrusted, for show only.
        let path: String
        let isFile: Bool
        let isEncrypted: Bool

        var name: String { path.split(separator: "/").last.map(String.init) ?? path }
    }

    private let archive: OpaquePointer
    /// libarchive reads from it until `deinit`.
    private let memory: UnsafeMutableRawBufferPointer

    /// `isRaw`: a single compressed file that is no archive.
    init(_ bytes: [UInt8], isRaw: Bool = false) throws(ParseFailure) {
        guard let archive = archive_read_new() else { throw .outOfMemory }
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 16)
        memory.copyBytes(from: bytes)
        archive_read_support_filter_gzip(archive)
        archive_read_support_filter_bzip2(archive)
        archive_read_support_filter_xz(archive)
        if isRaw {
            archive_read_support_format_raw(archive)
        } else {
            archive_read_support_format_zip(archive)
            archive_read_support_format_tar(archive)
        }
        guard archive_read_open_memory(archive, memory.baseAddress, memory.count) == ARCHIVE_OK else {
            archive_read_free(archive)
            memory.deallocate()
            throw .damaged
        }
        self.archive = archive
        self.memory = memory
    }

    deinit {
        archive_read_free(archive)
        memory.deallocate()
    }

    /// Nil at the end; a warning about one member does not end the rest.
    mutating func next() throws(ParseFailure) -> Member? {
        var entry: OpaquePointer?
        switch archive_read_next_header(archive, &entry) {
        case ARCHIVE_EOF: return nil
        case ARCHIVE_OK, ARCHIVE_WARN: break
        default: throw archive_read_has_encrypted_entries(archive) > 0 ? .encrypted : .damaged
        }
        let path = archive_entry_pathname_utf8(entry) ?? archive_entry_pathname(entry)
        let kind = archive_entry_filetype(entry) & 0o170000
        return Member(
            path: path.map { String(cString: $0) } ?? "", isFile: kind == 0o100000 || kind == 0,
            isEncrypted: archive_entry_is_encrypted(entry) != 0)
    }

    var isZip: Bool { archive_format(archive) & ARCHIVE_FORMAT_BASE_MASK == ARCHIVE_FORMAT_ZIP }

    /// Unpacks a piece of the member and forgets it; how long it was, nil at the end.
    mutating func readBlock() throws(ParseFailure) -> Int? {
        var block: UnsafeRawPointer?
        var (count, offset) = (0, Int64(0))
        switch archive_read_data_block(archive, &block, &count, &offset) {
        case ARCHIVE_OK, ARCHIVE_WARN: return count
        case ARCHIVE_EOF: return nil
        default: throw .damaged
        }
    }

    /// The bytes of the member that `next` gave.
    mutating func read(for session: inout ParseSession) throws(ParseFailure) -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            let room = 1 << 16
            let start = bytes.count
            bytes.append(contentsOf: repeatElement(0, count: room))
            let count = bytes.withUnsafeMutableBytes {
                archive_read_data(archive, $0.baseAddress! + start, room)
            }
            guard count >= 0 else { throw archive_read_has_encrypted_entries(archive) > 0 ? .encrypted : .damaged }
            bytes.removeLast(room - count)
            guard count > 0 else { return bytes }
            try session.expand(count)
        }
    }
}

/// The members of an Office, OpenDocument or EPUB package that a parser asked for.
enum ZipPackage {
    private static let membersMax = 20_000

    /// By path. Members that were not asked for are not unpacked. A package without its directory was cut off, and what
    /// is still there would pass for the whole.
    static func members(
        of bytes: [UInt8], for session: inout ParseSession, where isWanted: (String) -> Bool
    ) throws(ParseFailure) -> [String: [UInt8]] {
        guard ZipDirectory.isPresent(in: bytes) else { throw .damaged }
        var reader = try ArchiveReader(bytes)
        var found: [String: [UInt8]] = [:]
        var count = 0
        while let member = try reader.next() {
            count += 1
            guard count <= membersMax else { throw .tooManyParts }
            guard member.isFile, isWanted(member.path), found[member.path] == nil else { continue }
            guard !member.isEncrypted else { throw .encrypted }
            found[member.path] = try reader.read(for: &session)
        }
        return found
    }
}
