import Foundation

/// An open folder of ours. Every file beneath it is named by one validated component, opened relative to the folder
/// and never through a symbolic link, so no name leads outside (ATT-24, ATT-28).
///
/// All calls block. Throws `StorageFailure.io` with the component and the system's error code.
final class DirectoryHandle: Sendable {
    private let descriptor: Int32

    /// Takes over an open descriptor of a folder.
    private init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// The folder at a path that the operator configured.
    static func open(path: String) throws(StorageFailure) -> DirectoryHandle {
        let descriptor = Foundation.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .failed(path) }
        return DirectoryHandle(descriptor: descriptor)
    }

    /// The folder `name` in this one, made with mode 0700 when missing; durable on return.
    func folder(_ name: String) throws(StorageFailure) -> DirectoryHandle {
        try Self.check(name)
        if mkdirat(descriptor, name, 0o700) == 0 {
            try sync()
        } else if errno != EEXIST {
            throw .failed(name)
        }
        let folder = openat(descriptor, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
        guard folder >= 0 else { throw .failed(name) }
        return DirectoryHandle(descriptor: folder)
    }

    /// An existing folder; nil when there is none.
    func existingFolder(_ name: String) throws(StorageFailure) -> DirectoryHandle? {
        try Self.check(name)
        let folder = openat(descriptor, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
        if folder < 0, errno == ENOENT { return nil }
        guard folder >= 0 else { throw .failed(name) }
        return DirectoryHandle(descriptor: folder)
    }

    /// Opens a file beneath the folder. The caller closes the descriptor; nil when the file does not exist.
    func file(_ name: String, flags: Int32 = O_RDONLY) throws(StorageFailure) -> Int32? {
        try Self.check(name)
        let file = openat(descriptor, name, flags | O_CLOEXEC | O_NOFOLLOW, 0o600)
        if file < 0, errno == ENOENT { return nil }
        guard file >= 0 else { throw .failed(name) }
        return file
    }

    /// Makes a new file of these bytes, in full sync. Fails when the name is taken.
    func create(_ name: String, _ bytes: [UInt8]) throws(StorageFailure) {
        guard let file = try file(name, flags: O_WRONLY | O_CREAT | O_EXCL) else { throw .failed(name) }
        defer { close(file) }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { memory in
                // The loop runs only while bytes are left, so there is an address.
                write(file, memory.baseAddress! + written, memory.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .failed(name) }
            written += count
        }
        guard fsync(file) == 0 else { throw .failed(name) }
    }

    /// The whole file; nil when it does not exist.
    func contents(_ name: String) throws(StorageFailure) -> [UInt8]? {
        guard let file = try file(name) else { return nil }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw .failed(name) }
        let size = Int(status.st_size)
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { memory, count in
            while count < size {
                let got = read(file, memory.baseAddress! + count, size - count)  // Not empty: count < size.
                if got < 0, errno == EINTR { continue }
                if got <= 0 {
                    failed = got < 0
                    break
                }
                count += got
            }
        }
        if failed { throw .failed(name) }
        return bytes
    }

    /// Moves a file to its place; both folders are durable on return.
    func move(_ name: String, to folder: DirectoryHandle, as other: String) throws(StorageFailure) {
        try Self.check(name)
        try Self.check(other)
        guard renameat(descriptor, name, folder.descriptor, other) == 0 else { throw .failed(name) }
        try folder.sync()
    }

    /// Removes a file, durably. A missing one is no error.
    func remove(_ name: String) throws(StorageFailure) {
        try Self.check(name)
        if unlinkat(descriptor, name, 0) != 0 {
            guard errno == ENOENT else { throw .failed(name) }
            return
        }
        try sync()
    }

    /// Names of everything in the folder, in no order.
    func names() throws(StorageFailure) -> [String] {
        // A descriptor of its own: reading moves its position.
        let copy = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0, let stream = fdopendir(copy) else { throw .failed(".") }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    func sync() throws(StorageFailure) {
        guard fsync(descriptor) == 0 else { throw .failed(".") }
    }

    /// One component, not hidden, of letters that need no thought.
    private static func check(_ name: String) throws(StorageFailure) {
        let isPlain = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"): true
            default: false
            }
        }
        guard isPlain, (1...128).contains(name.utf8.count), !name.hasPrefix(".") else {
            throw .io(path: "a name beneath the data directory", code: EINVAL)
        }
    }
}

extension StorageFailure {
    /// What the last system call said.
    static func failed(_ path: String) -> StorageFailure {
        let code = errno
        return code == ENOSPC || code == EDQUOT ? .diskFull : .io(path: path, code: code)
    }
}
