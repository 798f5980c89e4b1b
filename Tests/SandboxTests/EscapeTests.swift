import Foundation
import Testing

@testable import Sandbox

/// Every way out that we know, tried inside the jail and, where it harms nobody, outside: what is refused there too
/// would prove nothing.
@Suite(.timeLimit(.minutes(10))) struct EscapeTests {
    struct Escape: CustomTestStringConvertible, Sendable {
        let name: String
        let words: [String]
        /// How it ends without a jail; nil where that would do harm or is no proof.
        var free: AttemptEnd? = .done
        /// Without a jail it needs root.
        var needsRoot = false

        var testDescription: String { name }
    }

    /// Things to attack: a process of the same user, a listener, a folder where everybody may do everything.
    private final class Surroundings {
        let victim: JailedProcess
        let folder: String
        let listener: Int32
        let port: UInt16

        init() throws {
            victim = try Probe.free("victim", as: Probe.asJailUser)
            _ = try victim.exchange([1])
            folder = NSTemporaryDirectory() + "cloister-escape-\(UUID().uuidString)"
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o777])
            chmod(folder, 0o777)
            for (name, mode) in [("secret", 0o666), ("program", 0o777)] {
                let text = "#!/bin/sh\nexit 42\n"
                try Data(text.utf8).write(to: URL(filePath: folder + "/" + name))
                chmod(folder + "/" + name, mode_t(mode))
            }
            (listener, port) = try Self.listen()
        }

        deinit {
            close(listener)
            try? FileManager.default.removeItem(atPath: folder)
        }

        private static func listen() throws -> (Int32, UInt16) {
            let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let isBound = withUnsafeMutableBytes(of: &address) { memory in
                guard let raw = memory.baseAddress?.assumingMemoryBound(to: sockaddr.self) else { return false }
                return bind(listener, raw, length) == 0 && Glibc.listen(listener, 100) == 0
                    && getsockname(listener, raw, &length) == 0
            }
            try #require(isBound)
            return (listener, UInt16(bigEndian: address.sin_port))
        }
    }

    private static func escapes(_ here: Surroundings) -> [Escape] {
        let victim = "\(here.victim.identifier)"
        let secret = here.folder + "/secret"
        return files(secret: secret, folder: here.folder, victim: victim)
            + [
                Escape(name: "connect to a local port", words: ["connect", "\(here.port)"]),
                Escape(name: "a UNIX socket", words: ["socket", "\(AF_UNIX)"]),
                Escape(name: "an internet socket", words: ["socket", "\(AF_INET)"]),
                Escape(name: "an internet 6 socket", words: ["socket", "\(AF_INET6)"], free: nil),
                Escape(name: "a netlink socket", words: ["socket", "16"]),
                Escape(name: "a socket of virtual machines", words: ["socket", "40"], free: nil),
            ] + processes(victim: victim) + privileges(victim: victim)
    }

    private static func files(secret: String, folder: String, victim: String) -> [Escape] {
        [
            Escape(name: "read /etc/passwd", words: ["read", "/etc/passwd"]),
            Escape(name: "read a file of ours", words: ["read", secret]),
            Escape(name: "read above a listed folder", words: ["read", "/usr/lib/x86_64-linux-gnu/../../.." + secret]),
            Escape(name: "hold a place", words: ["place", secret]),
            Escape(name: "write a file", words: ["write", secret]),
            Escape(name: "make a file", words: ["create", folder + "/made"]),
            Escape(name: "delete a file", words: ["delete", folder + "/made"], free: nil),
            Escape(name: "write where it may read", words: ["create", "/usr/lib/x86_64-linux-gnu/x"], free: nil),
            Escape(name: "a process's memory as a file", words: ["read", "/proc/\(victim)/environ"]),
            Escape(name: "a process's memory", words: ["place", "/proc/\(victim)/mem"]),
            Escape(name: "our parent's environment", words: ["read", "/proc/\(getpid())/environ"], free: nil),
            Escape(name: "a file in memory", words: ["memory file"]),
        ]
    }

    private static func processes(victim: String) -> [Escape] {
        [
            Escape(name: "fork", words: ["fork"]),
            Escape(name: "vfork", words: ["vfork"]),
            Escape(name: "a user of its own", words: ["namespace"], free: nil),
            Escape(name: "execute a shell", words: ["execute", "/bin/sh"], free: .ended(.exited(42))),
            Escape(name: "trace a process", words: ["trace", victim]),
            Escape(name: "trace our parent", words: ["trace", "\(getpid())"], free: nil),
            Escape(name: "signal a process", words: ["signal", victim]),
            Escape(name: "signal our parent", words: ["signal", "\(getpid())"], free: nil),
            Escape(name: "signal everybody", words: ["signal", "-1"]),
            Escape(name: "signal a thread", words: ["thread signal", victim]),
            Escape(name: "own a descriptor's signals", words: ["owner", victim]),
            Escape(name: "read a process's memory", words: ["memory", victim]),
        ]
    }

    private static func privileges(victim: String) -> [Escape] {
        [
            Escape(name: "leave what is shared", words: ["unshare"], free: nil),
            Escape(name: "mount", words: ["mount"], free: nil),
            Escape(name: "become root again", words: ["set user", "0"], needsRoot: true),
            Escape(name: "groups again", words: ["set groups"], needsRoot: true),
            Escape(name: "outlive the parent", words: ["outlive parent"]),
            Escape(name: "raise a limit", words: ["set limit"]),
            Escape(name: "memory to write and execute", words: ["written code"]),
            Escape(name: "memory written, then executed", words: ["turned code"]),
            Escape(name: "the kernel's key rings", words: ["keys"], free: nil),
            Escape(name: "io_uring", words: ["ring"], free: nil),
            Escape(name: "a program for the kernel", words: ["program"], free: nil),
            Escape(name: "the x32 door", words: ["x32"], free: nil),
        ]
    }

    @Test func `each way out works outside of the jail`() throws {
        let here = try Surroundings()
        for escape in Self.escapes(here) {
            guard let expected = escape.free else { continue }
            if escape.needsRoot, geteuid() != 0 { continue }
            let launcher = escape.needsRoot ? Probe.direct : Probe.asJailUser
            let end = try Probe.free("attempt", as: launcher).attempt(escape.words)
            #expect(end == expected, "\(escape.name)")
        }
    }

    @Test(arguments: Probe.launchers, [Probe.narrow, Probe.reading])
    func `no way out works in the jail`(launcher: JailLauncher, policy: JailPolicy) throws {
        let here = try Surroundings()
        for escape in Self.escapes(here) {
            let process = try JailedProcess(policy: policy, .run("attempt"), launcher: launcher)
            #expect(try process.attempt(["nothing"]) == .done)
            let end = try process.attempt(escape.words)
            #expect(end.isPrevented, "\(escape.name): \(end)")
        }
        #expect(try here.victim.exchange([2]) == [2])
    }

    @Test(arguments: Probe.launchers)
    func `what only attackers call ends the process`(launcher: JailLauncher) throws {
        for words in [["trace", "1"], ["memory", "1"], ["unshare"], ["mount"], ["keys"], ["ring"], ["program"]] {
            let process = try JailedProcess(policy: Probe.narrow, .run("attempt"), launcher: launcher)
            #expect(try process.attempt(words) == .ended(.signalled(SIGSYS)), "\(words)")
        }
    }

    @Test(arguments: Probe.launchers)
    func `a leaked descriptor is closed, and free processes can read it`(launcher: JailLauncher) throws {
        let leaking = ["/bin/sh", "-c", "exec 7</etc/passwd; exec \"$@\"", "sh"] + launcher.command
        let free = try JailedProcess(command: leaking + ["free", "attempt"])
        #expect(try free.attempt(["inherited", "7"]) == .done)
        let jailed = try JailedProcess(
            policy: Probe.reading, .run("attempt"), launcher: JailLauncher(command: leaking))
        #expect(try jailed.attempt(["inherited", "7"]) == .refused(EBADF))
    }

    @Test(arguments: Probe.launchers)
    func `only what is listed for it can be executed`(launcher: JailLauncher) throws {
        let here = try Surroundings()
        var policy = JailPolicy.converter(memoryBytesMax: 1 << 30, processorSecondsMax: 10)
        policy.readable += [here.folder, "/usr/bin", "/bin"]
        policy = policy.executing("/usr/bin/true")
        func execute(_ path: String) throws -> AttemptEnd {
            try JailedProcess(policy: policy, .run("attempt"), launcher: launcher).attempt(["execute", path])
        }
        #expect(try execute("/usr/bin/true") == .ended(.exited(0)))
        #expect(try execute("/bin/sh") == .refused(EACCES))
        #expect(try execute(here.folder + "/program") == .refused(EACCES))
        let reader = try JailedProcess(policy: policy, .run("attempt"), launcher: launcher)
        #expect(try reader.attempt(["read", here.folder + "/secret"]) == .done)
        #expect(try reader.attempt(["write", here.folder + "/secret"]) == .refused(EACCES))
        #expect(try reader.attempt(["read", "/etc/passwd"]) == .refused(EACCES))
    }
}
