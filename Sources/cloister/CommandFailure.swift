/// What a command says before it ends with 1.
enum CommandFailure: Error, CustomStringConvertible {
    case badAddress
    case notAFolder(String)
    case nothingToIngest(String)
    case someFailed(Int)
    case unreadable(String)
    case auditBroken(String)
    case missing([String])

    var description: String {
        switch self {
        case .badAddress: "The server's address is not valid."
        case .notAFolder(let path): "There is no file or folder at \(path)."
        case .nothingToIngest(let path): "There are no .md, .markdown or .txt files in \(path)."
        case .someFailed(let count): "\(count) document(s) failed; the reasons are above."
        case .unreadable(let path): "\(path) cannot be read."
        case .auditBroken(let what): "The audit trail does not verify: \(what)"
        case .missing(let what): what.joined(separator: "\n")
        }
    }
}
