/// What the engines and the blob store can fail with. Holds no statement arguments and no content.
package enum StorageFailure: Error, Equatable {
    /// A unique, foreign-key or check constraint refused the write; `name` is the engine's, when it tells.
    case constraint(name: String?)
    /// The engine could not be reached, or went away and a bounded number of retries did not help.
    case unavailable(reason: String)
    case diskFull
    /// A statement the engine refuses: a defect of ours. `text` is our statement, never a parameter.
    case badStatement(text: String, reason: String)
    case unknownColumn(String)
    case unexpectedValue(column: String)
    /// A parameter that one of the engines cannot hold: text with a NUL character, or a number that is NaN.
    case unstorableValue
    case blobMissing
    /// A blob whose bytes do not hash to its address.
    case blobCorrupt
    /// Another process holds the data directory; `holder` is its process id when known.
    case directoryLocked(holder: Int32?)
    /// A folder that holds something else; taking it over would change foreign files.
    case notADataDirectory(path: String)
    /// A database written by a newer release, or a migration whose text changed after release.
    case migrationMismatch(id: String)
    case io(path: String, code: Int32)
}
