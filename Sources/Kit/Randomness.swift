/// A source of random bytes, injected so that the same seed gives the same bytes in a test.
package struct Randomness: Sendable {
    private let next: @Sendable () -> UInt64

    package init(next: @escaping @Sendable () -> UInt64) { self.next = next }

    /// The kernel's cryptographic generator.
    package static let system = Randomness(next: {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    })

    package func bytes(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 7)
        while bytes.count < count {
            withUnsafeBytes(of: next()) { bytes.append(contentsOf: $0) }
        }
        bytes.removeLast(bytes.count - count)
        return bytes
    }

    package func identifier<Kind>(_ kind: Identifier<Kind>.Type = Identifier<Kind>.self) -> Identifier<Kind> {
        Identifier(high: next(), low: next())
    }
}
