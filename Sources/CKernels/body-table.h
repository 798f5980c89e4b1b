// The level's table; last of the bodies.

const ck_kernels LEVEL(ck_kernels) = {
    dot_f32, dot_i8, scan_i8, linear_f32, layer_norm_f32, attention_f32, gather_f32, mean_pool_f32,
};
