// The arithmetic of the encoder and of the vector scan, with run-time choice of the processor's vector level.
//
// One source is compiled once per level (see body-*.h). A build needs no instruction-set flag, and one binary runs on
// every processor of its architecture. Functions that take a `level` run exactly at that level, so that a test can
// compare all of them; the caller passes a level that `ck_level_supported` accepts. Functions without one run at
// `ck_level_best()`.
//
// Pointers need the natural alignment of their type only; rows on 64-byte boundaries are read faster. Matrices are
// row-major; a `stride` counts elements between rows. No function allocates, keeps state or fails; sizes are the
// caller's duty and are stated per function.
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// ---- levels

typedef int32_t ck_level;
enum {
    CK_LEVEL_PORTABLE = 0,  // 128-bit vectors: SSE2 on x86-64, NEON on arm64.
    CK_LEVEL_AVX2 = 1,      // AVX2 and FMA.
    CK_LEVEL_AVX512 = 2,    // AVX-512 F, BW, DQ, VL and VNNI.
    CK_LEVEL_COUNT = 3,
};

// 1 if this processor (and the operating system's register saving) can run `level`, otherwise 0.
int32_t ck_level_supported(ck_level level);
// The highest level this processor runs.
ck_level ck_level_best(void);
// "portable", "avx2" or "avx512"; "unknown" for any other number.
const char *ck_level_name(ck_level level);

// ---- vectors: results are bit-equal at every level

// The longest vector that the functions of this section accept; it keeps 32-bit sums exact.
#define CK_DIMENSIONS_MAX 32768

// The inner product of two vectors of `count` floats. The order of the additions is fixed: 32 running sums, then a
// fixed tree. No fused multiply-add, so every level gives the same bits.
float ck_dot_f32(const float *a, const float *b, int32_t count);
float ck_dot_f32_at(ck_level level, const float *a, const float *b, int32_t count);

// The exact inner product of two vectors of `count` signed bytes.
int32_t ck_dot_i8(const int8_t *a, const int8_t *b, int32_t count);
int32_t ck_dot_i8_at(ck_level level, const int8_t *a, const int8_t *b, int32_t count);

// Symmetric quantisation: `out[i] = round(values[i] / *scale)` in -127...127, with `*scale = max|values| / 127`, ties
// to even. A value that is not finite counts as 0; a vector of zeros gives scale 0 and zeros. So the value of an
// element is about `out[i] * *scale`, off by at most half a scale.
void ck_quantize_i8(const float *values, int32_t count, int8_t *out, float *scale);

// Scores of `count` rows against one query, both quantised by `ck_quantize_i8`:
//     out[i] = (float)dot(query, row) * (query_scale * scales[row]),   row = row_ids ? row_ids[i] : i
// `rows` holds `dimensions` bytes a row, back to back, and `scales` one float a row; `row_ids` may be NULL (the first
// `count` rows). Every id must be inside both arrays. The integer part is exact up to 1040 dimensions as a float and
// rounds once above.
void ck_scan_i8(const int8_t *query, float query_scale, const int8_t *rows, const float *scales,
                const uint32_t *row_ids, int64_t count, int32_t dimensions, float *out);
void ck_scan_i8_at(ck_level level, const int8_t *query, float query_scale, const int8_t *rows, const float *scales,
                   const uint32_t *row_ids, int64_t count, int32_t dimensions, float *out);

// ---- transformer: levels agree to a few units in the last place of fp32

// Columns of one panel of packed weights. The layout is the same at every level.
#define CK_PANEL_COLUMNS 48
// Width of one attention head.
#define CK_HEAD_WIDTH 32

typedef int32_t ck_activation;
enum { CK_ACTIVATION_NONE = 0, CK_ACTIVATION_GELU = 1 };

// Rearranges the weights of a linear layer, `weights[columns][depth]`, into panels `[columns / 48][depth][48]`.
// `columns` is a multiple of CK_PANEL_COLUMNS; `packed` holds columns * depth floats.
void ck_pack_f32(const float *weights, int32_t columns, int32_t depth, float *packed);

// A linear layer: `output = activation(input * weights^T + bias) + residual`.
// input: rows x depth; output and residual: rows x columns with one common stride; residual may be NULL and may be the
// output itself. GELU is the exact form, x * (1 + erf(x / sqrt 2)) / 2, to about 2e-7 * |x|.
void ck_linear_f32(ck_level level, const float *input, int32_t input_stride, const float *packed, const float *bias,
                   float *output, int32_t output_stride, const float *residual, int32_t rows, int32_t columns,
                   int32_t depth, ck_activation activation);

// Normalises each row of `values` (rows x width, in place) to mean 0 and variance 1, times gain, plus bias.
// width is a multiple of 16.
void ck_layer_norm_f32(ck_level level, float *values, const float *gain, const float *bias, int32_t rows,
                       int32_t width, float epsilon);

// Floats of scratch that `ck_attention_f32` needs for `tokens` tokens.
int64_t ck_attention_scratch(int32_t tokens);

// Full self-attention of one sequence. `qkv`: tokens x (3 * heads * 32), each row queries, then keys, then values; the
// queries are already multiplied by 1 / sqrt(32). `context`: tokens x (heads * 32).
void ck_attention_f32(ck_level level, const float *qkv, int32_t tokens, int32_t heads, float *context,
                      float *scratch);

// output[i] = table[ids[i]] + positions[i], each row `width` floats, width a multiple of 16.
void ck_gather_f32(ck_level level, const int32_t *ids, int32_t count, const float *table, const float *positions,
                   int32_t width, float *output);

// The mean of `rows` rows, scaled to length 1, in `output`. Returns the length before scaling; when that is zero or
// not finite, the output is not usable. width is a multiple of 16.
float ck_mean_pool_f32(ck_level level, const float *values, int32_t rows, int32_t width, float *output);

#ifdef __cplusplus
}
#endif

#endif
