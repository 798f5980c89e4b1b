import CJail
import Glibc

/// Makes a system call fail from here on, as on a kernel that does not have it.
enum LackingKernel {
    /// One instruction of classic BPF; linux/filter.h.
    private struct Step {
        let code: UInt16
        let yes: UInt8
        let no: UInt8
        let value: UInt32
    }

    private struct Program {
        let count: UInt16
        let steps: UnsafePointer<Step>?
    }

    /// PR_SET_NO_NEW_PRIVS
    private static let noNewPrivileges = 38

    static func pretend(call: UInt32, fails code: UInt32) {
        let steps = [
            Step(code: 0x20, yes: 0, no: 0, value: 0), Step(code: 0x15, yes: 0, no: 1, value: call),
            Step(code: 0x06, yes: 0, no: 0, value: 0x0005_0000 | code),
            Step(code: 0x06, yes: 0, no: 0, value: 0x7fff_0000),
        ]
        let installed = steps.withUnsafeBufferPointer { steps in
            withUnsafePointer(to: Program(count: UInt16(steps.count), steps: steps.baseAddress)) { program in
                _ = cjail_syscall(Int(SYS_prctl), noNewPrivileges, 1, 0, 0, 0, 0)
                return cjail_syscall(Int(SYS_seccomp), 1, 0, Int(bitPattern: program), 0, 0, 0)
            }
        }
        if installed != 0 { exit(3) }
    }
}
