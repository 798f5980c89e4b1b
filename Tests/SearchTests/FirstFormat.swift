@testable import Search

/// Entries as releases before fingerprints wrote them: the vectors of a chunk behind its terms.
enum FirstFormat {
    static func bytes(of form: EntryForm, encoder: String = "test") throws -> [UInt8] {
        let dimensions = form.sets[0].dimensions
        var (chunks, windows) = (ByteReader(form.chunks), ByteReader(form.sets[0].windows))
        var writer = ByteWriter()
        writer.raw([1, form.analyser])
        writer.number(dimensions)
        writer.counted(Array(encoder.utf8))
        let count = try chunks.number()
        writer.number(count)
        for _ in 0..<count {
            let start = chunks.position
            for _ in 0..<4 { _ = try chunks.number() }
            for _ in 0..<(try chunks.number()) {
                _ = try chunks.counted()
                _ = try chunks.number()
            }
            writer.raw(form.chunks[start..<chunks.position])
            let vectors = try windows.number()
            writer.number(vectors)
            writer.raw(try windows.raw(vectors * 4 * dimensions))
        }
        return writer.bytes
    }
}
