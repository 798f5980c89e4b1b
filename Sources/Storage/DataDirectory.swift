import Foundation

/// The folder that holds everything of one machine's installation, held by one process at a time.
///
///     data.sqlite   blobs/   index/   audit/   lock
///
/// The lock ends with the process, however it ends; the file keeps the holder's process id for people to read.
package final class DataDirectory: Sendable {
    private static let lockName = "lock"
    private static let folders = ["blobs", "index", "audit"]

    package let path: String
    private let root: DirectoryHandle
    private let lock: Int32

    /// Takes the folder, made with mode 0700 when missing. Throws `directoryLocked` when another process has it, and
    /// `notADataDirectory` for a folder that holds something else.
    package init(path: String) throws(StorageFailure) {
        self.path = path
        if mkdir(path, 0o700) != 0, errno != EEXIST { throw .failed(path) }
        root = try DirectoryHandle.open(path: path)
        let names = try root.names()
        guard names.contains(Self.lockName) || names.allSatisfy({ $0 == "lost+found" }) else {
            throw .notADataDirectory(path: path)
        }
        lock = try Self.takeLock(in: root)
        do {
            if chmod(path, 0o700) != 0 { throw StorageFailure.failed(path) }
            for folder in Self.folders { _ = try root.folder(folder) }
        } catch {
            close(lock)
            throw error as? StorageFailure ?? .failed(path)
        }
    }

    deinit {
        // Unlocked by hand: a child between fork and exec would keep a lock that is only closed.
        flock(lock, LOCK_UN)
        close(lock)
    }

    package var databasePath: String { path + "/data.sqlite" }
    package var blobsPath: String { path + "/blobs" }
    package var indexPath: String { path + "/index" }
    package var auditPath: String { path + "/audit" }
    /// Where the server listens for commands on this machine; at most 107 bytes, the kernel's bound.
    package var socketPath: String { path + "/socket" }

    private static func takeLock(in root: DirectoryHandle) throws(StorageFailure) -> Int32 {
        guard let file = try root.file(lockName, flags: O_RDWR | O_CREAT) else { throw .failed(lockName) }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            let isHeld = errno == EWOULDBLOCK
            close(file)
            if isHeld { throw .directoryLocked(holder: try holder(in: root)) }
            throw .failed(lockName)
        }
        let text = Array("\(getpid())\n".utf8)
        guard ftruncate(file, 0) == 0, pwrite(file, text, text.count, 0) == text.count else {
            let failure = StorageFailure.failed(lockName)
            close(file)
            throw failure
        }
        return file
    }

    /// Nil between another process' taking the lock and writing its number.
    private static func holder(in root: DirectoryHandle) throws(StorageFailure) -> Int32? {
        let bytes = try root.contents(lockName) ?? []
        return Int32(String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
    }
}
