import Storage

/// By which encoder a tenant is searched: the vector of a question must be of the same.
package struct ServingEncoder: Hashable, Sendable {
    /// `Encoder.fingerprint`.
    package let encoder: String
    /// Grows with each change of the tenant's encoder; 0 before its first document.
    package let generation: Int64
}

/// How far a tenant's documents have been read by the encoder of today.
package struct EncoderProgress: Equatable, Sendable {
    /// With an entry in the index.
    package let documents: Int
    /// Without vectors of the encoder, not counting `stuck`.
    package let behind: Int
    /// With vectors of another one beside or in place of them.
    package let surplus: Int
    /// That could not be read anew: found by their words only.
    package let stuck: Int
}

/// One entry as it stands, to be written again if nobody else does first.
package struct IndexedState: Sendable {
    /// Of the change that wrote it: a later entry has another.
    package let sequence: ChangeSequence
    let form: EntryForm
    /// What has read it, as far as that is known.
    package var encoders: [String] { form.sets.map(\.encoder) }
}
