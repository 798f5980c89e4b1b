import CArchive

/// Archives for tests, by libarchive: what a real packer would write.
struct ArchiveWriter {
    enum Form { case zip, tar, raw }
    enum Filter { case none, gzip, bzip2, xz }

    struct Member {
        var path: String
        var bytes: [UInt8] = []
        /// A symbolic link to this path.
        var link: String?
        var isFolder = false
    }

    static func write(_ members: [Member], as form: Form, filter: Filter = .none, password: String? = nil) -> [UInt8] {
        let archive = archive_write_new()
        defer { archive_write_free(archive) }
        switch form {
        case .zip: archive_write_set_format_zip(archive)
        case .tar: archive_write_set_format_ustar(archive)
        case .raw: archive_write_set_format_raw(archive)
        }
        switch filter {
        case .none: archive_write_add_filter_none(archive)
        case .gzip: archive_write_add_filter_gzip(archive)
        case .bzip2: archive_write_add_filter_bzip2(archive)
        case .xz: archive_write_add_filter_xz(archive)
        }
        if let password {
            archive_write_set_options(archive, "zip:encryption=traditional")
            archive_write_set_passphrase(archive, password)
        }
        var output = [UInt8](repeating: 0, count: members.reduce(1 << 16) { $0 + $1.bytes.count * 2 + 2048 })
        var used = 0
        output.withUnsafeMutableBytes { memory in
            archive_write_open_memory(archive, memory.baseAddress, memory.count, &used)
            for member in members { add(member, to: archive) }
            archive_write_close(archive)
        }
        return Array(output.prefix(used))
    }

    static func file(_ path: String, _ text: String) -> Member { Member(path: path, bytes: Array(text.utf8)) }

    private static func add(_ member: Member, to archive: OpaquePointer?) {
        let entry = archive_entry_new()
        defer { archive_entry_free(entry) }
        archive_entry_set_pathname(entry, member.path)
        archive_entry_set_size(entry, Int64(member.bytes.count))
        archive_entry_set_filetype(entry, member.link != nil ? 0o120000 : member.isFolder ? 0o040000 : 0o100000)
        archive_entry_set_perm(entry, 0o644)
        if let link = member.link { archive_entry_set_symlink(entry, link) }
        archive_write_header(archive, entry)
        member.bytes.withUnsafeBytes { _ = archive_write_data(archive, $0.baseAddress, $0.count) }
    }
}
