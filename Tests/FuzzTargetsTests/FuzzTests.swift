import Foundation
import FuzzTargets
import Testing

/// Every parser of ours over damaged inputs, without instrumentation. `scripts/fuzz` looks further.
@Suite struct FuzzTests {
    private static let mutations = 1_000
    /// Always the same but for who wants others: finding new ones is libFuzzer's work.
    private static let seed = ProcessInfo.processInfo.environment["CLOISTER_TEST_SEED"].flatMap(UInt64.init) ?? 1

    @Test(arguments: FuzzTarget.all.map(\.name)) func `no promise is broken`(name: String) throws {
        let target = try #require(FuzzTarget.all.first { $0.name == name })
        for seed in target.seeds { try target.run(seed) }
        var mutator = Mutator(seed: Self.seed, of: target.seeds)
        for _ in 0..<Self.mutations {
            let input = mutator.next()
            do { try target.run(input) } catch {
                Issue.record("\(error), CLOISTER_TEST_SEED=\(Self.seed), input \(input)")
            }
        }
    }

    @Test func `names are unique and every target has a seed`() {
        #expect(Set(FuzzTarget.all.map(\.name)).count == FuzzTarget.all.count)
        #expect(FuzzTarget.all.allSatisfy { !$0.seeds.isEmpty })
    }
}
