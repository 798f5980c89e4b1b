/// One word piece of a text.
package struct Token: Sendable, Equatable {
    /// The piece's number in the vocabulary.
    package let id: Int32
    /// UTF-8 byte offsets in the source text: from the first byte of the first scalar that became part of the piece
    /// to behind the last byte of the last one. Scalars that the tokenizer drops belong to no piece.
    package let start: Int
    package let end: Int

    package init(id: Int32, start: Int, end: Int) {
        self.id = id
        self.start = start
        self.end = end
    }
}
