// Work done once per vector or once per model: plain C, the same at every level.
#include <float.h>
#include <math.h>

#include "CKernels.h"

// A fused multiply-add would round differently on processors that have it.
#pragma clang fp contract(off)

void ck_quantize_i8(const float *values, int32_t count, int8_t *out, float *scale) {
    float largest = 0;
    for (int32_t i = 0; i < count; i++) {
        float magnitude = fabsf(values[i]);
        // False for infinities and for not-a-number as well.
        if (magnitude <= FLT_MAX && magnitude > largest) largest = magnitude;
    }
    *scale = largest / 127.0f;
    float step = *scale;
    // Adding and taking away 1.5 * 2^23 rounds to the nearest integer, ties to even, without the library.
    const float rounder = 12582912.0f;
    for (int32_t i = 0; i < count; i++) {
        float quotient = step > 0 && fabsf(values[i]) <= FLT_MAX ? values[i] / step : 0;
        float rounded = (quotient + rounder) - rounder;
        // A subnormal step loses digits, and the quotient may then leave the range.
        out[i] = (int8_t)(rounded > 127 ? 127 : rounded < -127 ? -127 : rounded);
    }
}

void ck_pack_f32(const float *weights, int32_t columns, int32_t depth, float *packed) {
    for (int32_t panel = 0; panel < columns; panel += CK_PANEL_COLUMNS) {
        for (int32_t k = 0; k < depth; k++) {
            for (int32_t j = 0; j < CK_PANEL_COLUMNS; j++) *packed++ = weights[(int64_t)(panel + j) * depth + k];
        }
    }
}

int64_t ck_attention_scratch(int32_t tokens) {
    int64_t padded = ((int64_t)tokens + 15) / 16 * 16;
    // Transposed keys, values, and the scores of at most 8 queries; see body-attention.h.
    return padded * CK_HEAD_WIDTH + (int64_t)tokens * CK_HEAD_WIDTH + 8 * padded;
}
