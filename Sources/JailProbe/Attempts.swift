import CJail
import Glibc

/// Ways out of a jail, each through the system call that it is about. A request is the name of one and its arguments,
/// separated by line feeds; the reply is `done` or `refused <error>`.
enum Attempts {
    /// PTRACE_SEIZE: traces without stopping.
    private static let seize = 0x4206
    /// CLONE_FILES: changes nothing that anybody sees.
    private static let unshareFiles = 0x400
    /// F_SETOWN
    private static let setOwner = 8

    static func perform(_ request: String) -> String {
        let words = request.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard let attempt = all[words[0]] else { return "unknown" }
        let result = attempt(Array(words.dropFirst()))
        return result < 0 ? "refused \(-result)" : "done"
    }

    private static func call(_ number: Int32, _ arguments: Int...) -> Int {
        let all = arguments + [Int](repeating: 0, count: 6 - arguments.count)
        return cjail_syscall(Int(number), all[0], all[1], all[2], all[3], all[4], all[5])
    }

    private static func number(_ words: [String]) -> Int { words.first.flatMap { Int($0) } ?? -1 }

    private static func open(_ path: String, _ flags: Int32) -> Int {
        path.withCString { call(SYS_openat, Int(AT_FDCWD), Int(bitPattern: $0), Int(flags), 0o600) }
    }

    /// One byte of the file, so that a file which opens and cannot be read does not count.
    private static func readByte(_ path: String) -> Int {
        let file = open(path, O_RDONLY)
        guard file >= 0 else { return file }
        defer { close(Int32(file)) }
        return readByte(of: file)
    }

    private static func readByte(of file: Int) -> Int {
        var byte: UInt8 = 0
        return withUnsafeMutablePointer(to: &byte) { call(SYS_read, file, Int(bitPattern: $0), 1) }
    }

    private static func execute(_ path: String) -> Int {
        let argument = strdup(path)
        var arguments = [argument, strdup("-c"), strdup("exit 42"), nil]
        return arguments.withUnsafeMutableBufferPointer { arguments in
            call(SYS_execve, Int(bitPattern: argument), Int(bitPattern: arguments.baseAddress), 0)
        }
    }

    private static func connect(port: Int) -> Int {
        let made = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard made >= 0 else { return -Int(errno) }
        defer { close(made) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return withUnsafePointer(to: &address) {
            call(SYS_connect, Int(made), Int(bitPattern: $0), MemoryLayout<sockaddr_in>.size)
        }
    }

    /// A copy of this process, which ends at once.
    private static func fork(_ flags: Int) -> Int {
        let child = call(SYS_clone, flags)
        if child == 0 { _ = call(SYS_exit_group, 0) }
        return child
    }

    private static func readMemory(of process: Int) -> Int {
        var byte: UInt8 = 0
        return withUnsafeMutablePointer(to: &byte) { byte in
            var ours = iovec(iov_base: byte, iov_len: 1)
            // Any address: one that is not mapped there is refused as such (EFAULT), which is not a protection.
            var theirs = iovec(iov_base: byte, iov_len: 1)
            let result = withUnsafePointer(to: &ours) { ours in
                withUnsafePointer(to: &theirs) { theirs in
                    call(SYS_process_vm_readv, process, Int(bitPattern: ours), 1, Int(bitPattern: theirs), 1)
                }
            }
            return result == -Int(EFAULT) ? 0 : result
        }
    }

    private static func map(_ protection: Int32) -> Int {
        call(SYS_mmap, 0, 4096, Int(protection), Int(MAP_PRIVATE | MAP_ANONYMOUS), -1, 0)
    }

    private static func protect() -> Int {
        let page = map(PROT_READ | PROT_WRITE)
        return page < 0 && page > -4096 ? page : call(SYS_mprotect, page, 4096, Int(PROT_READ | PROT_EXEC))
    }

    private static func setLimit() -> Int {
        var limit = rlimit(rlim_cur: 512, rlim_max: 512)
        return withUnsafePointer(to: &limit) { call(SYS_prlimit64, 0, 7, Int(bitPattern: $0), 0) }
    }

    static var all: [String: ([String]) -> Int] {
        [
            "nothing": { _ in 0 },
            "read": { readByte($0[0]) },
            "place": { open($0[0], 0o10000000) },
            "inherited": { readByte(of: number($0)) },
            "write": { open($0[0], O_WRONLY) },
            "create": { open($0[0], O_WRONLY | O_CREAT) },
            "delete": { path in path[0].withCString { call(SYS_unlinkat, Int(AT_FDCWD), Int(bitPattern: $0), 0) } },
            "connect": { connect(port: number($0)) },
            "socket": { call(SYS_socket, number($0), Int(SOCK_DGRAM.rawValue), 0) },
            "fork": { _ in fork(Int(SIGCHLD)) },
            "namespace": { _ in fork(0x1000_0000 | Int(SIGCHLD)) },
            "vfork": { _ in fork(0x4000 | Int(SIGCHLD)) },
            "execute": { execute($0[0]) },
            "trace": { call(SYS_ptrace, seize, number($0), 0, 0) },
            "signal": { call(SYS_kill, number($0), 0) },
            "thread signal": { call(SYS_tgkill, number($0), number($0), 0) },
            "memory": { readMemory(of: number($0)) },
            "unshare": { _ in call(SYS_unshare, unshareFiles) },
            "mount": { _ in "/".withCString { call(SYS_mount, 0, Int(bitPattern: $0), 0, 0, 0) } },
            "set user": { call(SYS_setuid, number($0)) },
            "set groups": { _ in call(SYS_setgroups, 0, 0) },
            "memory file": { _ in "m".withCString { call(SYS_memfd_create, Int(bitPattern: $0), 0) } },
            "outlive parent": { _ in call(SYS_prctl, 1, 0) },
            "set limit": { _ in setLimit() },
            "owner": { call(SYS_fcntl, 0, setOwner, number($0)) },
            "written code": { _ in map(PROT_READ | PROT_WRITE | PROT_EXEC) },
            "turned code": { _ in protect() },
            "keys": { _ in call(SYS_keyctl, 0, -3, 0) },
            "ring": { _ in call(425, 1, 0) },
            "program": { _ in call(SYS_bpf, 0, 0, 0) },
            "x32": { _ in call(SYS_getpid | 0x4000_0000) },
        ]
    }
}
