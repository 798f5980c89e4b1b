import CZlib

/// Unpacks zlib streams (RFC 1950) that lie one behind the other. Used by one task.
final class Inflater {
    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private var window = [UInt8](repeating: 0, count: 64 << 10)

    init() throws(GitFault) {
        stream.initialize(to: z_stream())
        let code = inflateInit_(stream, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard code == Z_OK else { throw .tooMuch }
    }

    deinit {
        inflateEnd(stream)
        stream.deinitialize(count: 1)
        stream.deallocate()
    }

    /// Gives the content of the stream that begins at `start` to `sink`, piece by piece, and returns where it ends in
    /// `input`. Throws unless it has exactly `size` bytes; never gives more.
    func inflate(
        _ input: ArraySlice<UInt8>, from start: Int, size: Int, _ sink: (UnsafeBufferPointer<UInt8>) -> Void
    ) throws(GitFault) -> Int {
        guard input.indices.contains(start) else { throw .truncated }
        guard inflateReset(stream) == Z_OK else { throw .badObject }
        return try input[start...].withUnsafeBufferPointer { (rest) throws(GitFault) -> Int in
            stream.pointee.next_in = UnsafeMutablePointer(mutating: rest.baseAddress)
            stream.pointee.avail_in = UInt32(clamping: rest.count)
            var produced = 0
            while try step(&produced, size, sink) {}
            guard produced == size else { throw .badObject }
            return start + min(rest.count, Int(UInt32.max)) - Int(stream.pointee.avail_in)
        }
    }

    /// False at the end of the stream.
    private func step(
        _ produced: inout Int, _ size: Int, _ sink: (UnsafeBufferPointer<UInt8>) -> Void
    ) throws(GitFault) -> Bool {
        var code = Z_OK
        let made = window.withUnsafeMutableBufferPointer { room in
            stream.pointee.next_out = room.baseAddress
            stream.pointee.avail_out = UInt32(room.count)
            code = CZlib.inflate(stream, Z_NO_FLUSH)
            let made = room.count - Int(stream.pointee.avail_out)
            if made <= size - produced { sink(UnsafeBufferPointer(rebasing: room.prefix(made))) }
            return made
        }
        produced += made
        guard produced <= size else { throw .badObject }
        switch code {
        case Z_OK: return true
        case Z_STREAM_END: return false
        // No progress is possible: there is room, so the input is at its end.
        case Z_BUF_ERROR: throw .truncated
        default: throw .badObject
        }
    }
}
