import Foundation

/// A file mapped read-only into memory. Pages that are never read cost nothing; all processes share them.
///
/// The file must be replaced by renaming, never rewritten in place: a mapped file that shrinks ends the process.
final class MappedFile: Sendable {
    let count: Int
    // The mapping is read-only and lives as long as this object.
    private nonisolated(unsafe) let base: UnsafeMutableRawPointer?

    init(path: String) throws(EncoderFailure) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .fileUnreadable(path: path, code: errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .fileUnreadable(path: path, code: errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .fileUnreadable(path: path, code: EINVAL) }
        count = Int(status.st_size)
        // An empty file cannot be mapped, and needs not to be.
        guard count > 0 else {
            base = nil
            return
        }
        let mapping = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0)
        guard mapping != MAP_FAILED else { throw .fileUnreadable(path: path, code: errno) }
        base = mapping
    }

    deinit {
        if let base { munmap(base, count) }
    }

    /// All bytes in memory of their own.
    func copy() -> [UInt8] { withExtendedLifetime(self) { [UInt8](bytes) } }

    /// The mapping itself, valid only as long as this object: whoever keeps the pointer keeps the object.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }
}
