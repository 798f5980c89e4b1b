import Foundation
import Testing

@testable import Sandbox

/// Processes that do not do what they should: every call ends in bounded time with a failure that says why.
@Suite(.timeLimit(.minutes(10))) struct MisbehaviourTests {
    private func failure(_ body: () throws -> Void) -> JailFailure? {
        do {
            try body()
            return nil
        } catch {
            return error as? JailFailure
        }
    }

    private func start(
        _ worker: String, _ policy: JailPolicy = Probe.narrow, as launcher: JailLauncher
    ) throws -> JailedProcess {
        try JailedProcess(policy: policy, .run(worker), launcher: launcher)
    }

    private func hasEnded(_ process: JailedProcess) -> Bool {
        kill(process.identifier, 0) != 0
    }

    @Test(arguments: Probe.launchers)
    func `an endless loop meets the deadline`(launcher: JailLauncher) throws {
        let process = try start("endless", as: launcher)
        #expect(failure { _ = try process.exchange([1], by: .now + .milliseconds(300)) } == .timedOut)
        process.end()
        #expect(hasEnded(process))
    }

    @Test(arguments: Probe.launchers)
    func `an endless loop meets the limit of processor time`(launcher: JailLauncher) throws {
        let policy = JailPolicy(memoryBytesMax: 1 << 30, processorSecondsMax: 1)
        let process = try start("endless", policy, as: launcher)
        #expect(failure { _ = try process.exchange([1]) } == .timedOut)
        let exit = try process.wait(by: Probe.watchdog)
        #expect(exit.reason == .signalled(SIGXCPU))
        #expect(exit.processorTime > .milliseconds(900))
    }

    @Test(arguments: Probe.launchers)
    func `memory over the limit is not given`(launcher: JailLauncher) throws {
        let policy = JailPolicy(memoryBytesMax: 300 << 20, processorSecondsMax: 10)
        let process = try start("greedy", policy, as: launcher)
        #expect(failure { _ = try process.exchange([1]) } == .outOfMemory)
        let exit = try process.wait(by: Probe.watchdog)
        #expect(exit.memoryBytesPeak.map { $0 <= 300 << 20 } ?? true)
    }

    @Test(arguments: Probe.launchers)
    func `a gigabyte of output is cut off`(launcher: JailLauncher) throws {
        let process = try start("flood", as: launcher)
        let failure = failure { _ = try process.receiveAll(bytesMax: 10 << 20, by: Probe.watchdog) }
        #expect(failure == .outputTooLarge(bytesMax: 10 << 20))
        // As a frame it is announced to be longer than anybody asked for.
        let other = try start("flood", as: launcher)
        #expect(self.failure { _ = try other.receive(64 << 20, by: Probe.watchdog) } == nil)
    }

    @Test(arguments: Probe.launchers)
    func `complaints do not block, and only their end is kept`(launcher: JailLauncher) throws {
        let process = try start("noisy", as: launcher)
        #expect(try process.exchange([5]) == [5])
        #expect(process.errorTail.count == JailedProcess.errorBytesMax)
        #expect(process.errorTail.suffix(8) == Array("the end\n".utf8)[...])
    }

    @Test(arguments: Probe.launchers)
    func `a worker that ends says nothing more`(launcher: JailLauncher) throws {
        let expected: [(String, JailFailure)] = [
            ("silent", .failed(exitCode: 0, errorTail: "")), ("failing", .failed(exitCode: 7, errorTail: "")),
            ("crashing", .crashed(signal: SIGABRT)),
        ]
        for (worker, meaning) in expected {
            let process = try start(worker, as: launcher)
            #expect(failure { _ = try process.exchange([1]) } == meaning)
            #expect(failure { _ = try process.exchange([1]) } == meaning, "again")
        }
    }

    @Test(arguments: Probe.launchers)
    func `half a frame, a foolish length and too many bytes are no answers`(launcher: JailLauncher) throws {
        let half = try start("half", as: launcher)
        #expect(failure { _ = try half.exchange([1], by: .now + .milliseconds(500)) } == .timedOut)
        let garbage = try start("garbage", as: launcher)
        #expect(failure { _ = try garbage.exchange([1]) } == .outputTooLarge(bytesMax: 1 << 20))
        let talkative = try start("talkative", as: launcher)
        #expect(try talkative.exchange([1]) == [65])
        let second = failure { _ = try talkative.exchange([1]) }
        #expect(second == .protocolBroken(reason: "the worker spoke unasked"))
    }

    @Test(arguments: Probe.launchers)
    func `a worker that stops itself is ended`(launcher: JailLauncher) throws {
        let process = try start("stopped", as: launcher)
        let long = [UInt8](repeating: 0, count: 8 << 20)
        #expect(failure { _ = try process.exchange(long, by: .now + .milliseconds(500)) } == .timedOut)
        process.end()
        #expect(hasEnded(process))
    }

    @Test func `a process is gone with its last reference`() throws {
        var process: JailedProcess? = try start("endless", as: Probe.direct)
        let identifier = try #require(process?.identifier)
        #expect(kill(identifier, 0) == 0)
        process = nil
        #expect(kill(identifier, 0) != 0)
    }

    @Test(arguments: Probe.launchers)
    func `a jailed process ends with its parent`(launcher: JailLauncher) throws {
        let encoded = EncodedJailPolicy(policy: Probe.narrow, parent: 0).text
        let jail = launcher.command + [Jail.marker, encoded, "run", "flood"]
        let inner = "echo $$; exec \"$@\""
        let parent = try JailedProcess(
            command: ["/bin/sh", "-c", "sh -c '\(inner)' sh \"$@\" & wait", "sh"] + jail)
        var line: [UInt8] = []
        while line.last != UInt8(ascii: "\n") { line += try parent.receive(1, by: Probe.watchdog) }
        let identifier = String(decoding: line.dropLast(), as: UTF8.self)
        // Its first word comes from inside the jail.
        #expect(try parent.receive(1, by: Probe.watchdog) == [65])
        #expect(isRunning(identifier))
        parent.end()
        let limit = Probe.watchdog
        while isRunning(identifier), .now < limit { sched_yield() }
        #expect(!isRunning(identifier))
    }

    /// Not gone, and not dead and waiting for whoever inherits it.
    private func isRunning(_ identifier: String) -> Bool {
        guard let state = try? String(contentsOfFile: "/proc/\(identifier)/status", encoding: .utf8) else {
            return false
        }
        return !state.contains("State:\tZ") && !state.contains("State:\tX")
    }

    @Test func `writing to a process that is gone is an error, not a signal`() throws {
        let process = try start("silent", as: Probe.direct)
        try process.wait(by: Probe.watchdog)
        let failure = failure { try process.send([UInt8](repeating: 1, count: 1 << 20), by: Probe.watchdog) }
        #expect(failure == .failed(exitCode: 0, errorTail: ""))
    }

    @Test func `a program that is not there is unavailable`() {
        let failure = failure { _ = try JailedProcess(command: ["/nonexistent/program"]) }
        guard case .unavailable(let reason)? = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(reason.contains("/nonexistent/program"))
    }

    @Test func `the input of a converter is a file that it cannot change`() throws {
        let script = "cat; echo >&0 || echo refused; cat < /dev/stdin"
        let process = try JailedProcess(
            command: ["/bin/sh", "-c", script], input: .bytes(Array("abc\n".utf8)))
        let text = try process.receiveAll(bytesMax: 4096, by: Probe.watchdog)
        #expect(String(decoding: text, as: UTF8.self) == "abc\nrefused\nabc\n")
    }
}
