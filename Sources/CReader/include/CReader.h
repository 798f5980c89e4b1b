#ifndef CREADER_H
#define CREADER_H

#include <stddef.h>

/// The weights of the reading head, as `Training/reader/export.py` wrote them.
const unsigned char *cr_head(void);
size_t cr_head_length(void);

/// What the head was trained, tuned and reported on: `Training/reader/manifest.jsonl`.
const unsigned char *cr_manifest(void);
size_t cr_manifest_length(void);

#endif
