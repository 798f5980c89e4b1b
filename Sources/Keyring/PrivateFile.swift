#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Small files of keys that nobody but the owner can reach.
enum PrivateFile {
    static let bytesMax = 1 << 12

    /// Throws `permissions` when group or others have any access to the open file.
    static func requirePrivate(_ file: Int32, path: String) throws(KeyringFailure) {
        var status = stat()
        guard fstat(file, &status) == 0 else { throw .io(path: path, code: errno) }
        guard status.st_mode & 0o077 == 0 else {
            throw .permissions(path: path, mode: UInt32(status.st_mode & 0o777))
        }
    }

    /// Creates `path` with mode 0600 unless it exists. An empty file is an empty SQLite database; made here, it is
    /// never readable by others, not even for a moment.
    static func createEmpty(at path: String) throws(KeyringFailure) {
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .io(path: path, code: errno) }
        defer { close(file) }
        try requirePrivate(file, path: path)
    }

    /// Writes a file that must not exist yet, synced. The folder is not.
    static func create(at path: String, _ bytes: [UInt8]) throws(KeyringFailure) {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .io(path: path, code: errno) }
        defer { close(file) }
        guard write(file, bytes, bytes.count) == bytes.count, fsync(file) == 0 else {
            throw .io(path: path, code: errno)
        }
    }

    /// Puts `bytes` in the place of whatever is at `path`: a reader sees all of the old or all of the new. The caller
    /// syncs the folder.
    static func replace(_ path: String, with bytes: [UInt8]) throws(KeyringFailure) {
        let draft = path + ".new"
        // What a crash left of an earlier try was never used.
        unlink(draft)
        try create(at: draft, bytes)
        guard rename(draft, path) == 0 else { throw .io(path: path, code: errno) }
    }

    /// At most `bytesMax` bytes; nil when there is no such file. Throws `permissions`, `io`.
    static func contents(of path: String) throws(KeyringFailure) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 || errno != ENOENT else { return nil }
        guard file >= 0 else { throw .io(path: path, code: errno) }
        defer { close(file) }
        try requirePrivate(file, path: path)
        var bytes = [UInt8](repeating: 0, count: bytesMax)
        let count = read(file, &bytes, bytes.count)
        guard count >= 0 else { throw .io(path: path, code: errno) }
        return Array(bytes.prefix(count))
    }

    /// Overwrites the file with zeros before it removes it: unlinked, its block would keep the bytes.
    static func erase(_ path: String) throws(KeyringFailure) {
        let file = open(path, O_WRONLY | O_CLOEXEC)
        guard file >= 0 else {
            // Another node was faster.
            guard errno == ENOENT else { throw .io(path: path, code: errno) }
            return
        }
        defer { close(file) }
        try overwrite(file, path: path)
        guard unlink(path) == 0 || errno == ENOENT else { throw .io(path: path, code: errno) }
    }

    /// Zeros over every byte of the open file, synced.
    static func overwrite(_ file: Int32, path: String) throws(KeyringFailure) {
        var status = stat()
        guard fstat(file, &status) == 0 else { throw .io(path: path, code: errno) }
        let zeros = [UInt8](repeating: 0, count: 1 << 16)
        var offset = 0
        while offset < Int(status.st_size) {
            let written = pwrite(file, zeros, min(zeros.count, Int(status.st_size) - offset), off_t(offset))
            guard written > 0 else { throw .io(path: path, code: errno) }
            offset += written
        }
        guard fsync(file) == 0 else { throw .io(path: path, code: errno) }
    }
}
