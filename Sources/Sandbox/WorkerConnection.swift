/// The owner's end of the connection to a warm worker, for one job and until its deadline.
package struct WorkerConnection: ~Copyable {
    let process: JailedProcess
    let deadline: ContinuousClock.Instant

    /// Names the process, for logs and tests.
    package var processIdentifier: Int32 { process.identifier }

    /// Sends one frame and reads one.
    package func exchange(_ request: [UInt8], replyBytesMax: Int) throws(JailFailure) -> [UInt8] {
        try send(request)
        return try receive(bytesMax: replyBytesMax)
    }

    /// Sends one frame. A worker that has said something unasked is not spoken to.
    package func send(_ frame: [UInt8]) throws(JailFailure) {
        guard frame.count <= WorkerFrame.bytesMax else { throw .protocolBroken(reason: "the request is too long") }
        if process.hasUnaskedOutput() { throw unaskedFailure() }
        try process.send(WorkerFrame.head(frame.count) + frame, by: deadline)
    }

    /// Reads one frame; throws `.outputTooLarge` when it is announced to be longer than `bytesMax`.
    package func receive(bytesMax: Int) throws(JailFailure) -> [UInt8] {
        let count = WorkerFrame.count(try process.receive(WorkerFrame.headBytes, by: deadline))
        guard count <= min(bytesMax, WorkerFrame.bytesMax) else { throw .outputTooLarge(bytesMax: bytesMax) }
        return try process.receive(count, by: deadline)
    }

    /// Output that ended is an end, and output that is there is a lie.
    private func unaskedFailure() -> JailFailure {
        do {
            _ = try process.receive(1, by: deadline)
            return .protocolBroken(reason: "the worker spoke unasked")
        } catch {
            return error
        }
    }
}
