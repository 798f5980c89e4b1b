import CJail
import Glibc

/// One process as posix_spawn(3) makes it: three descriptors, a clean environment, default signals.
struct ProcessStart: Sendable {
    let command: [String]
    let environment: [String]
    /// What becomes descriptors 0, 1 and 2 of the process; all above 2 here.
    let streams: [Int32]
    /// Whether it begins a process group, by which it is killed with all that it starts. A jail makes one of its own.
    let leadsGroup: Bool

    /// The process's identifier.
    func spawn() throws(JailFailure) -> pid_t {
        let result = SpawningThread.shared.run { spawnHere() }
        guard result.error == 0 else {
            throw .unavailable(reason: "\(command[0]) could not be started (error \(result.error))")
        }
        return result.process
    }

    private func spawnHere() -> (process: pid_t, error: Int32) {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        var error = set(&actions)
        if error == 0 { error = set(&attributes) }
        guard error == 0 else { return (-1, error) }
        return CStrings.with(command) { arguments in
            CStrings.with(environment) { environment in
                var process: pid_t = -1
                let error = posix_spawn(&process, command[0], &actions, &attributes, arguments, environment)
                return (process, error)
            }
        }
    }

    private func set(_ actions: inout posix_spawn_file_actions_t) -> Int32 {
        for (target, stream) in streams.enumerated() {
            let error = posix_spawn_file_actions_adddup2(&actions, stream, Int32(target))
            if error != 0 { return error }
        }
        return cjail_spawn_close_from(&actions, 3)
    }

    /// A server ignores SIGPIPE and its threads may block signals; both would be inherited.
    private func set(_ attributes: inout posix_spawnattr_t) -> Int32 {
        var all = sigset_t()
        var none = sigset_t()
        sigfillset(&all)
        sigemptyset(&none)
        let group = leadsGroup ? POSIX_SPAWN_SETPGROUP : 0
        let flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | group
        let errors = [
            posix_spawnattr_setsigdefault(&attributes, &all), posix_spawnattr_setsigmask(&attributes, &none),
            posix_spawnattr_setpgroup(&attributes, 0), posix_spawnattr_setflags(&attributes, Int16(flags)),
        ]
        return errors.first { $0 != 0 } ?? 0
    }
}

/// Arrays of C strings with a null at the end, for the length of a call.
enum CStrings {
    static func with<Value>(_ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Value) -> Value {
        let copies = texts.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return body(copies + [nil])
    }
}
