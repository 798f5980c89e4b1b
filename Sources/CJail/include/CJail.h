// The jail in which hostile documents are parsed: what a process gives up before it reads the first of their bytes.
//
// Linux on x86-64 and arm64 only, through raw system calls, so that no library's version decides what is possible.
// A step that cannot be taken refuses the jail as a whole; there is no weaker one to fall back to.
#ifndef CJAIL_H
#define CJAIL_H

#include <spawn.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>

#ifdef __cplusplus
extern "C" {
#endif

// Paths one policy may name.
#define CJAIL_PATHS_MAX 64
// User and group of a jail that root enters; "nobody" on every distribution.
#define CJAIL_USER 65534
// Tasks that the jail's user may have, counted by the kernel over all processes of that user: a brake on a thread
// bomb, not a budget. The address space of a process bounds its threads much earlier.
#define CJAIL_TASKS_MAX 4096
// Descriptors one jailed process may hold.
#define CJAIL_DESCRIPTORS_MAX 64

struct cjail_path {
    // Absolute; a file, or a folder with all beneath it. What does not exist is skipped.
    const char *path;
    // 1 if files there may also be executed, otherwise 0.
    int executes;
};

struct cjail_policy {
    // RLIMIT_AS: bytes of address space, of the program itself too.
    uint64_t memory_bytes_max;
    // RLIMIT_CPU: seconds of processor time. SIGXCPU then, SIGKILL one second later.
    uint64_t processor_seconds_max;
    // What may be opened for reading. None at all: no path is ever resolved again.
    const struct cjail_path *paths;
    size_t path_count;
    // The process that must still be the parent, or 0 for any.
    int32_t parent;
};

// Why a jail was refused.
enum cjail_refusal {
    CJAIL_ENTERED = 0,
    CJAIL_BAD_POLICY = 1,      // A bound is zero or there are too many or relative paths.
    CJAIL_NO_SECCOMP = 2,      // The kernel has no seccomp filters, or the processor is another one.
    CJAIL_NO_LANDLOCK = 3,     // The policy reads files and the kernel cannot say which.
    CJAIL_THREADS = 4,         // The process has more than one thread, or its threads cannot be counted.
    CJAIL_PARENT = 5,          // Death with the parent could not be arranged, or the parent is gone.
    CJAIL_SESSION = 6,         // No session of its own.
    CJAIL_LIMITS = 7,          // A resource limit was not taken.
    CJAIL_DESCRIPTORS = 8,     // Inherited descriptors could not be closed.
    CJAIL_USER_KEPT = 9,       // Root, groups or capabilities could not be given up for good.
    CJAIL_PRIVILEGES = 10,     // no_new_privs or the dumpable flag was refused.
    CJAIL_PATH = 11,           // A listed path exists and could not be opened.
    CJAIL_LANDLOCK = 12,       // The kernel has Landlock and refused the rules.
    CJAIL_FILTER = 13,         // The kernel has seccomp and refused the filter.
};

// Enters the jail for the rest of the process's life, also across `execve`. Call it in a process that was just
// executed and has one thread. Returns CJAIL_ENTERED, or a `cjail_refusal` with `errno` of the step that failed; the
// process is then half confined and must exit.
int cjail_enter(const struct cjail_policy *policy);

// A sentence about a `cjail_refusal`, without full stop.
const char *cjail_message(int refusal);

// 1 if the kernel takes seccomp filters that kill a process and the processor is known, otherwise 0.
int cjail_has_seccomp(void);
// The version of Landlock's interface, or 0 without it.
int cjail_landlock_abi(void);

// A system call that Swift cannot name because its C function takes a variable list. Returns the result or -errno.
long cjail_syscall(long number, long a, long b, long c, long d, long e, long f);
// posix_spawn_file_actions_addclosefrom_np(3), which the headers hide from Swift: the new process keeps no descriptor
// from `first` on. Returns 0 or an error.
int cjail_spawn_close_from(posix_spawn_file_actions_t *actions, int first);

#ifdef __cplusplus
}
#endif

#endif
