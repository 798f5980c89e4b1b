import CJail
import Glibc

/// An open descriptor that is closed with its last reference. Its number is above 2, so that the standard streams of a
/// new process can be made of it in any order.
final class Descriptor: Sendable {
    let number: Int32

    /// Takes over `number`; throws when it is negative, as a failed call gives it.
    init(_ number: Int32, _ purpose: String) throws(JailFailure) {
        guard number >= 0 else { throw .unavailable(reason: "\(purpose) could not be made (error \(errno))") }
        guard number < 3 else {
            self.number = number
            return
        }
        self.number = fcntl(number, F_DUPFD_CLOEXEC, 3)
        close(number)
        guard self.number >= 0 else { throw .unavailable(reason: "\(purpose) could not be made (error \(errno))") }
    }

    deinit { if number >= 0 { close(number) } }

    /// A pipe's end to read from and its end to write to.
    static func pipe() throws(JailFailure) -> (read: Descriptor, write: Descriptor) {
        var ends: [Int32] = [-1, -1]
        let made = ends.withUnsafeMutableBytes {
            cjail_syscall(Int(SYS_pipe2), Int(bitPattern: $0.baseAddress), Int(O_CLOEXEC), 0, 0, 0, 0)
        }
        guard made == 0 else { throw .unavailable(reason: "no pipe (error \(-made))") }
        return try pair(ends, "a pipe")
    }

    /// Two connected sockets. Writing to one does not raise SIGPIPE when asked not to, which a pipe cannot promise.
    static func socketPair() throws(JailFailure) -> (ours: Descriptor, theirs: Descriptor) {
        var ends: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &ends) == 0 else {
            throw .unavailable(reason: "no socket pair (error \(errno))")
        }
        let pair = try pair(ends, "a socket pair")
        return (pair.0, pair.1)
    }

    private static func pair(_ ends: [Int32], _ purpose: String) throws(JailFailure) -> (Descriptor, Descriptor) {
        let first: Descriptor
        do { first = try Descriptor(ends[0], purpose) } catch {
            close(ends[1])
            throw error
        }
        return (first, try Descriptor(ends[1], purpose))
    }

    /// A file in memory with these bytes, at its beginning, which nobody can change any more; memfd_create(2).
    static func sealed(_ bytes: [UInt8]) throws(JailFailure) -> Descriptor {
        // Closed when a program is executed, and sealable.
        let flags = 0x1 | 0x2
        let made = "cloister-input".withCString {
            cjail_syscall(Int(SYS_memfd_create), Int(bitPattern: $0), flags, 0, 0, 0, 0)
        }
        let file = try Descriptor(Int32(made < 0 ? -1 : made), "a file in memory")
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { pwrite(file.number, $0.baseAddress, $0.count, written) }
            guard count > 0 || errno == EINTR else {
                throw .unavailable(reason: "no room for the input (error \(errno))")
            }
            written += max(0, count)
        }
        // F_ADD_SEALS: no more seals, not shorter, not longer, no writing.
        guard fcntl(file.number, 1033, Int32(0x1 | 0x2 | 0x4 | 0x8)) == 0 else {
            throw .unavailable(reason: "the input could not be sealed (error \(errno))")
        }
        return file
    }

    /// Readable when the process has ended; pidfd_open(2).
    static func process(_ identifier: pid_t) throws(JailFailure) -> Descriptor {
        let made = cjail_syscall(Int(SYS_pidfd_open), Int(identifier), 0, 0, 0, 0, 0)
        return try Descriptor(Int32(made < 0 ? -1 : made), "a handle of a process")
    }
}
