/// One parser under hostile input: what it is given first, and what must hold for anything.
///
/// The same targets run under libFuzzer (`scripts/fuzz`), which looks for inputs that reach new code, and over seeded
/// mutations in `make test`, without it.
package struct FuzzTarget: Sendable {
    package let name: String
    /// Small well-formed inputs, and every input that once failed.
    package let seeds: [[UInt8]]
    /// Throws `FuzzFinding` where the parser breaks a promise. It may refuse any input, but never trap, and never give
    /// what its callers are told not to expect.
    package let run: @Sendable ([UInt8]) throws -> Void

    init(_ name: String, seeds: [String], run: @escaping @Sendable ([UInt8]) throws -> Void) {
        self.init(name, bytes: seeds.map { Array($0.utf8) }, run: run)
    }

    init(_ name: String, bytes: [[UInt8]], run: @escaping @Sendable ([UInt8]) throws -> Void) {
        self.name = name
        seeds = bytes
        self.run = run
    }

    package static let all =
        textTargets + packageTargets + pageTargets + frameTargets + markupTargets + webTargets + gitTargets
        + mailTargets + addressTargets + valueTargets
}

/// A promise that a parser broke.
package struct FuzzFinding: Error, CustomStringConvertible {
    package let description: String
}

func require(_ holds: @autoclosure () throws -> Bool, _ promise: String) throws {
    guard try holds() else { throw FuzzFinding(description: promise) }
}

/// Nil where it refuses: that is its right.
func accepted<Value>(_ parse: () throws -> Value) throws -> Value? {
    do { return try parse() } catch let finding as FuzzFinding { throw finding } catch { return nil }
}

extension [UInt8] {
    /// What a target with several parts is given: the bytes between file separators (0x1c), at most `count` of them.
    func parts(_ count: Int) -> [[UInt8]] {
        split(separator: 0x1c, maxSplits: count - 1, omittingEmptySubsequences: false).map { [UInt8]($0) }
    }

    var text: String { String(decoding: self, as: UTF8.self) }
}

extension [[UInt8]] {
    /// Empty where there is none.
    func part(_ index: Int) -> [UInt8] { indices.contains(index) ? self[index] : [] }
}
