// Two calls of Linux that Swift's view of the C library lacks: openat2(2), since 5.6, and fgetxattr(2).
#ifndef CBENEATH_H
#define CBENEATH_H

#include <stddef.h>

// Opens `path` for reading, relative to the open folder `directory`, and only if it lies beneath it: no `..` that
// climbs out, no absolute path, no symbolic link anywhere, none of the links of /proc. Mounts are crossed.
// Nothing waits: a pipe without a writer opens at once. The descriptor is closed on exec.
//
// `path` ends in a NUL. `is_folder`: 1 where only a folder will do. Returns the descriptor, or the negative errno:
// -EXDEV and -ELOOP for a path that leads out, -ENOSYS where the kernel is too old, -EAGAIN when it was renamed
// meanwhile.
int cbeneath_open(int directory, const char *path, int is_folder);

// Reads the access control list of an open file or folder into `bytes`. Returns its length, with a capacity of zero
// without reading it, or the negative errno: -ENODATA and -EOPNOTSUPP where there is none.
long cbeneath_access_list(int descriptor, void *bytes, size_t capacity);

#endif
