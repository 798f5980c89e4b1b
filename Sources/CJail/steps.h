// The steps of cjail_enter that have a file of their own. Each returns CJAIL_ENTERED or the refusal.
#ifndef CJAIL_STEPS_H
#define CJAIL_STEPS_H

#include "CJail.h"

// Leaves reading (and executing, where a path says so) of the policy's paths as the only rights on files, and takes
// TCP, abstract sockets and signals to others where the kernel's version can. Needs no_new_privs.
int cjail_restrict_files(const struct cjail_policy *policy);

// From here on a process that aborts tells on its standard error when it had used up its memory. Nothing depends on
// it, and a program executed later does not have it.
void cjail_report_exhaustion(const struct cjail_policy *policy);

// Installs the allow list of system calls. The last step: it forbids the others. Needs no_new_privs.
int cjail_restrict_calls(const struct cjail_policy *policy);

#endif
