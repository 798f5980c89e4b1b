#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Checks that nobody but the owner can reach a file or folder of keys.
enum FilePermissions {
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
    static func createPrivateFile(at path: String) throws(KeyringFailure) {
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .io(path: path, code: errno) }
        defer { close(file) }
        try requirePrivate(file, path: path)
    }
}
