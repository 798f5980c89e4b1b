import Kit
import NIOCore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A unix socket that only its owner can ever connect to: it is bound inside a 0700 folder, made 0600, and only then
/// moved to its place, so there is no moment at which another user could reach it.
struct LocalSocket: Sendable {
    /// Bytes of `sockaddr_un.sun_path` without its final zero.
    private static let pathBytesMax = 107

    let path: String
    let bindPath: String
    private let folder: String

    /// Throws `HTTPServiceFailure`.
    init(_ path: String) throws(HTTPServiceFailure) {
        let parent = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        folder = parent + "/.s" + Hex.encode(Randomness.system.bytes(4))
        bindPath = folder + "/s"
        self.path = path
        guard max(path.utf8.count, bindPath.utf8.count) <= Self.pathBytesMax else {
            throw .socketPathTooLong(path, bytesMax: Self.pathBytesMax)
        }
        guard !Self.isTaken(path), mkdir(folder, 0o700) == 0 else { throw .socketUnusable(path) }
    }

    /// By something that is no socket, which is therefore not ours to replace or remove.
    private static func isTaken(_ path: String) -> Bool {
        var old = stat()
        return lstat(path, &old) == 0 && old.st_mode & S_IFMT != S_IFSOCK
    }

    /// After the bind. Replaces the socket that a killed process left behind, and nothing that is no socket.
    func publish() throws(HTTPServiceFailure) {
        guard !Self.isTaken(path), chmod(bindPath, 0o600) == 0, rename(bindPath, path) == 0
        else { throw .socketUnusable(path) }
        rmdir(folder)
    }

    func remove() {
        unlink(bindPath)
        rmdir(folder)
        if !Self.isTaken(path) { unlink(path) }
    }
}
