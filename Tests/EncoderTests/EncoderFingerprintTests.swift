import Foundation
import TestKit
import Testing

@testable import Encoder

@Suite struct EncoderFingerprintTests {
    @Test func `the shipped model has the fingerprint under which earlier releases' vectors are read`() throws {
        #expect(try Encoder.forTests().fingerprint == Encoder.firstFingerprint)
    }

    @Test func `other weights, another length and another vocabulary are told apart`() async throws {
        try await TestEnvironment.withTemporaryDirectory { folder in
            func fingerprint(_ weights: Data, _ words: String = "one\ntwo\n") throws -> String {
                try weights.write(to: URL(filePath: folder + "/weights"))
                try Data(words.utf8).write(to: URL(filePath: folder + "/words"))
                return EncoderFingerprint.text(
                    weights: try MappedFile(path: folder + "/weights"),
                    vocabulary: try MappedFile(path: folder + "/words"))
            }
            let weights = Data(repeating: 7, count: 200_000)
            var (early, late) = (weights, weights)
            early[65_535] = 8
            late[131_072 + 4095] = 8
            let all = [
                try fingerprint(weights), try fingerprint(early), try fingerprint(late),
                try fingerprint(weights + [7]), try fingerprint(weights, "one\nthree\n"),
            ]
            #expect(Set(all).count == all.count)
            #expect(try fingerprint(weights) == all[0])
        }
    }
}
