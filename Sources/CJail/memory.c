// A last word before the end: a program that aborts for want of memory rarely says so, and whoever waits for it
// should know. The kernel does not keep how much address space a process had when it died.
#define _GNU_SOURCE
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "steps.h"

static size_t quarter;

// Only calls that are safe in a signal handler. Whoever could not get a quarter of its whole memory at the end has
// most likely died of that.
static void report(int signal) {
    (void)signal;
    static const char words[] = "cannot allocate memory\n";
    void *room = mmap(NULL, quarter, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (room != MAP_FAILED) {
        munmap(room, quarter);
    } else if (write(STDERR_FILENO, words, sizeof words - 1) < 0) {
        return;
    }
}

void cjail_report_exhaustion(const struct cjail_policy *policy) {
    static const int ends[] = {SIGABRT, SIGILL, SIGTRAP};
    quarter = (size_t)(policy->memory_bytes_max / 4);
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = report;
    // The signal comes a second time, to nobody, and ends the process as it would have without us.
    action.sa_flags = (int)SA_RESETHAND | SA_NODEFER;
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) sigaction(ends[i], &action, NULL);
}
