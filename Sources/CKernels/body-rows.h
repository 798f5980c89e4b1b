// Work on rows of the hidden state. Widths are multiples of 16, so every level's register divides them.

static void layer_norm_f32(float *values, const float *gain, const float *bias, int32_t rows, int32_t width,
                           float epsilon) {
    for (long row = 0; row < rows; row++) {
        float *at = values + row * width;
        vec sum = (vec)(0.0f), squares = (vec)(0.0f);
        for (int i = 0; i < width; i += LANES) sum += load(at + i);
        float mean = sum_of(sum) / (float)width;
        for (int i = 0; i < width; i += LANES) {
            vec centred = load(at + i) - mean;
            squares += centred * centred;
        }
        float scale = 1.0f / sqrtf(sum_of(squares) / (float)width + epsilon);
        for (int i = 0; i < width; i += LANES) {
            vec normal = (load(at + i) - mean) * scale;
            store(at + i, normal * load(gain + i) + load(bias + i));
        }
    }
}

static void gather_f32(const int32_t *ids, int32_t count, const float *table, const float *positions, int32_t width,
                       float *output) {
    for (long row = 0; row < count; row++) {
        const float *from = table + (long)ids[row] * width;
        for (int i = 0; i < width; i += LANES) {
            store(output + row * width + i, load(from + i) + load(positions + row * width + i));
        }
    }
}

// The mean itself is not formed: its direction is that of the sum.
static float mean_pool_f32(const float *values, int32_t rows, int32_t width, float *output) {
    vec squares = (vec)(0.0f);
    for (int i = 0; i < width; i += LANES) {
        vec sum = (vec)(0.0f);
        for (long row = 0; row < rows; row++) sum += load(values + row * width + i);
        store(output + i, sum);
        squares += sum * sum;
    }
    float length = sqrtf(sum_of(squares));
    for (int i = 0; i < width; i += LANES) store(output + i, load(output + i) * (1.0f / length));
    return length / (float)rows;
}
