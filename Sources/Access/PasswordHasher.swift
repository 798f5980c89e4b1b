import Crypto
import CryptoExtras
import Foundation
import Kit
import Synchronization

/// What is kept of a password: scrypt (RFC 7914) with its parameters and salt. Stored sealed, so that a stolen
/// database is of no use without the keys directory.
struct PasswordRecord: Equatable, Sendable {
    private static let version: UInt8 = 1
    private static let blockSize = 8
    private static let parallelism = 1
    private static let saltBytes = 16
    private static let keyBytes = 32

    let bytes: [UInt8]

    /// Nil unless this is a record of a known version.
    init?(bytes: [UInt8]) {
        guard bytes.count == 2 + Self.saltBytes + Self.keyBytes, bytes[0] == Self.version, (10...20).contains(bytes[1])
        else { return nil }
        self.bytes = bytes
    }

    init(hashing password: Secret, costLog2: Int, randomness: Randomness) throws {
        let salt = randomness.bytes(Self.saltBytes)
        let key = try Self.derive(password, salt: salt, costLog2: costLog2)
        bytes = [Self.version, UInt8(costLog2)] + salt + key
    }

    func matches(_ password: Secret) throws -> Bool {
        let salt = Array(bytes[2..<2 + Self.saltBytes])
        let key = try Self.derive(password, salt: salt, costLog2: Int(bytes[1]))
        return zip(key, bytes.suffix(Self.keyBytes)).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private static func derive(_ password: Secret, salt: [UInt8], costLog2: Int) throws -> [UInt8] {
        let text = password.reveal().precomposedStringWithCompatibilityMapping
        let key = try KDF.Scrypt.deriveKey(
            from: Array(text.utf8), salt: salt, outputByteCount: keyBytes, rounds: 1 << costLog2, blockSize: blockSize,
            parallelism: parallelism)
        return key.withUnsafeBytes { Array($0) }
    }
}

/// Does the slow hashing on two threads of its own, so that sign-ins never hold up requests, with a bounded queue.
final class PasswordHasher: Sendable {
    private let queue = OperationQueue()
    private let waiting = Mutex(0)
    private let costLog2: Int
    private let waitingMax: Int
    private let randomness: Randomness
    /// The record of no password, checked when there is no such user: the same work, the same answer.
    private let nobody: PasswordRecord

    init(costLog2: Int, waitingMax: Int, randomness: Randomness) {
        self.costLog2 = costLog2
        self.waitingMax = waitingMax
        self.randomness = randomness
        queue.maxConcurrentOperationCount = 2
        let stuffing = [1, UInt8(clamping: costLog2)] + randomness.bytes(48)
        // 50 bytes of version 1 with a validated cost: always a record.
        nobody = PasswordRecord(bytes: stuffing)!
    }

    func hash(_ password: Secret) async throws -> PasswordRecord {
        try await work { [costLog2, randomness] in
            try PasswordRecord(hashing: password, costLog2: costLog2, randomness: randomness)
        }
    }

    /// False for a nil record, after as much work as for a real one.
    func verify(_ password: Secret, against record: PasswordRecord?) async throws -> Bool {
        let matches = try await work { [nobody] in try (record ?? nobody).matches(password) }
        return matches && record != nil
    }

    private func work<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        let admitted = waiting.withLock { count in
            guard count < waitingMax else { return false }
            count += 1
            return true
        }
        guard admitted else { throw AccessFailure.throttled(retryAfterSeconds: 1) }
        defer { waiting.withLock { $0 -= 1 } }
        return try await withCheckedThrowingContinuation { continuation in
            queue.addOperation { continuation.resume(with: Result(catching: body)) }
        }
    }
}
