/// What a look at a proof file found: every check in a plain sentence, and the byte that changed where one did.
package struct ProofReport: Sendable, Equatable {
    package struct Check: Sendable, Equatable {
        package let passed: Bool
        package let sentence: String
    }

    package internal(set) var checks: [Check] = []
    package internal(set) var damage: ProofDamage?

    package var isGood: Bool { damage == nil && !checks.isEmpty && checks.allSatisfy(\.passed) }

    mutating func add(_ passed: Bool, _ sentence: String) { checks.append(Check(passed: passed, sentence: sentence)) }
}

/// One byte that is not what was signed.
package struct ProofDamage: Sendable, Equatable {
    /// In the file, from 0.
    package let offset: Int
    package let found: UInt8
    /// Nil where more than one byte changed, so that nobody can find out.
    package let expected: UInt8?
    /// In words: what stands there.
    package let place: String

    package var sentence: String {
        guard let expected else { return "Something changed near byte \(offset) of the file, in \(place)." }
        return "Byte \(offset) of the file changed, in \(place): it is \(Self.shown(found)) and should be "
            + "\(Self.shown(expected))."
    }

    /// `"a" (0x61)`, and only the number for what cannot be seen.
    static func shown(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16)
        let number = "0x" + (digits.count == 1 ? "0" : "") + digits
        return (0x21...0x7e).contains(byte) ? "“\(Character(Unicode.Scalar(byte)))” (\(number))" : number
    }
}
