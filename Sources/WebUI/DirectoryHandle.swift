import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// A directory that is open, and the one function that opens files in it by a name that came from outside (ATT-24).
///
/// Every segment is opened beneath the one before, relative to a descriptor and without following links. There is no
/// moment at which a path is put together and handed to the system, so none can lead out.
final class DirectoryHandle: Sendable {
    static let segmentsMax = 16
    static let fileBytesMax = 16 << 20

    private let descriptor: Int32

    /// Throws `WebUIFailure.noWebRoot` when `path` is not a directory that can be read.
    init(path: String) throws(WebUIFailure) {
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .noWebRoot(path: path) }
    }

    deinit { close(descriptor) }

    /// The bytes of the regular file `path`; nil for anything else, whatever the reason.
    func contents(of path: String) -> [UInt8]? {
        guard let file = openBeneath(path) else { return nil }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= Self.fileBytesMax
        else { return nil }
        return try? [UInt8](FileHandle(fileDescriptor: file, closeOnDealloc: false).readToEnd() ?? Data())
    }

    /// The descriptor of `path` beneath this directory, to be closed by the caller; nil when it is not plainly there.
    private func openBeneath(_ path: String) -> Int32? {
        guard let segments = Self.segments(of: path) else { return nil }
        var current = dup(descriptor)
        for (index, segment) in segments.enumerated() {
            guard current >= 0 else { return nil }
            let kind = index == segments.count - 1 ? O_NONBLOCK : O_DIRECTORY
            let next = openat(current, segment, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | kind)
            close(current)
            current = next
        }
        return current >= 0 ? current : nil
    }

    /// The segments of a plain relative path: letters, digits, `-`, `_` and inner dots, nothing hidden.
    static func segments(of path: String) -> [String]? {
        let segments = path.split(separator: "/", omittingEmptySubsequences: false)
        guard (1...segmentsMax).contains(segments.count), segments.allSatisfy(isPlain) else { return nil }
        return segments.map(String.init)
    }

    private static func isPlain(_ segment: Substring) -> Bool {
        guard (1...100).contains(segment.utf8.count), segment.utf8.first != UInt8(ascii: ".") else { return false }
        return segment.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                true
            default: false
            }
        }
    }
}
