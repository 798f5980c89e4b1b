// Self-attention of one sequence, head by head, TILE_ROWS queries at a time: the scores of those queries against all
// keys stay in the first-level cache, and the tokens x tokens matrix never exists.
//
// scratch: keys transposed, 32 x padded; values, tokens x 32; scores, TILE_ROWS x padded; padded is tokens rounded
// up to 16. Keys beyond the last token are zero and their scores are set to LOWEST before the maximum is taken.

#define LOWEST -1e30f

INLINE void scores_of(const int rows, const float *queries, long stride, const float *keys, long padded,
                      float *scores) {
    vec acc[TILE_ROWS][TILE_VECTORS];
    long column = 0;
    for (; column + TILE_VECTORS * LANES <= padded; column += TILE_VECTORS * LANES) {
        tile(rows, TILE_VECTORS, queries, stride, keys + column, padded, CK_HEAD_WIDTH, acc);
        UNROLL for (int i = 0; i < rows; i++) {
            UNROLL for (int j = 0; j < TILE_VECTORS; j++) store(scores + i * padded + column + j * LANES, acc[i][j]);
        }
    }
    for (; column < padded; column += LANES) {
        tile(rows, 1, queries, stride, keys + column, padded, CK_HEAD_WIDTH, acc);
        UNROLL for (int i = 0; i < rows; i++) store(scores + i * padded + column, acc[i][0]);
    }
}

// Replaces the scores of one query by e^(score - largest) and returns one over their sum.
INLINE float soften(float *scores, long tokens, long padded) {
    for (long i = tokens; i < padded; i++) scores[i] = LOWEST;
    vec largest = load(scores);
    for (long i = LANES; i < padded; i += LANES) largest = larger(largest, load(scores + i));
    vec top = (vec)(largest_of(largest));
    vec sum = (vec)(0.0f);
    for (long i = 0; i < padded; i += LANES) {
        vec weight = exponential(load(scores + i) - top);
        store(scores + i, weight);
        sum += weight;
    }
    return 1.0f / sum_of(sum);
}

INLINE void mix_values(const int rows, const float *weights, long padded, const float *values, long tokens,
                       const float *scale, float *context, long stride) {
    // Two registers a row at every level, so a head takes 32 / (2 * LANES) passes.
    vec acc[TILE_ROWS][TILE_VECTORS];
    for (long column = 0; column < CK_HEAD_WIDTH; column += 2 * LANES) {
        tile(rows, 2, weights, padded, values + column, CK_HEAD_WIDTH, tokens, acc);
        UNROLL for (int i = 0; i < rows; i++) {
            store(context + i * stride + column, acc[i][0] * scale[i]);
            store(context + i * stride + column + LANES, acc[i][1] * scale[i]);
        }
    }
}

INLINE void attend_rows(const int rows, const float *queries, long qkv_stride, const float *keys, const float *values,
                        long tokens, long padded, float *scores, float *context, long stride) {
    float scale[TILE_ROWS];
    scores_of(rows, queries, qkv_stride, keys, padded, scores);
    for (int i = 0; i < rows; i++) scale[i] = soften(scores + i * padded, tokens, padded);
    mix_values(rows, scores, padded, values, tokens, scale, context, stride);
}

// The keys of one head transposed and its values made dense.
INLINE void gather_head(const float *keys, const float *values, long stride, long tokens, long padded,
                        float *transposed, float *dense) {
    for (long token = 0; token < tokens; token++) {
        for (long d = 0; d < CK_HEAD_WIDTH; d++) transposed[d * padded + token] = keys[token * stride + d];
        memcpy(dense + token * CK_HEAD_WIDTH, values + token * stride, CK_HEAD_WIDTH * sizeof(float));
    }
    for (long d = 0; d < CK_HEAD_WIDTH; d++) {
        for (long token = tokens; token < padded; token++) transposed[d * padded + token] = 0;
    }
}

static void attention_f32(const float *qkv, int32_t tokens, int32_t heads, float *context, float *scratch) {
    long padded = ((long)tokens + 15) / 16 * 16;
    long stride = (long)heads * CK_HEAD_WIDTH;
    float *keys = scratch, *values = keys + padded * CK_HEAD_WIDTH, *scores = values + (long)tokens * CK_HEAD_WIDTH;
    for (long head = 0; head < heads; head++) {
        const float *of_head = qkv + head * CK_HEAD_WIDTH;
        gather_head(of_head + stride, of_head + 2 * stride, 3 * stride, tokens, padded, keys, values);
        for (long token = 0; token < tokens; token += TILE_ROWS) {
            int count = tokens - token < TILE_ROWS ? (int)(tokens - token) : TILE_ROWS;
            const float *queries = of_head + token * 3 * stride;
            float *to = context + token * stride + head * CK_HEAD_WIDTH;
#define CALL(constant) attend_rows(constant, queries, 3 * stride, keys, values, tokens, padded, scores, to, stride)
            WITH_ROWS(count, CALL)
#undef CALL
        }
    }
}
