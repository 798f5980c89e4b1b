/// What a vector was made with. An index records it and never mixes two of them.
package struct EncoderIdentity: Codable, Equatable, Hashable, Sendable {
    /// The model's public name.
    package let name: String
    /// The number format of weights and arithmetic.
    package let precision: String
    /// The reference whose tables the tokenizer follows, and our revision of it.
    package let tokenizer: String

    package init(name: String, precision: String, tokenizer: String) {
        self.name = name
        self.precision = precision
        self.tokenizer = tokenizer
    }
}
