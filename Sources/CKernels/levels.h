// What one level provides to the dispatcher. Private to this target. The system headers stand here because a level
// file includes the bodies below its `#pragma clang attribute`.
#ifndef CK_LEVELS_H
#define CK_LEVELS_H

#include <float.h>
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "CKernels.h"

typedef struct {
    float (*dot_f32)(const float *, const float *, int32_t);
    int32_t (*dot_i8)(const int8_t *, const int8_t *, int32_t);
    void (*scan_i8)(const int8_t *, float, const int8_t *, const float *, const uint32_t *, int64_t, int32_t, float *);
    void (*linear_f32)(const float *, int32_t, const float *, const float *, float *, int32_t, const float *, int32_t,
                       int32_t, int32_t, ck_activation);
    void (*layer_norm_f32)(float *, const float *, const float *, int32_t, int32_t, float);
    void (*attention_f32)(const float *, int32_t, int32_t, float *, float *);
    void (*gather_f32)(const int32_t *, int32_t, const float *, const float *, int32_t, float *);
    float (*mean_pool_f32)(const float *, int32_t, int32_t, float *);
} ck_kernels;

extern const ck_kernels ck_kernels_portable;
#if defined(__x86_64__)
extern const ck_kernels ck_kernels_avx2;
extern const ck_kernels ck_kernels_avx512;
#endif

#endif
