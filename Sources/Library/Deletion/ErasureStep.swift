import Kit
import Search

/// What a deletion took away, store by store, told when it is done and not before.
package enum ErasureStep: Sendable, Equatable {
    /// Committed: nobody finds the document any more.
    case rowsGone(versions: Int, passages: Int)
    /// Nothing that was sealed with it opens any more, wherever a copy lies; tried.
    case keyDestroyed
    case originalsDeleted(Int)
    /// Of the index: what the document had in it, and how many sealed segments were written anew without it.
    case indexCleared(EntryCounts, segments: Int)
    /// Every store was asked again and has nothing.
    case tested
    /// The entry of the audit log that says so.
    case recorded(sequence: Int64, log: String)
}
