import Kit

/// What the verifier says of one sentence.
package enum Verdict: Equatable, Sendable {
    /// Whole sentences of the source, byte for byte but for white space.
    case quoted(Answer.Place)
    /// Every number, name, date, unit and negation is in these places, and the rest is close enough by a measured
    /// threshold. Never "proven" (DESIGN 7.7).
    case supported([Answer.Place], score: Double)
    case unsupported(Fault)

    /// Why a sentence is withheld.
    package enum Fault: String, Codable, CaseIterable, Sendable {
        /// Nothing in it can be checked.
        case empty
        /// It names a passage that it was not given.
        case unknownSource = "unknown_source"
        /// It puts words in quotation marks that are not so in the source, or joins parts of different sentences.
        case quote
        /// A number, date or unit is not in the source.
        case quantity
        case name
        /// The source denies what it says, or says the contrary.
        case negation, contrary
        /// It holds an address, markup or an image that the source does not hold.
        case address
        /// The words are there or nearly, but the measured threshold is not reached.
        case notEntailed = "not_entailed"
    }
}
