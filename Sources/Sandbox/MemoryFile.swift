import Glibc

/// Bytes as a file that is in memory only. Programs that run as the same user, and close what they inherit, open it by
/// its path for as long as this exists. Nothing is left of it however this process ends.
package final class MemoryFile: Sendable {
    private let file: Descriptor

    /// `/proc/<this process>/fd/<number>`; proc(5).
    package var path: String { "/proc/\(getpid())/fd/\(file.number)" }

    /// Throws `.unavailable`.
    package init(_ bytes: [UInt8]) throws(JailFailure) {
        file = try Descriptor.sealed(bytes)
        // Programs refuse a key that others might read.
        guard fchmod(file.number, 0o600) == 0 else {
            throw .unavailable(reason: "a file in memory could not be made private (error \(errno))")
        }
    }
}
