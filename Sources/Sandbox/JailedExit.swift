import Glibc

/// How a process ended and what it used; getrusage(2).
package struct JailedExit: Hashable, Sendable {
    package enum Reason: Hashable, Sendable {
        case exited(Int32)
        case signalled(Int32)
    }

    package let reason: Reason
    /// User and system time together.
    package let processorTime: Duration
    /// Most resident memory. Nil where the kernel's figure may be ours: a new process inherits the peak of the one
    /// that started it, so only a higher one says something.
    package let memoryBytesPeak: UInt64?

    init(status: Int32, usage: rusage) {
        let signal = status & 0x7f
        reason = signal == 0 ? .exited(status >> 8 & 0xff) : .signalled(signal)
        processorTime = Duration(usage.ru_utime) + Duration(usage.ru_stime)
        let peak = UInt64(max(0, usage.ru_maxrss)) * 1024
        memoryBytesPeak = peak > Self.ownPeak ? peak : nil
    }

    /// The largest resident memory this process ever had, in bytes; so at least what a child of it inherited.
    private static var ownPeak: UInt64 {
        var usage = rusage()
        getrusage(RUSAGE_SELF.rawValue, &usage)
        return UInt64(max(0, usage.ru_maxrss)) * 1024
    }

    /// The kernel does not say why an allocation failed, and programs say it in words of their own.
    func suggestsMemory(errorTail: String, bytesMax: UInt64?) -> Bool {
        if reason == .exited(0) { return false }
        let words = ["bad_alloc", "out of memory", "cannot allocate memory", "could not allocate memory"]
        if words.contains(where: errorTail.lowercased().contains) { return true }
        // Nobody of ours sent it, so it was the kernel's own killer.
        if reason == .signalled(SIGKILL) { return true }
        guard let bytesMax, let memoryBytesPeak, case .signalled = reason else { return false }
        return memoryBytesPeak >= bytesMax / 10 * 9
    }
}

extension Duration {
    fileprivate init(_ time: timeval) {
        self = .seconds(Int64(time.tv_sec)) + .microseconds(Int64(time.tv_usec))
    }
}
