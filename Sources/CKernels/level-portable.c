// 128-bit vectors, which every x86-64 and every arm64 processor has.
#include "levels.h"

#define LANES 4
#define TILE_ROWS 6
#define TILE_VECTORS 2
#define LEVEL(name) name##_portable

#include "body-base.h"
#include "body-linear.h"
#include "body-attention.h"
#include "body-rows.h"
#include "body-scan.h"
#include "body-table.h"
