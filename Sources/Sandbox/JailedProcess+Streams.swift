import Glibc

/// Bytes to and from the process, each call with a deadline. The standard error is read along, so that a process that
/// complains much cannot stop itself; only its end is kept.
extension JailedProcess {
    /// Bytes read at a time. No memory is set aside for bytes that were only announced.
    private static let readBytesMax = 65_536

    /// Writes all of `bytes`. Throws `.timedOut`, or what the end of the process means.
    package func send(_ bytes: [UInt8], by deadline: ContinuousClock.Instant) throws(JailFailure) {
        guard let input else { throw .protocolBroken(reason: "the input is closed") }
        var sent = 0
        while sent < bytes.count {
            try ready(input, POLLOUT, by: deadline)
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(input.number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
            }
            if count < 0, errno != EAGAIN, errno != EINTR { throw failure(by: deadline) }
            sent += max(0, count)
        }
    }

    /// Reads exactly `count` bytes. Throws `.timedOut`, or what the end of the process means.
    package func receive(_ count: Int, by deadline: ContinuousClock.Instant) throws(JailFailure) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            guard let more = try receiveSome(count - bytes.count, by: deadline) else { throw failure(by: deadline) }
            bytes += more
        }
        return bytes
    }

    /// Reads to the end of the output. Throws `.outputTooLarge` as soon as there is more, and `.timedOut`.
    package func receiveAll(bytesMax: Int, by deadline: ContinuousClock.Instant) throws(JailFailure) -> [UInt8] {
        var bytes: [UInt8] = []
        while let more = try receiveSome(Self.readBytesMax, by: deadline) {
            bytes += more
            guard bytes.count <= bytesMax else { throw .outputTooLarge(bytesMax: bytesMax) }
        }
        return bytes
    }

    /// Whether bytes wait that nobody asked for, or the output has ended.
    func hasUnaskedOutput() -> Bool {
        var stream = pollfd(fd: output.number, events: Int16(POLLIN), revents: 0)
        return poll(&stream, 1, 0) != 0
    }

    /// At least one byte and at most `count`; nil at the end.
    package func receiveSome(_ count: Int, by deadline: ContinuousClock.Instant) throws(JailFailure) -> [UInt8]? {
        while true {
            try ready(output, POLLIN, by: deadline)
            let bytes = Self.read(output, min(count, Self.readBytesMax))
            if let bytes { return bytes.isEmpty ? nil : bytes }
            guard errno == EINTR || errno == EAGAIN else { throw .unavailable(reason: "reading failed (\(errno))") }
        }
    }

    /// Waits until `stream` has an event, or until `.timedOut`.
    func ready(
        _ stream: Descriptor, _ events: Int32, by deadline: ContinuousClock.Instant
    ) throws(JailFailure) {
        while true {
            let milliseconds = Self.milliseconds(until: deadline)
            var streams = [
                pollfd(fd: stream.number, events: Int16(events), revents: 0),
                // A negative number is skipped.
                pollfd(fd: isErrorOpen ? errors.number : -1, events: Int16(POLLIN), revents: 0),
            ]
            let count = poll(&streams, 2, milliseconds)
            if streams[1].revents != 0 { readErrors() }
            if streams[0].revents != 0 { return }
            if count < 0, errno != EINTR { throw .unavailable(reason: "waiting failed (error \(errno))") }
            if milliseconds == 0 { throw .timedOut }
        }
    }

    /// What is left of the standard error of a process that has ended.
    func drainErrors() {
        var stream = pollfd(fd: errors.number, events: Int16(POLLIN), revents: 0)
        while isErrorOpen, poll(&stream, 1, 0) > 0 { readErrors() }
    }

    private func readErrors() {
        guard let bytes = Self.read(errors, Self.readBytesMax) else { return }
        if bytes.isEmpty { isErrorOpen = false }
        errorTail = Array((errorTail + bytes).suffix(Self.errorBytesMax))
    }

    /// Empty at the end; nil with `errno`.
    private static func read(_ stream: Descriptor, _ count: Int) -> [UInt8]? {
        var result = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { memory, used in
            result = Glibc.read(stream.number, memory.baseAddress, count)
            used = max(0, result)
        }
        return result < 0 ? nil : bytes
    }

    /// For poll(2): rounded up, at most a minute, after which the caller asks again; 0 when the deadline has passed.
    private static func milliseconds(until deadline: ContinuousClock.Instant) -> Int32 {
        let left = ContinuousClock.now.duration(to: deadline)
        guard left > .zero else { return 0 }
        return Int32(min(60_000, (left / Duration.milliseconds(1)).rounded(.up)))
    }
}
