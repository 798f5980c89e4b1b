// The allow list of system calls, as a classic BPF program.
//
// The program compares the call's number with one entry after the other. An entry ends in a verdict, so whatever an
// entry loads to look at arguments does not disturb the next one. The kernel remembers calls that are allowed
// whatever their arguments, so the length of the list costs nothing when it counts.
//
// What is allowed is what the dynamic loader, malloc, threads, a Swift program, poppler and tesseract were seen to
// need. Everything else fails with EPERM, which libraries take for a missing feature. A few calls no parser makes by
// accident; they end the process.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "steps.h"

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#define ARCHITECTURE 0
#endif

// Bit of the numbers of the x32 interface, which is a second door to every call.
#define X32_BIT 0x40000000
#define ROOM 512

#define OFFSET(field) ((uint32_t)offsetof(struct seccomp_data, field))
// Low and high half of an argument; both processors are little-endian.
#define LOW(argument) (OFFSET(args) + 8u * (argument))
#define HIGH(argument) (LOW(argument) + 4u)
#define FAIL(code) (SECCOMP_RET_ERRNO | (code))

struct program {
    struct sock_filter steps[ROOM];
    unsigned short count;
};

static void step(struct program *program, uint16_t code, uint8_t yes, uint8_t no, uint32_t value) {
    // A list that outgrows its room makes the count too large, and the installation is refused.
    if (program->count < ROOM) {
        program->steps[program->count] = (struct sock_filter){.code = code, .jt = yes, .jf = no, .k = value};
    }
    program->count++;
}

static void load(struct program *program, uint32_t offset) { step(program, BPF_LD | BPF_W | BPF_ABS, 0, 0, offset); }

static void verdict(struct program *program, uint32_t value) { step(program, BPF_RET | BPF_K, 0, 0, value); }

// Goes on if the loaded word is `value`, otherwise skips `skipped` steps.
static void if_equal(struct program *program, uint32_t value, uint8_t skipped) {
    step(program, BPF_JMP | BPF_JEQ | BPF_K, 0, skipped, value);
}

// Goes on if the loaded word has none of `bits`, otherwise skips `skipped` steps.
static void if_clear(struct program *program, uint32_t bits, uint8_t skipped) {
    step(program, BPF_JMP | BPF_JSET | BPF_K, skipped, 0, bits);
}

static void answer(struct program *program, const int *calls, size_t count, uint32_t value) {
    for (size_t i = 0; i < count; i++) {
        if_equal(program, (uint32_t)calls[i], 1);
        verdict(program, value);
    }
}
#define ANSWER(program, calls, value) answer(program, calls, sizeof calls / sizeof calls[0], value)

// ---- the lists

static const int always[] = {
    __NR_read, __NR_readv, __NR_write, __NR_writev, __NR_close, __NR_lseek, __NR_pread64, __NR_preadv, __NR_dup,
    __NR_dup3, __NR_ppoll, __NR_pselect6, __NR_fstat, __NR_fadvise64,
    __NR_munmap, __NR_mremap, __NR_madvise, __NR_brk,
    __NR_futex, __NR_set_robust_list, __NR_set_tid_address, __NR_sched_yield, __NR_sched_getaffinity, __NR_getcpu,
    __NR_rt_sigaction, __NR_rt_sigprocmask, __NR_rt_sigreturn, __NR_sigaltstack, __NR_restart_syscall,
    __NR_clock_gettime, __NR_clock_getres, __NR_clock_nanosleep, __NR_nanosleep, __NR_gettimeofday, __NR_times,
    __NR_getrandom, __NR_getpid, __NR_gettid, __NR_getppid, __NR_getuid, __NR_geteuid, __NR_getgid, __NR_getegid,
    __NR_getrusage, __NR_uname, __NR_sysinfo, __NR_exit, __NR_exit_group,
#ifdef __NR_rseq
    __NR_rseq,
#endif
#if defined(__x86_64__)
    __NR_dup2, __NR_poll, __NR_select, __NR_time,
#endif
};

// Landlock says which files; it does not hide names and sizes.
static const int with_paths[] = {
    __NR_newfstatat, __NR_statx, __NR_faccessat, 439 /* faccessat2 */, __NR_readlinkat, __NR_getdents64, __NR_getcwd,
    __NR_statfs, __NR_fstatfs,
#if defined(__x86_64__)
    __NR_stat, __NR_lstat, __NR_access, __NR_readlink,
#endif
};

static const int deadly[] = {
    __NR_ptrace, __NR_process_vm_readv, __NR_process_vm_writev, __NR_kexec_load, __NR_bpf, __NR_mount, __NR_umount2,
    __NR_pivot_root, __NR_unshare, __NR_setns, __NR_keyctl, __NR_add_key, __NR_request_key, __NR_userfaultfd,
    __NR_perf_event_open, __NR_init_module, __NR_finit_module, __NR_delete_module, __NR_open_by_handle_at,
    425 /* io_uring_setup */, 426 /* io_uring_enter */, 427 /* io_uring_register */, 428 /* open_tree */,
    429 /* move_mount */, 430 /* fsopen */, 432 /* fsmount */, 438 /* pidfd_getfd */, 442 /* mount_setattr */,
#ifdef __NR_kexec_file_load
    __NR_kexec_file_load,
#endif
};

// The C library falls back to clone, whose flags a filter can see.
static const int missing[] = {435 /* clone3 */};

static const int executing[] = {__NR_execve};

// ---- calls with conditions on their arguments

// A thread, and nothing that only new processes and namespaces have: what glibc and musl pass for pthread_create.
static void allow_threads(struct program *program) {
    uint32_t needed = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD;
    uint32_t usual = CLONE_SYSVSEM | CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID | CLONE_DETACHED;
    if_equal(program, __NR_clone, 6);
    load(program, LOW(0));
    if_clear(program, ~(needed | usual), 3);
    step(program, BPF_ALU | BPF_AND | BPF_K, 0, 0, needed);
    if_equal(program, needed, 1);
    verdict(program, SECCOMP_RET_ALLOW);
    verdict(program, FAIL(EPERM));
}

// Opening to read, not to write or create, nor as a mere place, which Landlock does not look at.
static void allow_open(struct program *program, int call, uint32_t flags) {
    uint32_t refused = O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND | (O_TMPFILE & ~O_DIRECTORY) | O_PATH;
    if_equal(program, (uint32_t)call, 4);
    load(program, LOW(flags));
    if_clear(program, refused, 1);
    verdict(program, SECCOMP_RET_ALLOW);
    verdict(program, FAIL(EACCES));
}

// Memory that is written is never executed, and without files nothing new is.
static void allow_mapping(struct program *program, bool reads_files) {
    if_equal(program, __NR_mmap, 5);
    load(program, LOW(2));
    step(program, BPF_ALU | BPF_AND | BPF_K, 0, 0, reads_files ? PROT_WRITE | PROT_EXEC : PROT_EXEC);
    if_equal(program, reads_files ? PROT_WRITE | PROT_EXEC : PROT_EXEC, 1);
    verdict(program, FAIL(EPERM));
    verdict(program, SECCOMP_RET_ALLOW);
    if_equal(program, __NR_mprotect, 4);
    load(program, LOW(2));
    if_clear(program, PROT_EXEC, 1);
    verdict(program, SECCOMP_RET_ALLOW);
    verdict(program, FAIL(EPERM));
}

// Signals to this process only; `abort` needs them.
static void allow_own_signals(struct program *program) {
    if_equal(program, __NR_tgkill, 4);
    load(program, LOW(0));
    if_equal(program, (uint32_t)getpid(), 1);
    verdict(program, SECCOMP_RET_ALLOW);
    verdict(program, FAIL(EPERM));
}

// Asking for this process's limits, with no new ones.
static void allow_limits(struct program *program) {
    if_equal(program, __NR_prlimit64, 8);
    load(program, LOW(0));
    if_equal(program, 0, 5);
    load(program, LOW(2));
    if_equal(program, 0, 3);
    load(program, HIGH(2));
    if_equal(program, 0, 1);
    verdict(program, SECCOMP_RET_ALLOW);
    verdict(program, FAIL(EPERM));
}

// Allows `call` if its argument is one of the values.
static void allow_values(struct program *program, int call, unsigned argument, const int *values, uint8_t count) {
    if_equal(program, (uint32_t)call, (uint8_t)(2 + 2 * count));
    load(program, LOW(argument));
    for (uint8_t i = 0; i < count; i++) {
        if_equal(program, (uint32_t)values[i], 1);
        verdict(program, SECCOMP_RET_ALLOW);
    }
    verdict(program, FAIL(EPERM));
}

// No F_SETOWN and F_SETSIG: they make the kernel signal another process.
static const int descriptor_commands[] = {F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, F_GETFL, F_SETFL};
static const int process_options[] = {PR_SET_NAME, PR_GET_NAME};
#if defined(__x86_64__)
static const int segment_codes[] = {0x1002 /* ARCH_SET_FS */, 0x1003 /* ARCH_GET_FS */};
#endif

static void allow_conditionally(struct program *program, bool reads_files) {
    allow_threads(program);
    allow_mapping(program, reads_files);
    allow_own_signals(program);
    allow_limits(program);
    allow_values(program, __NR_fcntl, 1, descriptor_commands, 6);
    allow_values(program, __NR_prctl, 0, process_options, 2);
#if defined(__x86_64__)
    allow_values(program, __NR_arch_prctl, 0, segment_codes, 2);
#endif
    if (!reads_files) return;
    allow_open(program, __NR_openat, 2);
#if defined(__x86_64__)
    allow_open(program, __NR_open, 1);
#endif
}

static void check_architecture(struct program *program) {
    load(program, OFFSET(arch));
    step(program, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, ARCHITECTURE);
    verdict(program, SECCOMP_RET_KILL_PROCESS);
    load(program, OFFSET(nr));
#if defined(__x86_64__)
    step(program, BPF_JMP | BPF_JGE | BPF_K, 0, 1, X32_BIT);
    verdict(program, SECCOMP_RET_KILL_PROCESS);
#endif
}

static bool executes(const struct cjail_policy *policy) {
    for (size_t i = 0; i < policy->path_count; i++) {
        if (policy->paths[i].executes) return true;
    }
    return false;
}

int cjail_has_seccomp(void) {
    uint32_t action = SECCOMP_RET_KILL_PROCESS;
    return ARCHITECTURE != 0 && syscall(__NR_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

int cjail_restrict_calls(const struct cjail_policy *policy) {
    struct program program = {.count = 0};
    bool reads_files = policy->path_count > 0;
    check_architecture(&program);
    ANSWER(&program, always, SECCOMP_RET_ALLOW);
    if (reads_files) ANSWER(&program, with_paths, SECCOMP_RET_ALLOW);
    if (executes(policy)) ANSWER(&program, executing, SECCOMP_RET_ALLOW);
    allow_conditionally(&program, reads_files);
    ANSWER(&program, deadly, SECCOMP_RET_KILL_PROCESS);
    ANSWER(&program, missing, FAIL(ENOSYS));
    verdict(&program, FAIL(EPERM));
    struct sock_fprog installed = {.len = program.count, .filter = program.steps};
    if (program.count > ROOM) return CJAIL_FILTER;
    return syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, 0, &installed) == 0 ? CJAIL_ENTERED : CJAIL_FILTER;
}
