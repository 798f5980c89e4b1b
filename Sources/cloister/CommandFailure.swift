/// What a command says before it ends with 1.
enum CommandFailure: Error, CustomStringConvertible {
    case badAddress(String)
    /// `reason` is the system's, in its words.
    case unreachable(String, reason: String)
    case cannotMake(folder: String)
    case notAFolder(String)
    case nothingToIngest(String)
    case noCollection(String)
    case noSource(String)
    case noUser(String)
    case notConfirmed
    case someFailed(Int)
    case unreadable(String)
    case doesNotHold(String)
    case auditBroken(String)
    case missing([String])

    var description: String {
        switch self {
        case .badAddress(let address):
            "CLOISTER_URL is no address: \"\(address)\". Write it like https://cloister.example.org."
        case .unreachable(let place, let reason): "There is no answer from \(place): \(reason)."
        case .cannotMake(let folder): "The folder \(folder) cannot be made. Choose another with --home."
        case .notAFolder(let path): "There is no file or folder at \(path)."
        case .nothingToIngest(let path): "There are no files in \(path)."
        case .noCollection(let name): "There is no collection \(name) that you may see."
        case .noSource(let name): "There is no source \(name). `cloister sources` lists them."
        case .noUser(let name): "There is no user \(name)."
        case .notConfirmed: "Nothing was deleted. Repeat it with --yes."
        case .someFailed(let count): "\(count) file\(count == 1 ? "" : "s") failed; the reasons are above."
        case .unreadable(let path): "\(path) cannot be read."
        case .doesNotHold(let path): "\(path) is not a proof that holds."
        case .auditBroken(let what): "The audit trail does not verify: \(what)"
        case .missing(let what): what.joined(separator: "\n")
        }
    }
}

/// Wrong settings or options that the parser cannot know to be wrong: said without the usage, which would not help.
/// Ends with 64, as the parser's own refusals do (EX_USAGE of sysexits.h).
struct WrongUsage: Error, CustomStringConvertible {
    static let exitCode: Int32 = 64

    let description: String
}
