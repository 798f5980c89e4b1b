import Connectors
import Kit

/// What Intake refuses.
package enum IntakeFailure: Error, Equatable {
    /// Unknown, or not for this principal to know.
    case notFound
    case nameTaken
    case badName
    case unknownKind([String])
    case badInterval
    case tooManyAccounts
    /// A setting of the kind of source, in its own words.
    case settings(SourceFailure)
    case tooMany(limit: Int)
    /// It is being deleted.
    case isRemoved
    /// Nothing waits for a decision.
    case nothingHeld
    /// Another kind than the one it was made with, or another collection.
    case cannotChange(String)
    /// What runs is not this round any more: somebody started another run, paused or deleted the source.
    case superseded
    /// A delivery does not prove itself, whatever the reason.
    case hookRefused
}
