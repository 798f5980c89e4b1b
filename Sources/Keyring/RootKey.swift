import Foundation
import Kit

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The 32 bytes that everything is wrapped under. They lie outside the data and keys directories, in a file that only
/// its owner may read, as 64 lower-case hexadecimal digits.
package enum RootKey {
    package static let byteCount = 32

    /// Makes a new key at `path` with mode 0600; an existing file is never overwritten (`KeyringFailure.io`, EEXIST).
    /// The file appears whole or not at all: half a key would be an installation that never starts again.
    @discardableResult
    package static func create(at path: String, randomness: Randomness = .system) throws(KeyringFailure) -> [UInt8] {
        let key = randomness.bytes(byteCount)
        let draft = path + ".new"
        // What a crash left of an earlier try was never used.
        unlink(draft)
        try PrivateFile.create(at: draft, Array((Hex.encode(key) + "\n").utf8))
        defer { unlink(draft) }
        guard link(draft, path) == 0 else { throw .io(path: path, code: errno) }
        return key
    }

    /// Reads the key at `path`. Throws `permissions` when group or others have any access to the file,
    /// `malformedRootKey` when it holds anything but a key, `io` when it cannot be read.
    package static func load(path: String) throws(KeyringFailure) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .io(path: path, code: errno) }
        defer { close(file) }
        try PrivateFile.requirePrivate(file, path: path)
        var text = [UInt8](repeating: 0, count: 2 * byteCount + 2)
        let count = read(file, &text, text.count)
        guard count >= 0 else { throw .io(path: path, code: errno) }
        return try parse(String(decoding: text.prefix(count), as: UTF8.self))
    }

    /// The key in its text form, one line break at the end allowed: for a key that comes from the environment.
    package static func parse(_ text: String) throws(KeyringFailure) -> [UInt8] {
        let line = text.hasSuffix("\n") ? String(text.dropLast()) : text
        guard let key = Hex.decode(line), key.count == byteCount else { throw .malformedRootKey }
        return key
    }
}
