import Kit

/// What writing to or reading the log can fail with. An act whose entry failed has failed itself.
package enum AuditFailure: Error, Equatable {
    /// Over the bounds of `AuditEntry`: a defect of the caller, which tried to write content into the log.
    case entryTooLarge(action: String)
    /// The log's own row was changed from outside. Nothing is appended to it: a new entry would cover the traces.
    case logTampered(log: String)
    /// A stored row does not have the shape of one.
    case malformedRecord(log: String, sequence: Int64)
    /// The principal may not read the log.
    case forbidden
    /// A cursor that no page gave.
    case unknownPage
    /// A proof was asked for of an entry that is not in the log.
    case unknownEntry
    /// These intents are still open after start-up: nobody handles their kind, or their handler failed.
    case openIntents([IntentID])
}
