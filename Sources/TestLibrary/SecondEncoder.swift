import Encoder
import Foundation
import Kit
import TestKit

/// An encoder of the same form that makes other vectors: that of the product with its first two layers exchanged.
package enum SecondEncoder {
    package static func encoder() throws -> Encoder { try loaded.get() }
    private static let loaded = Result { try load() }

    private static func load() throws -> Encoder {
        let folder = NSTemporaryDirectory() + "cloister-encoder-" + Hex.encode(Randomness.system.bytes(8))
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        // What is mapped stays when its name goes.
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try write(to: folder)
        var settings = EncoderSettings()
        settings.batchThreads = 1
        return try Encoder(directory: folder, settings: settings)
    }

    /// Only names in the table of tensors at the front of the file change places, and they are equally long.
    private static func write(to folder: String) throws {
        let source = TestEnvironment.encoderDirectory
        try FileManager.default.copyItem(atPath: source + "/vocab.txt", toPath: folder + "/vocab.txt")
        var file = try Data(contentsOf: URL(fileURLWithPath: source + "/model.safetensors"))
        let length = file.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        let table = String(decoding: file[8..<8 + length], as: UTF8.self)
            .replacingOccurrences(of: "encoder.layer.0.", with: "encoder.layer.#.")
            .replacingOccurrences(of: "encoder.layer.1.", with: "encoder.layer.0.")
            .replacingOccurrences(of: "encoder.layer.#.", with: "encoder.layer.1.")
        file.replaceSubrange(8..<8 + length, with: Data(table.utf8))
        try file.write(to: URL(fileURLWithPath: folder + "/model.safetensors"))
    }
}
