#ifndef CWEBASSETS_H
#define CWEBASSETS_H

#include <stddef.h>

/// One file of the browser application, as it lay under `web/` when this target was compiled.
typedef struct {
    /// Relative to `web/`, with `/` between segments; NUL-terminated.
    const char *path;
    const unsigned char *bytes;
    size_t length;
} cwa_asset;

/// How many files are embedded.
size_t cwa_asset_count(void);

/// The file at `index` (0 ..< cwa_asset_count()), in ascending byte order of path; NULL outside that range.
const cwa_asset *cwa_asset_at(size_t index);

#endif
