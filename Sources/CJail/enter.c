// The order of the steps: limits and descriptors while everything is still allowed, then the user, then the promise
// to gain nothing by execve, then files, and the system calls last because the filter forbids all that came before.
#define _GNU_SOURCE
#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "steps.h"

#ifndef __NR_close_range
#define __NR_close_range 436
#endif

long cjail_syscall(long number, long a, long b, long c, long d, long e, long f) {
    long result = syscall(number, a, b, c, d, e, f);
    return result == -1 ? -errno : result;
}

int cjail_spawn_close_from(posix_spawn_file_actions_t *actions, int first) {
    return posix_spawn_file_actions_addclosefrom_np(actions, first);
}

static bool is_sound(const struct cjail_policy *policy) {
    if (policy->memory_bytes_max == 0 || policy->processor_seconds_max == 0) return false;
    // One second more is added for the hard limit.
    if (policy->processor_seconds_max >= INT32_MAX || policy->path_count > CJAIL_PATHS_MAX) return false;
    for (size_t i = 0; i < policy->path_count; i++) {
        if (policy->paths[i].path == NULL || policy->paths[i].path[0] != '/') return false;
    }
    return true;
}

// Landlock and no_new_privs hold for one thread and its children. /proc/self/task has two links of its own and one
// for each thread.
static bool has_one_thread(void) {
    struct stat tasks;
    return stat("/proc/self/task", &tasks) == 0 && tasks.st_nlink == 3;
}

static int refuse_early(const struct cjail_policy *policy) {
    errno = 0;
    if (!is_sound(policy)) return CJAIL_BAD_POLICY;
    if (!cjail_has_seccomp()) return CJAIL_NO_SECCOMP;
    if (policy->path_count > 0 && cjail_landlock_abi() == 0) return CJAIL_NO_LANDLOCK;
    if (!has_one_thread()) return CJAIL_THREADS;
    return CJAIL_ENTERED;
}

static int die_with_parent(const struct cjail_policy *policy) {
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) return CJAIL_PARENT;
    // It may have died before the signal was asked for.
    if (policy->parent != 0 && getppid() != policy->parent) return CJAIL_PARENT;
    return CJAIL_ENTERED;
}

static int leave_session(void) {
    if (getsid(0) == getpid()) return CJAIL_ENTERED;
    return setsid() == -1 ? CJAIL_SESSION : CJAIL_ENTERED;
}

// Sets soft and hard limit, and less where less is all there is.
static bool limit(__rlimit_resource_t resource, rlim_t soft, rlim_t hard) {
    struct rlimit now;
    if (getrlimit(resource, &now) != 0) return false;
    if (hard > now.rlim_max) hard = now.rlim_max;
    if (soft > hard) soft = hard;
    struct rlimit wanted = {.rlim_cur = soft, .rlim_max = hard};
    return setrlimit(resource, &wanted) == 0;
}

static int limit_resources(const struct cjail_policy *policy) {
    rlim_t seconds = policy->processor_seconds_max;
    bool taken = limit(RLIMIT_AS, policy->memory_bytes_max, policy->memory_bytes_max) &&
                 limit(RLIMIT_CPU, seconds, seconds + 1) &&
                 limit(RLIMIT_NOFILE, CJAIL_DESCRIPTORS_MAX, CJAIL_DESCRIPTORS_MAX) &&
                 limit(RLIMIT_NPROC, CJAIL_TASKS_MAX, CJAIL_TASKS_MAX) && limit(RLIMIT_FSIZE, 0, 0) &&
                 limit(RLIMIT_CORE, 0, 0) && limit(RLIMIT_MEMLOCK, 0, 0) && limit(RLIMIT_MSGQUEUE, 0, 0);
    return taken ? CJAIL_ENTERED : CJAIL_LIMITS;
}

static int close_descriptors(void) {
    return syscall(__NR_close_range, 3, ~0U, 0) == 0 ? CJAIL_ENTERED : CJAIL_DESCRIPTORS;
}

static bool is_nobody(void) {
    uid_t user[3];
    gid_t group[3];
    if (getresuid(&user[0], &user[1], &user[2]) != 0 || getresgid(&group[0], &group[1], &group[2]) != 0) return false;
    for (int i = 0; i < 3; i++) {
        if (user[i] != CJAIL_USER || group[i] != CJAIL_USER) return false;
    }
    return getgroups(0, NULL) == 0;
}

static bool drop_root(void) {
    if (setgroups(0, NULL) != 0) return false;
    if (setresgid(CJAIL_USER, CJAIL_USER, CJAIL_USER) != 0) return false;
    if (setresuid(CJAIL_USER, CJAIL_USER, CJAIL_USER) != 0) return false;
    if (setresuid(0, 0, 0) == 0 || setresgid(0, 0, 0) == 0) return false;
    return is_nobody();
}

// A service may hold capabilities without being root.
static bool drop_capabilities(void) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3];
    memset(none, 0, sizeof none);
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0) return false;
    return syscall(__NR_capset, &header, none) == 0;
}

static int drop_user(void) {
    // Group 0 alone is left alone: some container platforms give it to every user and let nobody change it.
    bool is_root = getuid() == 0 || geteuid() == 0;
    if (is_root && !drop_root()) return CJAIL_USER_KEPT;
    return drop_capabilities() ? CJAIL_ENTERED : CJAIL_USER_KEPT;
}

static int gain_nothing(void) {
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return CJAIL_PRIVILEGES;
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 ? CJAIL_ENTERED : CJAIL_PRIVILEGES;
}

int cjail_enter(const struct cjail_policy *policy) {
    int refusal = refuse_early(policy);
    if (refusal == CJAIL_ENTERED) refusal = die_with_parent(policy);
    if (refusal == CJAIL_ENTERED) refusal = leave_session();
    if (refusal == CJAIL_ENTERED) refusal = limit_resources(policy);
    if (refusal == CJAIL_ENTERED) refusal = close_descriptors();
    if (refusal == CJAIL_ENTERED) refusal = drop_user();
    // A change of the user makes the kernel forget the signal.
    if (refusal == CJAIL_ENTERED) refusal = die_with_parent(policy);
    if (refusal == CJAIL_ENTERED) refusal = gain_nothing();
    if (refusal == CJAIL_ENTERED) refusal = cjail_restrict_files(policy);
    cjail_report_exhaustion(policy);
    if (refusal == CJAIL_ENTERED) refusal = cjail_restrict_calls(policy);
    return refusal;
}

static const char *const messages[] = {
    [CJAIL_ENTERED] = "the jail is entered",
    [CJAIL_BAD_POLICY] = "the jail's policy is malformed",
    [CJAIL_NO_SECCOMP] = "this kernel or processor offers no seccomp filter",
    [CJAIL_NO_LANDLOCK] = "this kernel offers no Landlock, without which no file may be read",
    [CJAIL_THREADS] = "the process has more than one thread, or /proc is not mounted",
    [CJAIL_PARENT] = "the parent process is gone",
    [CJAIL_SESSION] = "no session of its own could be started",
    [CJAIL_LIMITS] = "a resource limit was refused",
    [CJAIL_DESCRIPTORS] = "inherited descriptors could not be closed",
    [CJAIL_USER_KEPT] = "the privileges of the user could not be given up",
    [CJAIL_PRIVILEGES] = "no_new_privs was refused",
    [CJAIL_PATH] = "a listed path could not be opened",
    [CJAIL_LANDLOCK] = "the Landlock rules were refused",
    [CJAIL_FILTER] = "the seccomp filter was refused",
};

const char *cjail_message(int refusal) {
    int known = refusal >= 0 && (size_t)refusal < sizeof messages / sizeof messages[0];
    return known ? messages[refusal] : "the jail was refused";
}
