import TestKit
import Testing

@testable import Encoder

@Suite struct EncoderFingerprintTests {
    @Test func `the shipped model has the fingerprint under which earlier releases' vectors are read`() throws {
        let encoder = try Encoder.forTests()
        #expect(encoder.fingerprint == Encoder.firstFingerprint)
    }

    @Test func `the fingerprint is read from the weights within the start`() throws {
        let directory = TestEnvironment.encoderDirectory
        let weights = try MappedFile(path: directory + "/model.safetensors")
        let vocabulary = try MappedFile(path: directory + "/vocab.txt")
        let clock = ContinuousClock()
        let took = clock.measure { _ = EncoderFingerprint.text(weights: weights, vocabulary: vocabulary) }
        print("encoder fingerprint: \(took)")
    }
}
