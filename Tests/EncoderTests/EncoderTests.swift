import TestKit
import Testing

@testable import Encoder

@Suite struct EncoderTests {
    private static let levels = KernelLevel.allCases.filter(\.isSupported)

    private func cosine(_ a: [Float], _ b: [Double]) -> Double {
        let dot = zip(a, b).reduce(0) { $0 + Double($1.0) * $1.1 }
        let lengths = a.reduce(0) { $0 + Double($1) * Double($1) } * b.reduce(0) { $0 + $1 * $1 }
        return dot / lengths.squareRoot()
    }

    @Test(arguments: levels)
    func `vectors are those of the double-precision forward pass`(level: KernelLevel) async throws {
        let encoder = try Encoder.forTests { $0.level = level }
        let expected = try Fixture.load().vectors
        let found = try await encoder.embed(expected.map(\.ids))
        var worst = 1.0
        for (vector, row) in zip(found, expected) {
            #expect(vector.count == Encoder.dimensions)
            worst = min(worst, cosine(vector, row.vector))
            let difference = zip(vector, row.vector).map { abs(Double($0) - $1) }.max() ?? 0
            #expect(difference < 5e-6, "\(row.ids.count) tokens")
        }
        #expect(worst >= 0.9999)
        print("encoder \(level): worst cosine \(worst)")
    }

    @Test func `a query has the vector of its tokens`() async throws {
        let encoder = try Encoder.forTests()
        let fixture = try Fixture.load()
        for (query, row) in zip(fixture.queries, fixture.vectors) {
            #expect(encoder.tokens(of: Array(query.utf8)).map(\.id) == row.ids)
            let vector = try await encoder.embedQuery(query)
            #expect(cosine(vector, row.vector) >= 0.9999, "\(query)")
            #expect(try await encoder.embed([row.ids]) == [vector])
        }
    }

    @Test func `a window has the same bits alone, in company and on several threads`() async throws {
        let alone = try Encoder.forTests()
        let many = try Encoder.forTests { $0.batchThreads = 3 }
        let windows = try Fixture.load().vectors.map(\.ids)
        let together = try await many.embed(windows)
        for (window, vector) in zip(windows, together) { #expect(try await alone.embed([window]) == [vector]) }
    }

    @Test func `the windows of a long text are accepted by the model`() async throws {
        let encoder = try Encoder.forTests()
        let tokens = encoder.tokens(of: Array(String(repeating: "permission and evidence, ", count: 80).utf8))
        let windows = encoder.windows(of: tokens)
        #expect(windows.count == 2)
        #expect(encoder.tokenCount(of: Array("permission and evidence,".utf8)) == 4)
        let vectors = try await encoder.embed(windows.map { tokens[$0].map(\.id) })
        #expect(vectors.map(\.count) == [384, 384])
    }

    @Test func `nothing is cut silently`() async throws {
        let encoder = try Encoder.forTests()
        await #expect(throws: EncoderFailure.tooManyTokens(count: 255, limit: 254)) {
            try await encoder.embed([[7_592], [Int32](repeating: 7_592, count: 255)])
        }
        await #expect(throws: EncoderFailure.tooManyTokens(count: 300, limit: 254)) {
            try await encoder.embedQuery(String(repeating: "hello ", count: 300))
        }
        #expect(try await encoder.embed([[Int32](repeating: 7_592, count: 254)]).count == 1)
    }

    @Test(arguments: [-1, 30_522, Int32.max, Int32.min])
    func `a number that is no token is refused`(id: Int32) async throws {
        let encoder = try Encoder.forTests()
        await #expect(throws: EncoderFailure.unknownToken(id: id)) { try await encoder.embed([[id]]) }
    }

    @Test func `no windows give no vectors`() async throws {
        #expect(try await Encoder.forTests().embed([]).isEmpty)
    }

    @Test func `the identity survives storage`() {
        #expect(Encoder.identity.precision == "fp32")
        #expect(
            Encoder.identity
                == EncoderIdentity(
                    name: "all-MiniLM-L6-v2", precision: "fp32", tokenizer: "wordpiece-uncased/tokenizers-0.23/1"))
    }
}
