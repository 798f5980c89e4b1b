// Matrix products. One tile of the result, TILE_ROWS x TILE_VECTORS registers, is kept in registers while the whole
// depth runs by: per step, TILE_VECTORS loads from the right matrix and one broadcast for each row of the left one.
// The weights are packed in panels of 48 columns, so a step reads neighbouring memory; 48 is a multiple of every
// level's tile width, so the packed form is shared. A panel is walked for all rows before the next one starts: it
// stays in the second-level cache, and a tile's columns of it in the first.

// acc[i][j] = sum over k of left[i][k] * right[k][j]; `rows` and `vectors` are constants after inlining.
INLINE void tile(const int rows, const int vectors, const float *left, long left_stride, const float *right,
                 long right_stride, long depth, vec acc[TILE_ROWS][TILE_VECTORS]) {
    UNROLL for (int i = 0; i < rows; i++) {
        UNROLL for (int j = 0; j < vectors; j++) acc[i][j] = (vec)(0.0f);
    }
    for (long k = 0; k < depth; k++) {
        vec b[TILE_VECTORS];
        UNROLL for (int j = 0; j < vectors; j++) b[j] = load(right + k * right_stride + j * LANES);
        UNROLL for (int i = 0; i < rows; i++) {
            vec a = (vec)(left[i * left_stride + k]);
            UNROLL for (int j = 0; j < vectors; j++) acc[i][j] += a * b[j];
        }
    }
}

// `call(rows)` with a constant, so that each row count gets its own unrolled tile.
#if TILE_ROWS == 8
#define WITH_ROWS(rows, call) switch (rows) { \
    case 1: call(1); break; case 2: call(2); break; case 3: call(3); break; case 4: call(4); break; \
    case 5: call(5); break; case 6: call(6); break; case 7: call(7); break; default: call(8); }
#elif TILE_ROWS == 6
#define WITH_ROWS(rows, call) switch (rows) { \
    case 1: call(1); break; case 2: call(2); break; case 3: call(3); break; case 4: call(4); break; \
    case 5: call(5); break; default: call(6); }
#endif

typedef struct {
    const float *input, *packed, *bias, *residual;
    float *output;
    long input_stride, output_stride, depth;
    ck_activation activation;
} linear_tile;

INLINE void linear_rows(const int rows, const linear_tile *t) {
    vec acc[TILE_ROWS][TILE_VECTORS];
    tile(rows, TILE_VECTORS, t->input, t->input_stride, t->packed, CK_PANEL_COLUMNS, t->depth, acc);
    UNROLL for (int i = 0; i < rows; i++) {
        UNROLL for (int j = 0; j < TILE_VECTORS; j++) {
            long at = i * t->output_stride + j * LANES;
            vec value = acc[i][j] + load(t->bias + j * LANES);
            if (t->residual) value += load(t->residual + at);
            store(t->output + at, value);
        }
    }
}

// A pass of its own over the tile just stored: unrolled into `linear_rows`, GELU would be most of the program.
static void gelu_rows(float *values, long stride, int rows) {
    for (int i = 0; i < rows; i++) {
        for (int j = 0; j < TILE_VECTORS; j++) {
            float *at = values + i * stride + j * LANES;
            store(at, gelu(load(at)));
        }
    }
}

static void linear_f32(const float *input, int32_t input_stride, const float *packed, const float *bias, float *output,
                       int32_t output_stride, const float *residual, int32_t rows, int32_t columns, int32_t depth,
                       ck_activation activation) {
    for (long column = 0; column < columns; column += TILE_VECTORS * LANES) {
        long panel = column / CK_PANEL_COLUMNS;
        const float *weights = packed + panel * CK_PANEL_COLUMNS * depth + column % CK_PANEL_COLUMNS;
        for (long row = 0; row < rows; row += TILE_ROWS) {
            int count = rows - row < TILE_ROWS ? (int)(rows - row) : TILE_ROWS;
            long at = row * output_stride + column;
            linear_tile t = {
                input + row * input_stride, weights, bias + column, residual ? residual + at : NULL, output + at,
                input_stride, output_stride, depth, activation,
            };
#define CALL(constant) linear_rows(constant, &t)
            WITH_ROWS(count, CALL)
#undef CALL
            if (activation == CK_ACTIVATION_GELU) gelu_rows(output + at, output_stride, count);
        }
    }
}
