import Access
import Kit
import Storage

/// How far a follower has read. One change may touch many documents, so the document is part of the place.
struct ChangeCursor: Sendable, Equatable {
    static let start = ChangeCursor(sequence: 0, document: "")

    let sequence: ChangeSequence
    /// In the order of the column's text.
    let document: String
}

/// A document that can be found, as its row says.
struct LiveRow: Sendable {
    let document: DocumentID
    let version: VersionID
    let collection: CollectionID
    let acl: ACLID
    let sequence: ChangeSequence
}

/// What a follower has already.
struct KnownState: Sendable {
    var sequences: [DocumentID: ChangeSequence] = [:]
    var acls: [ACLID: UInt32] = [:]
}

/// One page of changes: not what happened but where the changed documents stand in one consistent read.
struct ChangePage: Sendable {
    var cursor: ChangeCursor
    /// The read saw nothing beyond this page.
    let isLast: Bool
    var live: [LiveRow] = []
    var removed: [DocumentID] = []
    var sealedEntries: [DocumentID: [UInt8]] = [:]
    var sealedACLs: [ACLID: [UInt8]] = [:]

    init(cursor: ChangeCursor, isLast: Bool) {
        self.cursor = cursor
        self.isLast = isLast
    }
}
