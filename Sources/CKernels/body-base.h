// The vector vocabulary of one level. A level file defines, before it includes the bodies:
//   LANES         floats in one register
//   TILE_ROWS     rows of a tile of the matrix product
//   TILE_VECTORS  registers a row of that tile; TILE_ROWS * TILE_VECTORS + TILE_VECTORS + 1 registers must exist
//   LEVEL(name)   the name with the level's suffix
// and opens a `#pragma clang attribute` with the level's target, so that everything below is compiled for it.
//
// Vectors are the compiler's own (`ext_vector_type`), so one text serves SSE2, NEON, AVX2 and AVX-512. Within one
// expression the compiler may fuse a multiplication and an addition where the level has that instruction.

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")

typedef float vec __attribute__((ext_vector_type(LANES)));
typedef int32_t vec_int __attribute__((ext_vector_type(LANES)));
// The same in memory: aligned as its elements only, and allowed to overlap plain floats.
typedef float vec_memory __attribute__((ext_vector_type(LANES), aligned(4), may_alias));

INLINE vec load(const float *from) { return *(const vec_memory *)from; }
INLINE void store(float *to, vec value) { *(vec_memory *)to = value; }
// A cast between vectors of one size keeps the bits.
INLINE vec_int bits_of(vec value) { return (vec_int)value; }
INLINE vec from_bits(vec_int bits) { return (vec)bits; }
INLINE vec larger(vec a, vec b) { return a > b ? a : b; }

INLINE float sum_of(vec value) {
    float lanes[LANES];
    memcpy(lanes, &value, sizeof lanes);
    for (int half = LANES / 2; half > 0; half /= 2) {
        for (int i = 0; i < half; i++) lanes[i] += lanes[i + half];
    }
    return lanes[0];
}

INLINE float largest_of(vec value) {
    float lanes[LANES];
    memcpy(lanes, &value, sizeof lanes);
    for (int half = LANES / 2; half > 0; half /= 2) {
        for (int i = 0; i < half; i++) lanes[i] = lanes[i] > lanes[i + half] ? lanes[i] : lanes[i + half];
    }
    return lanes[0];
}

// e^x for x <= 0, to about 2 units in the last place; below -87 it stays at e^-87, which is 0 for every use here.
// x = n ln 2 + f with |f| <= ln 2 / 2 (ln 2 in two parts, after Cody and Waite); e^f by its Taylor series, whose first
// term left out is below 1.3e-7; then n goes into the exponent bits.
INLINE vec exponential(vec x) {
    const float rounder = 12582912.0f;  // 1.5 * 2^23: the sum has no bits after the point.
    x = larger(x, (vec)(-87.0f));
    vec n = (x * 1.44269504f + rounder) - rounder;
    vec f = x - n * 0.693359375f;
    f = f + n * 2.12194440e-4f;
    vec p = (vec)(1.0f / 720);
    p = p * f + 1.0f / 120;
    p = p * f + 1.0f / 24;
    p = p * f + 1.0f / 6;
    p = p * f + 0.5f;
    p = p * f + 1.0f;
    p = p * f + 1.0f;
    vec_int power = __builtin_convertvector(n, vec_int) << 23;
    return from_bits(bits_of(p) + power);
}

// x * (1 + erf(x / sqrt 2)) / 2. The error function is formula 7.1.26 of Abramowitz and Stegun, whose absolute error
// is at most 1.5e-7.
INLINE vec gelu(vec x) {
    vec_int sign = bits_of(x) & (int32_t)0x80000000;
    vec magnitude = from_bits(bits_of(x) & 0x7fffffff) * 0.70710678f;
    vec t = 1.0f / (magnitude * 0.3275911f + 1.0f);
    vec p = (vec)(1.061405429f);
    p = p * t - 1.453152027f;
    p = p * t + 1.421413741f;
    p = p * t - 0.284496736f;
    p = p * t + 0.254829592f;
    vec error = 1.0f - p * t * exponential(-(magnitude * magnitude));
    error = from_bits(bits_of(error) | sign);
    return 0.5f * x * (1.0f + error);
}
