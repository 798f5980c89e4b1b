// The public functions: each looks up its level's table and calls. The table of a level that this processor lacks is
// never touched by callers that ask `ck_level_supported` first.
#include <stdatomic.h>
#include <stddef.h>

#include "levels.h"

static const char *const level_names[CK_LEVEL_COUNT] = {"portable", "avx2", "avx512"};

#if defined(__x86_64__)
static const ck_kernels *const tables[CK_LEVEL_COUNT] = {&ck_kernels_portable, &ck_kernels_avx2, &ck_kernels_avx512};
#else
static const ck_kernels *const tables[CK_LEVEL_COUNT] = {&ck_kernels_portable, NULL, NULL};
#endif

int32_t ck_level_supported(ck_level level) {
    if (level == CK_LEVEL_PORTABLE) return 1;
#if defined(__x86_64__)
    __builtin_cpu_init();
    int avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (level == CK_LEVEL_AVX2) return avx2;
    if (level == CK_LEVEL_AVX512) {
        return avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
               __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
               __builtin_cpu_supports("avx512vnni");
    }
#endif
    return 0;
}

ck_level ck_level_best(void) {
    // Zero means not yet known. Two threads may both find out; they find the same.
    static _Atomic int32_t known = 0;
    int32_t stored = atomic_load_explicit(&known, memory_order_relaxed);
    if (stored != 0) return stored - 1;
    ck_level level = CK_LEVEL_COUNT - 1;
    while (!ck_level_supported(level)) level--;
    atomic_store_explicit(&known, level + 1, memory_order_relaxed);
    return level;
}

const char *ck_level_name(ck_level level) {
    return level >= 0 && level < CK_LEVEL_COUNT ? level_names[level] : "unknown";
}

float ck_dot_f32(const float *a, const float *b, int32_t count) { return ck_dot_f32_at(ck_level_best(), a, b, count); }

float ck_dot_f32_at(ck_level level, const float *a, const float *b, int32_t count) {
    return tables[level]->dot_f32(a, b, count);
}

int32_t ck_dot_i8(const int8_t *a, const int8_t *b, int32_t count) {
    return ck_dot_i8_at(ck_level_best(), a, b, count);
}

int32_t ck_dot_i8_at(ck_level level, const int8_t *a, const int8_t *b, int32_t count) {
    return tables[level]->dot_i8(a, b, count);
}

void ck_scan_i8(const int8_t *query, float query_scale, const int8_t *rows, const float *scales,
                const uint32_t *row_ids, int64_t count, int32_t dimensions, float *out) {
    ck_scan_i8_at(ck_level_best(), query, query_scale, rows, scales, row_ids, count, dimensions, out);
}

void ck_scan_i8_at(ck_level level, const int8_t *query, float query_scale, const int8_t *rows, const float *scales,
                   const uint32_t *row_ids, int64_t count, int32_t dimensions, float *out) {
    tables[level]->scan_i8(query, query_scale, rows, scales, row_ids, count, dimensions, out);
}

void ck_linear_f32(ck_level level, const float *input, int32_t input_stride, const float *packed, const float *bias,
                   float *output, int32_t output_stride, const float *residual, int32_t rows, int32_t columns,
                   int32_t depth, ck_activation activation) {
    tables[level]->linear_f32(input, input_stride, packed, bias, output, output_stride, residual, rows, columns, depth,
                              activation);
}

void ck_layer_norm_f32(ck_level level, float *values, const float *gain, const float *bias, int32_t rows,
                       int32_t width, float epsilon) {
    tables[level]->layer_norm_f32(values, gain, bias, rows, width, epsilon);
}

void ck_attention_f32(ck_level level, const float *qkv, int32_t tokens, int32_t heads, float *context,
                      float *scratch) {
    tables[level]->attention_f32(qkv, tokens, heads, context, scratch);
}

void ck_gather_f32(ck_level level, const int32_t *ids, int32_t count, const float *table, const float *positions,
                   int32_t width, float *output) {
    tables[level]->gather_f32(ids, count, table, positions, width, output);
}

float ck_mean_pool_f32(ck_level level, const float *values, int32_t rows, int32_t width, float *output) {
    return tables[level]->mean_pool_f32(values, rows, width, output);
}
