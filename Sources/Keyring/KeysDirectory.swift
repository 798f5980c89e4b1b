#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The folder of the keys file: mode 0700, and locked by whoever has it open, because cached keys are only right while
/// nobody else destroys them.
final class KeysDirectory: Sendable {
    let path: String
    private let descriptor: Int32

    /// Makes the folder when it is missing. Throws `permissions`, `inUse` or `io`.
    init(_ path: String) throws(KeyringFailure) {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw .io(path: path, code: errno) }
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .io(path: path, code: errno) }
        self.path = path
        self.descriptor = descriptor
        try FilePermissions.requirePrivate(descriptor, path: path)
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw .inUse(path: path) }
    }

    deinit { close(descriptor) }

    var keysFile: String { path + "/keys.sqlite" }
    private var journal: String { keysFile + "-journal" }

    /// Overwrites what the rollback journal of finished transactions still holds: it has the old pages, and so the
    /// wrapped keys that were just destroyed. Called between transactions only. The journal is kept between them
    /// (`journal_mode=PERSIST`) with a zeroed header, so nothing reads it any more; unlinked, its blocks would stay.
    func scrubJournal() throws(KeyringFailure) {
        let file = open(journal, O_WRONLY | O_CLOEXEC)
        guard file >= 0 else {
            guard errno == ENOENT else { throw .io(path: journal, code: errno) }
            return
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw .io(path: journal, code: errno) }
        let zeros = [UInt8](repeating: 0, count: 1 << 16)
        var offset = 0
        while offset < Int(status.st_size) {
            let written = pwrite(file, zeros, min(zeros.count, Int(status.st_size) - offset), off_t(offset))
            guard written > 0 else { throw .io(path: journal, code: errno) }
            offset += written
        }
        guard fsync(file) == 0 else { throw .io(path: journal, code: errno) }
    }
}
