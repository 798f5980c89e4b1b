import Foundation
import TestKit
import Testing

@testable import Encoder

@Suite struct SafeTensorsTests {
    /// A file with the header given, its true length in front unless told otherwise.
    private func file(_ header: String, data: Int = 0, length: UInt64? = nil) -> [UInt8] {
        let header = Array(header.utf8)
        let length = length ?? UInt64(header.count)
        let prefix = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
        return prefix + header + [UInt8](repeating: 0, count: data)
    }

    private func open(_ bytes: [UInt8]) async throws -> SafeTensors {
        try await TestEnvironment.withTemporaryDirectory { directory in
            let path = directory + "/model.safetensors"
            try Data(bytes).write(to: URL(filePath: path))
            return try SafeTensors(file: MappedFile(path: path))
        }
    }

    private func entry(_ type: String = "F32", _ shape: String = "2", _ offsets: String = "0,8") -> String {
        #"{"t":{"dtype":"\#(type)","shape":[\#(shape)],"data_offsets":[\#(offsets)]}}"#
    }

    @Test func `a sound file gives its tensor`() async throws {
        // The header is padded with spaces to a multiple of four, as writers of the format do.
        let header = entry().padding(toLength: 64, withPad: " ", startingAt: 0)
        let tensors = try await open(file(header, data: 8))
        // The buffer points into the file, which lives as long as `tensors`.
        let values = try withExtendedLifetime(tensors) { try Array(tensors.floats("t", shape: [2])) }
        #expect(values == [0, 0])
        #expect(throws: WeightsDefect.missing(tensor: "u")) { try tensors.floats("u", shape: [2]) }
        #expect(throws: WeightsDefect.shape(tensor: "t", found: [2])) { try tensors.floats("t", shape: [1, 2]) }
    }

    @Test(arguments: 0..<8)
    func `a file without a whole length is refused`(bytes: Int) async {
        await #expect(throws: WeightsDefect.fileTooShort(bytes: bytes)) {
            try await open([UInt8](repeating: 0, count: bytes))
        }
    }

    @Test(arguments: [9, 1 << 20, 1 << 32, UInt64(Int64.max), UInt64(Int64.max) + 1, UInt64.max - 7, .max])
    func `a header longer than the file is refused`(length: UInt64) async {
        await #expect(throws: WeightsDefect.headerLength(claimed: length, limit: 8)) {
            try await open(file("{}", data: 6, length: length))
        }
    }

    @Test func `a header beyond the limit is refused although the file has it`() async {
        let limit = SafeTensors.headerBytesMax
        await #expect(throws: WeightsDefect.headerLength(claimed: UInt64(limit) + 1, limit: limit)) {
            try await open(file("{}" + String(repeating: " ", count: limit - 1)))
        }
    }

    private static let unreadable = [
        "", "[]", "null", "{", #"{"t":1}"#, #"{"t":{"dtype":"F32","shape":[2]}}"#,
        #"{"t":{"dtype":"F32","shape":["2"],"data_offsets":[0,8]}}"#,
        #"{"t":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}}"#,
        #"{"t":{"dtype":"F32","shape":[1e30],"data_offsets":[0,8]}}"#,
        #"{"t":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,8]}}"#,
        "{\"t\":\(String(repeating: "[", count: 10_000))",
    ]

    @Test(arguments: unreadable)
    func `a header that is not a table of tensors is refused`(header: String) async {
        await #expect(throws: WeightsDefect.headerUnreadable) { try await open(file(header, data: 8)) }
    }

    private static let maximum = "9223372036854775807"
    private static let hostile: [(String, String, String, WeightsDefect)] = [
        ("F31", "2", "0,8", .elementType(tensor: "t", type: "F31")),
        ("F32", "-2", "0,8", .shape(tensor: "t", found: [-2])),
        ("F32", "1,1,1,1,1,1,1,1,2", "0,8", .shape(tensor: "t", found: [1, 1, 1, 1, 1, 1, 1, 1])),
        ("F32", "4611686018427387904,4", "0,8", .shape(tensor: "t", found: [4_611_686_018_427_387_904, 4])),
        ("F32", maximum, "0,8", .shape(tensor: "t", found: [.max])),
        ("F32", "3", "0,8", .range(tensor: "t")),
        ("F32", "2", "0,12", .range(tensor: "t")),
        ("F32", "2", "4,12", .range(tensor: "t")),
        ("F32", "2", "8,0", .range(tensor: "t")),
        ("F32", "2", "-8,0", .range(tensor: "t")),
        ("F32", "2", "-9223372036854775808,8", .range(tensor: "t")),
        ("F32", "2", "0,\(maximum)", .range(tensor: "t")),
        ("F32", "2", "\(maximum),\(maximum)", .range(tensor: "t")),
        ("F32", "2", "0", .range(tensor: "t")),
        ("F32", "2", "0,8,8", .range(tensor: "t")),
        ("F32", "1", "0,4", .layout(offset: 4)),
        ("F32", "1", "4,8", .layout(offset: 0)),
    ]

    @Test(arguments: hostile)
    func `an entry that lies about its data is refused`(row: (String, String, String, WeightsDefect)) async {
        await #expect(throws: row.3, "\(row)") { try await open(file(entry(row.0, row.1, row.2), data: 8)) }
    }

    @Test func `tensors that overlap are refused`() async {
        let header = """
            {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}
            """
        await #expect(throws: WeightsDefect.layout(offset: 8)) { try await open(file(header, data: 12)) }
    }

    @Test func `floats off their alignment are refused, not read`() async throws {
        let tensors = try await open(file(entry() + " ", data: 8))
        let padded = try await open(file(entry() + "  ", data: 8))
        let defects = [tensors, padded].compactMap { tensors -> WeightsDefect? in
            do throws(WeightsDefect) { _ = try tensors.floats("t", shape: [2]) } catch { return error }
            return nil
        }
        #expect(defects.contains(.misaligned(tensor: "t")))
    }

    @Test(arguments: 1...300)
    func `a damaged file never crashes`(seed: Int) async {
        var generator = SeededGenerator(seed: UInt64(seed))
        var bytes = file(entry().padding(toLength: 64, withPad: " ", startingAt: 0), data: 8)
        for _ in 0..<Int.random(in: 1...6, using: &generator) {
            bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator)
        }
        bytes.removeLast(Int.random(in: 0...4, using: &generator))
        // Either a defect or a tensor that can be read to its end.
        guard let tensors = try? await open(bytes) else { return }
        withExtendedLifetime(tensors) {
            let values = try? tensors.floats("t", shape: [2])
            #expect(values?.map(\.bitPattern).count ?? 2 == 2, "seed \(seed)")
        }
    }

    @Test func `weights of another model are refused by name`() async throws {
        try await TestEnvironment.withTemporaryDirectory { directory in
            let vocabulary = TestEnvironment.encoderDirectory + "/vocab.txt"
            try FileManager.default.copyItem(atPath: vocabulary, toPath: directory + "/vocab.txt")
            let name = "embeddings.word_embeddings.weight"
            let header = #"{"\#(name)":{"dtype":"F32","shape":[1,384],"data_offsets":[0,1536]}}"#
            try Data(file(header, data: 1_536)).write(to: URL(filePath: directory + "/model.safetensors"))
            #expect(throws: EncoderFailure.weights(.vocabularySize(rows: 1, pieces: 30_522))) {
                try Encoder(directory: directory)
            }
        }
    }
}
