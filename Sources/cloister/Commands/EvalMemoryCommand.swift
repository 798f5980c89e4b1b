import ArgumentParser
import Foundation
import Kit
import Logging
import Search
import Telemetry

/// Whether memory grows with what is kept, or with what has been done.
struct EvalMemoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "memory",
        abstract: "Measure memory while many small documents come in, step by step.",
        discussion: """
              cloister eval memory --documents 100000

            The documents are made up of a fixed vocabulary and pass the whole of ingestion, the real encoder included.
            The index lies in memory and grows with what it holds: its vectors are told, and what each document adds to
            them.
            """)

    @OptionGroup var options: GlobalOptions
    @Option(help: "How many.") var documents = 100_000
    @Option(help: "How often memory is read.") var steps = 10
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        LoggingSystem.bootstrap { JSONLogHandler(label: $0, level: .warning) }
        let (documents, steps) = (max(1, documents), min(max(1, steps), 1000))
        let readings = try await options.withFreshHome { settings in
            let platform = try await Platform.open(settings, role: .command)
            try await FirstTenant(access: platform.access).ensure()
            let client = InProcessClient(platform, tenant: "")
            let collection = try await CollectionLookup(client: client).findOrCreate("measured", label: nil)
            let upload = FolderUpload(client: client, collection: collection.id, label: nil)
            let readings = try await measure(documents, steps, upload)
            await client.close()
            return readings
        }
        if json { return try Terminal.printJSON(readings) }
        Terminal.printData(MemoryReading.table(readings))
    }

    private func measure(_ documents: Int, _ steps: Int, _ upload: FolderUpload) async throws -> [MemoryReading] {
        var readings = [MemoryReading(documents: 0)]
        Terminal.say(readings[0].line)
        for step in 1...steps {
            let range = documents * (step - 1) / steps..<documents * step / steps
            try await send(range, upload)
            let ready = try await upload.waitUntilSettled().ready
            readings.append(MemoryReading(documents: ready))
            Terminal.say(readings[step].line)
        }
        return readings
    }

    private func send(_ range: Range<Int>, _ upload: FolderUpload) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            var waiting = range
            for number in waiting.prefix(FolderUpload.uploadsAtOnce) {
                group.addTask { try await send(number, upload) }
            }
            waiting = waiting.dropFirst(FolderUpload.uploadsAtOnce)
            while try await group.next() != nil {
                if let number = waiting.popFirst() { group.addTask { try await send(number, upload) } }
            }
        }
    }

    private func send(_ number: Int, _ upload: FolderUpload) async throws {
        let note = MadeUpNote(number: number)
        if let reason = try await upload.upload(Array(note.text.utf8), as: note.path) { throw ValidationError(reason) }
    }
}

/// A short text that is like no other and made of the same words as all. A few word pieces: what is measured is what a
/// document leaves behind, and the encoder would only make it take longer.
private struct MadeUpNote {
    private static let length = 12
    private static let words = """
        account address annual answer archive balance board budget building calendar change client contract copy cost \
        customer date delivery department desk document draft email employee event file form guide holiday hospital \
        hour index invoice item key leave letter list manager meeting month name notice number office order page paper \
        payment person plan policy price project report request room rule safety sale service staff table team travel
        """.split(separator: " ")

    let number: Int

    /// A thousand in each folder, as people have them.
    var path: String { "folder-\(number / 1000)/note-\(number).txt" }

    var text: String {
        var state = UInt64(number) &* 0x9e37_79b9_7f4a_7c15 | 1
        let words = (0..<Self.length).map { _ in
            // Knuth's MMIX generator; its high bits are the good ones.
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Self.words[Int(state >> 40) % Self.words.count]
        }
        return words.joined(separator: " ") + ".\n"
    }
}

/// Memory at one moment, nothing in work.
struct MemoryReading: Encodable {
    let documents: Int
    let residentMebibytes: Int
    /// Of that, what no file backs: the heap, and neither the program nor the encoder's weights.
    let heapMebibytes: Int
    /// Of one window for each document: fp32 for the exact score, int8 and its scale for the scan.
    let vectorMebibytes: Int

    init(documents: Int) {
        self.documents = documents
        residentMebibytes = ProcessFigures.residentMebibytes
        heapMebibytes = ProcessFigures.heapMebibytes
        let dimensions = SearchSettings().dimensions
        vectorMebibytes = (documents * (5 * dimensions + 4)) >> 20
    }

    var line: String {
        "\(documents) documents: \(residentMebibytes) MiB resident, \(heapMebibytes) MiB of heap, "
            + "\(vectorMebibytes) MiB of vectors"
    }

    /// Each step with what a document added to the heap, its vectors apart.
    static func table(_ readings: [MemoryReading]) -> String {
        let head = "documents  resident MiB   heap MiB  vectors MiB  other bytes per new document"
        let rows = zip([readings[0]] + readings, readings).map { before, now in
            let added = now.documents - before.documents
            let other = (now.heapMebibytes - now.vectorMebibytes) - (before.heapMebibytes - before.vectorMebibytes)
            let each = added > 0 ? String((other << 20) / added) : "-"
            return [
                (String(now.documents), 9), (String(now.residentMebibytes), 14), (String(now.heapMebibytes), 12),
                (String(now.vectorMebibytes), 13), (each, 31),
            ].map { String(repeating: " ", count: max(1, $1 - $0.count)) + $0 }.joined()
        }
        return ([head] + rows).joined(separator: "\n")
    }
}
