import Foundation

/// How much of the machine the encoder may use.
package struct EncoderSettings: Sendable, Equatable {
    /// Threads that embed documents. Each holds 3 MB of scratch memory.
    package var batchThreads = ProcessInfo.processInfo.activeProcessorCount
    /// Threads that embed queries and read passages; they do nothing else, so a query never waits for a document.
    package var queryThreads = min(ProcessInfo.processInfo.activeProcessorCount, 4)
    /// The nice value of the batch threads, 0 to 19: how much they yield to the rest of the process when all processors
    /// are busy.
    package var batchNiceness: Int32 = 5
    /// Windows that may wait in the batch lane; beyond it, `embed` fails at once.
    package var waitingWindowsMax = 16_384
    /// Queries, and pieces of text read beside them, that may wait in the query lane; beyond it they fail at once.
    package var waitingQueriesMax = 4_096
    /// The vector instructions to use.
    package var level = KernelLevel.best

    package init() {}

    /// The settings brought into their ranges: at least one thread per lane and one place in each queue.
    package var bounded: EncoderSettings {
        var bounded = self
        bounded.batchThreads = min(max(batchThreads, 1), 256)
        bounded.queryThreads = min(max(queryThreads, 1), 256)
        bounded.batchNiceness = min(max(batchNiceness, 0), 19)
        bounded.waitingWindowsMax = max(waitingWindowsMax, 1)
        bounded.waitingQueriesMax = max(waitingQueriesMax, 1)
        return bounded
    }
}
