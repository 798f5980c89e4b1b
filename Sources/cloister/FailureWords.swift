import AuditTrail
import Encoder
import Foundation
import HTTPKit
import Keyring
import Storage

/// What was wrong and what to do, for the person at the terminal.
struct FailureWords: Error, CustomStringConvertible {
    let description: String

    /// Known failures in words; anything else as it is.
    static func explain(_ error: any Error) -> any Error {
        switch error {
        case let failure as StorageFailure: words(failure).map(FailureWords.init) ?? error
        case let failure as KeyringFailure: words(failure).map(FailureWords.init) ?? error
        case let failure as HTTPServiceFailure: FailureWords(description: words(failure))
        case EncoderFailure.fileUnreadable(let path, let code):
            FailureWords(
                description: "The encoder's weights cannot be read: \(path): \(reason(code)). "
                    + "`cloister doctor` says how to get them.")
        case EncoderFailure.weights, EncoderFailure.vocabulary:
            FailureWords(
                description: "The encoder's weights are damaged. `cloister doctor` says how to get them again.")
        case AuditFailure.openIntents(let intents):
            FailureWords(
                description: "\(intents.count) deletion(s) that an interruption cut off could not be finished. "
                    + "Check the disk and the database, then start again.")
        default: error
        }
    }

    private static func words(_ failure: StorageFailure) -> String? {
        switch failure {
        case .directoryLocked(let holder):
            "Another cloister process\(holder.map { " (\($0))" } ?? "") uses this data. "
                + "Wait until it is done, or stop it."
        case .notADataDirectory(let path): "\(path) holds files of something else. Choose an empty folder for the data."
        case .diskFull: "The disk is full. Nothing that was acknowledged is lost; free some space and start again."
        case .unavailable(let reason): "The database cannot be reached: \(reason)"
        case .io(let path, let code): "\(path) cannot be read or written: \(reason(code))."
        case .migrationMismatch(let id):
            "The database was written by another release (at step \(id)). Use that release."
        default: nil
        }
    }

    private static func words(_ failure: KeyringFailure) -> String? {
        switch failure {
        case .wrongRootKey: "This root key does not open these keys. Put the right one back from your safe."
        case .malformedRootKey: "The root key is not 32 bytes in hexadecimal or base 64."
        case .permissions(let path, _): "Others can reach \(path). Run: chmod go-rwx \(path)"
        case .io(let path, let code):
            code == 2
                ? "\(path) is missing. Put it back from your safe; without it the data cannot be read."
                : "\(path) cannot be read or written: \(reason(code))."
        case .inUse(let path): "Another process has the keys in \(path) open."
        case .unknownEpoch(let epoch, let folder):
            "The keys in the database need the key of \(epoch); it is not in \(folder). "
                + "All nodes share that folder: mount it, or put its file back. "
                + "A database restored from before an epoch rotation cannot be opened."
        case .corruptEpoch(let path): "\(path) is not a file of this root key. Put it back from where it came from."
        case .keysInFile(let path):
            "The keys of this installation are in \(path), and with PostgreSQL they are in the database. "
                + "Choose an empty folder in keys.directory, or remove storage.url."
        case .unsafeEngine:
            "The database does not sync what it commits. Keys need fsync and synchronous_commit switched on."
        case .corrupt: "The keys were changed by something else than Cloister. Put them back from your backup."
        default: nil
        }
    }

    private static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }

    private static func words(_ failure: HTTPServiceFailure) -> String {
        switch failure {
        case .plainOffLoopback(let host):
            "Refusing to listen on \(host) without TLS. Set server.tls.certificate and server.tls.key, "
                + "or name the authenticating proxy in server.trusted_proxy."
        case .tlsUnusable(let reason): "The TLS certificate or key cannot be used: \(reason)"
        case .socketPathTooLong(let path, let bytesMax):
            "The path of the local socket is over \(bytesMax) bytes: \(path)"
        case .socketUnusable(let path): "The local socket cannot be made at \(path)."
        }
    }
}
