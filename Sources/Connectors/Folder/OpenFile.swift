import CBeneath
import Glibc

/// A descriptor that is closed with its last reference, and what the kernel says about it.
final class OpenFile: Sendable {
    let descriptor: Int32

    /// The folder at `path`, which the operator wrote: here links are followed.
    static func folder(_ path: String) throws(Trouble) -> OpenFile {
        let opened = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard opened < 0 else { return OpenFile(opened) }
        throw trouble(errno)
    }

    private init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    enum Trouble: Error, Equatable {
        case gone
        /// No right to.
        case refused
        case tooManyOpen
        /// The kernel has no `openat2`, or is not allowed to use it.
        case unsupported
        case other
    }

    /// The file or folder at the relative `path`, only if it lies beneath this folder and no link is on the way.
    func beneath(_ path: String, isFolder: Bool) throws(Trouble) -> OpenFile {
        let opened = path.withCString { cbeneath_open(descriptor, $0, isFolder ? 1 : 0) }
        guard opened < 0 else { return OpenFile(opened) }
        throw Self.trouble(-opened)
    }

    private static func trouble(_ code: Int32) -> Trouble {
        switch code {
        case ENOENT, ENOTDIR, ELOOP, EXDEV, ENXIO, ENAMETOOLONG, EINVAL, EAGAIN: .gone
        case EACCES, EPERM: .refused
        case EMFILE, ENFILE, ENOMEM: .tooManyOpen
        case ENOSYS: .unsupported
        default: .other
        }
    }

    func status() -> stat? {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? status : nil
    }

    /// The kind of an entry of this folder, links not followed. Opens nothing: opening a device may do something.
    func kind(of name: String) -> mode_t? {
        var status = stat()
        guard fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
        return status.st_mode & S_IFMT
    }

    /// The names in this folder as bytes and in their order, without what is hidden. Throws when there are more than
    /// `max` or when the folder cannot be read to its end: a listing that broke off would delete the rest.
    func names(max: Int) throws(SourceFailure) -> [[UInt8]] {
        let copy = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0, let stream = fdopendir(copy) else {
            if copy >= 0 { close(copy) }
            throw .retryable(after: nil, "A folder of the source could not be read.")
        }
        defer { closedir(stream) }
        var names: [[UInt8]] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else { break }
            let name = Self.name(of: entry)
            guard name.first != UInt8(ascii: ".") else { continue }
            guard names.count < max else { throw .limit(.entriesInFolder(max)) }
            names.append(name)
        }
        guard errno == 0 else { throw .retryable(after: nil, "A folder of the source could not be read to its end.") }
        return names.sorted { $0.lexicographicallyPrecedes($1) }
    }

    private static func name(of entry: UnsafeMutablePointer<dirent>) -> [UInt8] {
        withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
    }

    /// The list, or the one that the mode bits are when there is none; nil when there is one that cannot be read.
    func accessControlList(mode: UInt32) -> AccessControlList? {
        let size = cbeneath_access_list(descriptor, nil, 0)
        guard size >= 0 else {
            return [ENODATA, EOPNOTSUPP].contains(Int32(-size)) ? AccessControlList(mode: mode) : nil
        }
        var bytes = [UInt8](repeating: 0, count: min(size, AccessControlList.bytesMax))
        let count = cbeneath_access_list(descriptor, &bytes, bytes.count)
        return count == size ? AccessControlList(bytes: bytes) : nil
    }

    /// All bytes, or nil when there are more than `bytesMax`. Throws `.other` when reading fails.
    func read(bytesMax: Int, sizeHint: Int) throws(Trouble) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(min(max(0, sizeHint), bytesMax))
        var chunk = [UInt8](repeating: 0, count: 256 << 10)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .other }
            guard count > 0 else { return bytes }
            guard count <= bytesMax - bytes.count else { return nil }
            bytes += chunk.prefix(count)
        }
    }
}
