/// What can go wrong in the encoder. No case carries text of a document.
package enum EncoderFailure: Error, Equatable {
    /// A model file cannot be opened or mapped. `code` is the system's error number.
    case fileUnreadable(path: String, code: Int32)
    /// model.safetensors is not the file this encoder needs.
    case weights(WeightsDefect)
    /// vocab.txt is not the file this encoder needs.
    case vocabulary(VocabularyDefect)
    /// This processor cannot run the vector level that was asked for.
    case levelUnsupported(KernelLevel)
    /// A window or a query has more tokens than the model reads. Nothing is ever cut silently.
    case tooManyTokens(count: Int, limit: Int)
    /// A window holds a number that is no token of the vocabulary.
    case unknownToken(id: Int32)
    /// The lane's queue is full; try again when work has drained.
    case overloaded(waiting: Int, limit: Int)
    /// The model gave a vector without direction: its weights hold zeros, infinities or not-a-numbers.
    case degenerateVector
    /// The encoder was shut down before the work was done.
    case closed
}

/// Why a safetensors file is refused. Names are those in the file, shortened to 100 characters.
package enum WeightsDefect: Error, Equatable {
    case fileTooShort(bytes: Int)
    case headerLength(claimed: UInt64, limit: Int)
    /// Not a JSON object of tensor entries.
    case headerUnreadable
    case elementType(tensor: String, type: String)
    case shape(tensor: String, found: [Int])
    /// The offsets lie outside the data, are reversed, or do not fit the shape.
    case range(tensor: String)
    /// Tensors overlap or leave bytes unused; `offset` is where, in the data section.
    case layout(offset: Int)
    case misaligned(tensor: String)
    case missing(tensor: String)
    /// The vocabulary and the embedding table count differently.
    case vocabularySize(rows: Int, pieces: Int)
}

/// Why a vocabulary is refused. Lines count from 0, as ids do.
package enum VocabularyDefect: Error, Equatable {
    case fileTooLarge(bytes: Int, limit: Int)
    case tooManyPieces(limit: Int)
    case emptyPiece(line: Int)
    case repeatedPiece(line: Int)
    case missingPiece(String)
}
