import Glibc

/// The worker's end of its connection: frames in on descriptor 0, out on descriptor 1. For use inside the jail; a
/// broken connection ends the process, because its owner is gone or no longer listens.
package struct WorkerChannel: Sendable {
    package static let standard = WorkerChannel()

    private init() {}

    /// Answers each request with a reply until the owner closes the connection, then ends the process.
    package func serve(_ reply: ([UInt8]) -> [UInt8]) -> Never {
        while let request = readFrame() { writeFrame(reply(request)) }
        exit(0)
    }

    /// The next frame; nil when the owner closed the connection between two.
    package func readFrame() -> [UInt8]? {
        guard let head = read(WorkerFrame.headBytes, mayEnd: true) else { return nil }
        let count = WorkerFrame.count(head)
        guard count <= WorkerFrame.bytesMax else { exit(1) }
        return read(count, mayEnd: false)
    }

    package func writeFrame(_ bytes: [UInt8]) {
        guard bytes.count <= WorkerFrame.bytesMax else { exit(1) }
        write(WorkerFrame.head(bytes.count))
        write(bytes)
    }

    /// Bytes without a frame around them.
    package func write(_ bytes: [UInt8]) {
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count < 0, errno != EINTR { exit(1) }
            written += max(0, count)
        }
    }

    private func read(_ count: Int, mayEnd: Bool) -> [UInt8]? {
        var isOver = false
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { memory, used in
            while used < count, !isOver {
                let more = Glibc.read(STDIN_FILENO, memory.baseAddress?.advanced(by: used), count - used)
                if more < 0, errno == EINTR { continue }
                isOver = more <= 0
                used += max(0, more)
            }
        }
        if isOver, bytes.isEmpty, mayEnd { return nil }
        if isOver { exit(1) }
        return bytes
    }
}
