import Foundation
import TestKit
import Testing

@testable import Sandbox

/// The probe program, started in the ways the tests need.
enum Probe {
    /// A copy of what was built beside the tests, where an ordinary user may read it too: a checkout may be root's own.
    static let path: String = {
        let built = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
            .deletingLastPathComponent().appending(path: "JailProbe").path
        let copy = folder + "/JailProbe"
        do {
            atexit { try? FileManager.default.removeItem(atPath: Probe.folder) }
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try FileManager.default.copyItem(atPath: built, toPath: copy)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: copy)
            return copy
        } catch {
            return built
        }
    }()

    private static let folder = NSTemporaryDirectory() + "cloister-probe-\(UUID().uuidString)"

    static let direct = JailLauncher(command: [path])
    /// The same as an ordinary user, when the tests run as root.
    static let ordinary = JailLauncher(command: setpriv + [path])

    /// Both, where both exist: root gives up more, an ordinary user has less to give up.
    static let launchers = geteuid() == 0 ? [direct, ordinary] : [direct]

    private static let setpriv = ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]

    /// The user that a jailed process has in the end, without a jail.
    static var asJailUser: JailLauncher { geteuid() == 0 ? ordinary : direct }

    static func free(_ worker: String, as launcher: JailLauncher) throws -> JailedProcess {
        try JailedProcess(command: launcher.command + ["free", worker])
    }

    static let narrow = JailPolicy(memoryBytesMax: 2 << 30, processorSecondsMax: 10)
    static let reading = JailPolicy.parser(memoryBytesMax: 2 << 30, processorSecondsMax: 10)

    /// Generous: what is tested is that something ends, not when.
    static var watchdog: ContinuousClock.Instant { .now + .seconds(300) }
}

/// What became of an attempt.
enum AttemptEnd: Hashable {
    case done
    case refused(Int32)
    case ended(JailedExit.Reason)

    var isPrevented: Bool {
        switch self {
        case .done: false
        case .refused: true
        case .ended(let reason): reason == .signalled(SIGSYS)
        }
    }
}

extension JailedProcess {
    /// Asks the worker `attempt` for one.
    func attempt(_ words: [String]) throws -> AttemptEnd {
        do {
            let reply = String(decoding: try exchange(Array(words.joined(separator: "\n").utf8)), as: UTF8.self)
            if reply == "done" { return .done }
            let number = try #require(Int32(reply.split(separator: " ").last ?? ""), "\(words): \(reply)")
            return .refused(number)
        } catch let failure as JailFailure where failure != .timedOut {
            return .ended(try wait(by: Probe.watchdog).reason)
        }
    }

    func exchange(_ request: [UInt8], by deadline: ContinuousClock.Instant = Probe.watchdog) throws -> [UInt8] {
        try WorkerConnection(process: self, deadline: deadline).exchange(request, replyBytesMax: 1 << 20)
    }
}
