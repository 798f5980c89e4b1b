// 256-bit vectors with fused multiply-add: Intel since Haswell (2013), AMD since Excavator (2015).
#include "levels.h"

#if defined(__x86_64__)

#define LANES 8
#define TILE_ROWS 6
#define TILE_VECTORS 2
#define LEVEL(name) name##_avx2

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "body-base.h"
#include "body-linear.h"
#include "body-attention.h"
#include "body-rows.h"
#include "body-scan.h"
#pragma clang attribute pop

#include "body-table.h"

#endif
