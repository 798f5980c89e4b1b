// The two files of the reader that a binary carries. The compiler follows them: changed contents need no clean build.
#include "CReader.h"

// The package compiles C with the default language mode, where clang calls #embed an extension of C23.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char head[] = {
#embed "../../Training/reader/head.bin"
};
static const unsigned char manifest[] = {
#embed "../../Training/reader/manifest.jsonl"
};

const unsigned char *cr_head(void) { return head; }
size_t cr_head_length(void) { return sizeof head; }
const unsigned char *cr_manifest(void) { return manifest; }
size_t cr_manifest_length(void) { return sizeof manifest; }
