import Foundation
import Kit

/// Where the tests find servers, data and space of their own.
package enum TestEnvironment {
    /// `postgres://user:password@127.0.0.1:port/database` of the server that `scripts/test-servers start` runs.
    package static var postgresURL: String? { ProcessInfo.processInfo.environment["CLOISTER_TEST_POSTGRES"] }

    /// The folder of `model.safetensors` and `vocab.txt`.
    package static var encoderDirectory: String {
        ProcessInfo.processInfo.environment["CLOISTER_ENCODER_DIRECTORY"] ?? packageRoot + "/.cloister/encoder"
    }

    /// Public evaluation data beside the checkout; absent in a user's clone, required in CI.
    package static var evaluationData: String? {
        let path = ProcessInfo.processInfo.environment["CLOISTER_DATA"] ?? packageRoot + "/../shared/data"
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }

    package static var isContinuousIntegration: Bool { ProcessInfo.processInfo.environment["CI"] == "true" }

    /// The folder of Package.swift.
    package static let packageRoot: String = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    /// Runs `body` in a fresh folder that is removed afterwards.
    package static func withTemporaryDirectory<Value>(
        isolation: isolated (any Actor)? = #isolation, _ body: (String) async throws -> Value
    ) async throws -> Value {
        let path = NSTemporaryDirectory() + "cloister-" + Hex.encode(Randomness.system.bytes(8))
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try await body(path)
    }
}
