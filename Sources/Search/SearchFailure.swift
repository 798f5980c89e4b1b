import Kit

/// What the index refuses or cannot do. Facts only, no content.
package enum SearchFailure: Error, Equatable {
    /// A dense or fused query came without a vector.
    case vectorMissing
    case vectorDimensions(found: Int, expected: Int)
    /// A vector holds a value that is not a finite number.
    case vectorNotFinite
    case queryTooLong(bytes: Int, limit: Int)
    case limitOutOfRange(Int)
    /// The principal's tenant or the transaction's scope does not fit the call.
    case wrongScope
    /// A document names an access rule that `defineACL` has not stored in this tenant.
    case unknownACL
    /// A document to be indexed breaks a bound or has two chunks of one ordinal.
    case badDocument(DocumentID, reason: String)
    /// A stored entry or access rule cannot be read; the document has to be indexed again.
    case corruptEntry(DocumentID?)
    /// The index was written by another version of the analyser: documents have to be indexed again.
    case foreignIndex(found: Int, expected: Int)
    /// The tenant has changed its encoder since the query's vector was made: make it anew and ask again.
    case encoderChanged
    /// After an erasure something still holds the document.
    case notErased(DocumentID, remains: String)
}
