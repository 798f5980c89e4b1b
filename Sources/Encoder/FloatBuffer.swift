/// Floats on a cache-line boundary, freed with the object. Not initialised: whoever reads has written.
///
/// Whoever shares one between threads must not write to it any more: `MiniLMModel` shares, `MiniLMSession` does not.
final class FloatBuffer {
    let start: UnsafeMutablePointer<Float>
    let count: Int

    init(count: Int) {
        let raw = UnsafeMutableRawPointer.allocate(byteCount: max(count, 1) * 4, alignment: 64)
        start = raw.bindMemory(to: Float.self, capacity: max(count, 1))
        self.count = count
    }

    deinit { start.deallocate() }
}
