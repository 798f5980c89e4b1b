import Foundation

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The folder of the keys: mode 0700, and locked by whoever has it open.
final class KeysDirectory: Sendable {
    enum Lock {
        /// For a file of keys: cached keys are only right while nobody else destroys them.
        case alone
        /// For the epoch keys that nodes share: it only keeps a node with a file of keys out.
        case shared
    }

    let path: String
    private let descriptor: Int32

    /// Makes the folder when it is missing. Throws `permissions`, `inUse` or `io`.
    init(_ path: String, lock: Lock) throws(KeyringFailure) {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw .io(path: path, code: errno) }
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .io(path: path, code: errno) }
        self.path = path
        self.descriptor = descriptor
        try PrivateFile.requirePrivate(descriptor, path: path)
        let kind = lock == .alone ? LOCK_EX : LOCK_SH
        guard flock(descriptor, kind | LOCK_NB) == 0 else { throw .inUse(path: path) }
    }

    /// Unlocked by name: a child that is just being started holds a copy of the descriptor for a moment.
    deinit {
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    var keysFile: String { path + "/keys.sqlite" }
    private var journal: String { keysFile + "-journal" }

    func names() throws(KeyringFailure) -> [String] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
            throw .io(path: path, code: errno)
        }
        return names
    }

    /// Makes new and removed names durable.
    func sync() throws(KeyringFailure) {
        guard fsync(descriptor) == 0 else { throw .io(path: path, code: errno) }
    }

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
        try PrivateFile.overwrite(file, path: journal)
    }
}
