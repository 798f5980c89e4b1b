// 512-bit vectors with byte dot products (VNNI): Intel servers since Ice Lake, AMD since Zen 4.
#include "levels.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define LANES 16
#define TILE_ROWS 8
#define TILE_VECTORS 3
#define LEVEL(name) name##_avx512
#define SCAN_BY_LEVEL

// `min_vector_width` keeps the compiler from halving 512-bit vectors on processors it believes slow at them.
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx2,fma"), \
                                            min_vector_width(512))), apply_to = function)
#include "body-base.h"
#include "body-linear.h"
#include "body-attention.h"
#include "body-rows.h"

// The instruction multiplies unsigned by signed bytes. Flipping a row's top bit adds 128 to each of its elements;
// 128 times the sum of the query takes that away again. The sums are exact for every length up to CK_DIMENSIONS_MAX.
INLINE __mmask64 lanes_left(int32_t left) { return left >= 64 ? ~0ULL : (1ULL << left) - 1; }

INLINE int32_t query_sum(const int8_t *query, int32_t count) {
    __m512i sum = _mm512_setzero_si512();
    for (int32_t i = 0; i < count; i += 64) {
        sum = _mm512_dpbusd_epi32(sum, _mm512_set1_epi8(1), _mm512_maskz_loadu_epi8(lanes_left(count - i), query + i));
    }
    return _mm512_reduce_add_epi32(sum);
}

INLINE int32_t dot_row(const int8_t *row, const int8_t *query, int32_t count, int32_t sum) {
    const __m512i flip = _mm512_set1_epi8((char)0x80);
    __m512i even = _mm512_setzero_si512(), odd = _mm512_setzero_si512();
    int32_t i = 0;
    for (; i + 128 <= count; i += 128) {
        __m512i first = _mm512_xor_si512(_mm512_loadu_si512(row + i), flip);
        __m512i second = _mm512_xor_si512(_mm512_loadu_si512(row + i + 64), flip);
        even = _mm512_dpbusd_epi32(even, first, _mm512_loadu_si512(query + i));
        odd = _mm512_dpbusd_epi32(odd, second, _mm512_loadu_si512(query + i + 64));
    }
    for (; i < count; i += 64) {
        __mmask64 here = lanes_left(count - i);
        __m512i last = _mm512_xor_si512(_mm512_maskz_loadu_epi8(here, row + i), flip);
        even = _mm512_dpbusd_epi32(even, last, _mm512_maskz_loadu_epi8(here, query + i));
    }
    return _mm512_reduce_add_epi32(_mm512_add_epi32(even, odd)) - 128 * sum;
}

#include "body-scan.h"
#pragma clang attribute pop

#include "body-table.h"

#endif
