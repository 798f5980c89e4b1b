/// The dimensions of all-MiniLM-L6-v2, a BERT encoder.
enum MiniLMShape {
    static let width = 384
    static let layers = 6
    static let heads = 12
    static let headWidth = 32
    static let inner = 1_536
    static let positions = 512
    static let segments = 2
    static let normEpsilon: Float = 1e-12
    /// What the model was trained to read, with `[CLS]` and `[SEP]`; the position table is larger than that.
    static let tokensMax = 256
}
