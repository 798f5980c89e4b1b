import Glibc
import Sandbox

// A program for the jail's tests: `__jail ...` as any program that uses the jail, `free <worker>` for the same work
// without a jail, and `without <call number> <error> ...` before either, for a kernel that lacks something.

var arguments = CommandLine.arguments
while arguments.count > 3, arguments[1] == "without", let call = UInt32(arguments[2]), let code = UInt32(arguments[3]) {
    LackingKernel.pretend(call: call, fails: code)
    arguments.removeSubrange(1...3)
}
Jail.enterIfAsked(arguments, workers: ProbeWorkers.all)
guard arguments.count > 2, arguments[1] == "free", let worker = ProbeWorkers.all[arguments[2]] else { exit(2) }
worker()
