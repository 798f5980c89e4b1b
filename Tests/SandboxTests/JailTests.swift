import CJail
import Foundation
import Testing

@testable import Sandbox

/// The door of the jail: who gets in, and what happens on a machine that cannot have one.
@Suite(.timeLimit(.minutes(10))) struct JailTests {
    private func refusal(_ process: JailedProcess) throws -> String {
        #expect(try process.wait(by: Probe.watchdog).reason == .exited(125))
        process.drainErrors()
        return String(decoding: process.errorTail, as: UTF8.self)
    }

    @Test func `this machine can have a jail`() {
        #expect(Jail.availability().runsParsers && Jail.availability().runsConverters)
    }

    @Test(arguments: Probe.launchers)
    func `a worker that behaves works, with and without files`(launcher: JailLauncher) throws {
        for policy in [Probe.narrow, Probe.reading] {
            let process = try JailedProcess(policy: policy, .run("echo"), launcher: launcher)
            #expect(try process.exchange([1, 2, 3]) == [1, 2, 3])
            let long = [UInt8](repeating: 7, count: 1 << 20)
            #expect(try process.exchange(long) == long)
            process.closeInput()
            let exit = try process.wait(by: Probe.watchdog)
            #expect(exit.reason == .exited(0))
        }
    }

    @Test(arguments: Probe.launchers)
    func `threads of the C library work`(launcher: JailLauncher) throws {
        let process = try JailedProcess(policy: Probe.narrow, .run("threads"), launcher: launcher)
        #expect(try process.exchange([]) == Array("199800000".utf8))
    }

    @Test(arguments: Probe.launchers)
    func `character sets are converted when the policy lets their tables be read`(launcher: JailLauncher) throws {
        let text: [UInt8] = [0x93, 0xfa, 0x96, 0x7b]
        let reading = try JailedProcess(policy: Probe.reading, .run("charsets"), launcher: launcher)
        #expect(String(decoding: try reading.exchange(text), as: UTF8.self) == "日本")
        let narrow = try JailedProcess(policy: Probe.narrow, .run("charsets"), launcher: launcher)
        #expect(String(decoding: try narrow.exchange(text), as: UTF8.self).hasPrefix("no converter"))
    }

    @Test func `without seccomp there is no jail`() throws {
        let lacking = JailLauncher(command: [Probe.path, "without", "\(SYS_seccomp)", "\(ENOSYS)"])
        for policy in [Probe.narrow, Probe.reading] {
            let process = try JailedProcess(policy: policy, .run("echo"), launcher: lacking)
            #expect(try refusal(process).contains("no seccomp filter"))
        }
    }

    @Test(arguments: [ENOSYS, EOPNOTSUPP])
    func `without Landlock nothing is read, and who reads nothing works`(error: Int32) throws {
        let lacking = JailLauncher(command: [Probe.path, "without", "444", "\(error)"])
        let reading = try JailedProcess(policy: Probe.reading, .run("echo"), launcher: lacking)
        #expect(try refusal(reading).contains("no Landlock"))
        let narrow = try JailedProcess(policy: Probe.narrow, .run("attempt"), launcher: lacking)
        #expect(try narrow.attempt(["read", "/etc/passwd"]) == .refused(EPERM))
    }

    @Test(arguments: [
        (SYS_setsid, "session"), (SYS_prlimit64, "limit"), (436, "descriptors"), (SYS_capset, "privileges"),
        (445, "Landlock rules"), (446, "Landlock rules"),
    ])
    func `a step that fails refuses the jail`(call: Int32, words: String) throws {
        let lacking = JailLauncher(command: [Probe.path, "without", "\(call)", "\(EINVAL)"])
        let process = try JailedProcess(policy: Probe.reading, .run("echo"), launcher: lacking)
        #expect(try refusal(process).contains(words))
    }

    @Test(arguments: [
        ["__jail"], ["__jail", "x", "run", "echo"], ["__jail", "1:1000:1:0", "walk", "echo"],
        ["__jail", "1:1000:1:0", "run"], ["__jail", "1:1000:1:0", "run", "nobody"],
        ["__jail", "1:0:1:0", "run", "echo"], ["__jail", "1:1000:0:0", "run", "echo"],
        ["__jail", "1:1000000000:1:1:r/usr", "run", "echo"],
    ])
    func `a malformed call of the jail is refused`(arguments: [String]) throws {
        let process = try JailedProcess(command: [Probe.path] + arguments)
        #expect(try refusal(process).hasPrefix("jail refused: "))
    }

    @Test func `too many paths are refused`() throws {
        var policy = Probe.reading
        policy.readable = [String](repeating: "/usr", count: 65)
        let process = try JailedProcess(policy: policy, .run("echo"), launcher: Probe.direct)
        #expect(try refusal(process).contains("malformed"))
    }

    @Test func `a program that cannot be executed has a code of its own`() throws {
        let policy = JailPolicy.converter(memoryBytesMax: 1 << 30, processorSecondsMax: 1)
        let process = try JailedProcess(policy: policy, .exec(["/usr/bin/true"]), launcher: Probe.direct)
        #expect(try process.wait(by: Probe.watchdog).reason == .exited(126))
    }

    @Test func `the environment is not inherited`() throws {
        setenv("CLOISTER_JAIL_SECRET", "1", 1)
        let process = try JailedProcess(command: ["/usr/bin/env"], environment: ["A": "b"])
        let text = String(decoding: try process.receiveAll(bytesMax: 4096, by: Probe.watchdog), as: UTF8.self)
        #expect(text == "A=b\nLANG=C.UTF-8\nOMP_THREAD_LIMIT=1\n")
    }
}
