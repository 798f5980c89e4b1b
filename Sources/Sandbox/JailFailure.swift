import Glibc

/// Why a jailed process gave no result. Nothing in here is for users: what the process wrote comes from hostile input.
package enum JailFailure: Error, Hashable {
    /// The jail could not be entered, or the program not started; `reason` is for the operator.
    case unavailable(reason: String)
    /// The deadline passed, also while waiting for a worker, or the processor time was used up.
    case timedOut
    /// A guess, from the way the process ended and from what it said about it.
    case outOfMemory
    case crashed(signal: Int32)
    /// It ended by itself. `errorTail` is the end of its standard error, a few kilobytes at most.
    case failed(exitCode: Int32, errorTail: String)
    case outputTooLarge(bytesMax: Int)
    /// The worker's bytes were no frames, or more came than were asked for.
    case protocolBroken(reason: String)
    /// As many callers wait as are allowed to.
    case tooManyWaiting(max: Int)
    case closed
}

extension JailFailure {
    /// What an end means for a caller that still expected something; also a good end is a failure then.
    init(unexpected exit: JailedExit, errorTail: String, memoryBytesMax: UInt64?) {
        switch exit.reason {
        case .exited(JailExitCode.refused), .exited(JailExitCode.notExecuted):
            self = .unavailable(reason: errorTail.split(separator: "\n").first.map(String.init) ?? "no reason given")
        case .signalled(SIGXCPU): self = .timedOut
        case _ where exit.suggestsMemory(errorTail: errorTail, bytesMax: memoryBytesMax): self = .outOfMemory
        case .signalled(let signal): self = .crashed(signal: signal)
        case .exited(let code): self = .failed(exitCode: code, errorTail: errorTail)
        }
    }
}

/// Exit codes of a process that did not get as far as its work.
enum JailExitCode {
    static let refused: Int32 = 125
    static let notExecuted: Int32 = 126
}
