// Landlock by its system calls: headers of an old distribution know less than the kernel it may run on.
// Rights and structures: Documentation/userspace-api/landlock.rst of the kernel.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

#include "steps.h"

enum { CALL_CREATE_RULESET = 444, CALL_ADD_RULE = 445, CALL_RESTRICT_SELF = 446 };
enum { FLAG_VERSION = 1, RULE_PATH_BENEATH = 1 };

enum {
    RIGHT_EXECUTE = 1 << 0,
    RIGHT_READ_FILE = 1 << 2,
    RIGHT_READ_FOLDER = 1 << 3,
    RIGHTS_OF_ABI_1 = (1 << 13) - 1,
    RIGHT_REFER = 1 << 13,
    RIGHT_TRUNCATE = 1 << 14,
    RIGHT_DEVICE_IOCTL = 1 << 15,
    RIGHTS_OF_TCP = 3,    // bind and connect
    SCOPES = 3,           // abstract UNIX sockets and signals
};

// The kernel accepts a longer structure than it knows as long as the rest is zero.
struct ruleset {
    uint64_t files;
    uint64_t network;
    uint64_t scopes;
};

struct path_rule {
    uint64_t rights;
    int32_t descriptor;
} __attribute__((packed));

int cjail_landlock_abi(void) {
    long version = syscall(CALL_CREATE_RULESET, NULL, 0, FLAG_VERSION);
    return version > 0 ? (int)version : 0;
}

static struct ruleset everything(int abi) {
    struct ruleset handled = {.files = RIGHTS_OF_ABI_1};
    if (abi >= 2) handled.files |= RIGHT_REFER;
    if (abi >= 3) handled.files |= RIGHT_TRUNCATE;
    if (abi >= 4) handled.network = RIGHTS_OF_TCP;
    if (abi >= 5) handled.files |= RIGHT_DEVICE_IOCTL;
    if (abi >= 6) handled.scopes = SCOPES;
    return handled;
}

static int allow(int ruleset, const struct cjail_path *listed) {
    int descriptor = open(listed->path, O_PATH | O_CLOEXEC);
    if (descriptor < 0) return errno == ENOENT || errno == ENOTDIR ? CJAIL_ENTERED : CJAIL_PATH;
    struct stat kind;
    struct path_rule rule = {.rights = RIGHT_READ_FILE, .descriptor = descriptor};
    bool known = fstat(descriptor, &kind) == 0;
    if (known && S_ISDIR(kind.st_mode)) rule.rights |= RIGHT_READ_FOLDER;
    if (listed->executes) rule.rights |= RIGHT_EXECUTE;
    bool added = known && syscall(CALL_ADD_RULE, ruleset, RULE_PATH_BENEATH, &rule, 0) == 0;
    close(descriptor);
    return added ? CJAIL_ENTERED : CJAIL_LANDLOCK;
}

int cjail_restrict_files(const struct cjail_policy *policy) {
    int abi = cjail_landlock_abi();
    // Without paths the filter of system calls lets none be opened, so the kernel may do without Landlock.
    if (abi == 0) return policy->path_count == 0 ? CJAIL_ENTERED : CJAIL_NO_LANDLOCK;
    struct ruleset handled = everything(abi);
    int ruleset = (int)syscall(CALL_CREATE_RULESET, &handled, sizeof handled, 0);
    if (ruleset < 0) return CJAIL_LANDLOCK;
    int refusal = CJAIL_ENTERED;
    for (size_t i = 0; i < policy->path_count && refusal == CJAIL_ENTERED; i++) {
        refusal = allow(ruleset, &policy->paths[i]);
    }
    if (refusal == CJAIL_ENTERED && syscall(CALL_RESTRICT_SELF, ruleset, 0) != 0) refusal = CJAIL_LANDLOCK;
    close(ruleset);
    return refusal;
}
