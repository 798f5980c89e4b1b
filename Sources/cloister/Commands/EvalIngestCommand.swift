import ArgumentParser
import Documents
import Encoder
import Foundation
import JobQueue
import Kit
import Library
import Logging
import Settings
import Telemetry

/// How fast files become findable, end to end, against the embedding of the same windows alone.
struct EvalIngestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ingest",
        abstract: "Measure ingestion of a folder, from upload to searchable, against pure embedding in the same run.",
        discussion: """
              cloister eval ingest --data abstracts --limit 500

            Others on the machine slow both halves down, but seldom alike. What they cannot change is the processor time
            of each: with every core busy, its ratio is the one that a machine of its own comes to.
            """)

    @OptionGroup var options: GlobalOptions
    @Option(help: "Any folder of files.") var data: String
    @Option(help: "At most so many files.") var limit = 1000
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        let files = Array(try FolderListing(data).files.prefix(limit))
        LoggingSystem.bootstrap { JSONLogHandler(label: $0, level: .warning) }
        let measured = try await options.withFreshHome { settings in
            try await IngestMeasurement(files: files, settings: settings).run()
        }
        if json { return try Terminal.printJSON(measured) }
        Terminal.printData(measured.lines)
    }
}

extension GlobalOptions {
    /// A home that is empty before and gone afterwards, where requests are not limited, with the encoder of these
    /// options.
    func withFreshHome<Value>(_ body: (CloisterSettings) async throws -> Value) async throws -> Value {
        let home = FileManager.default.temporaryDirectory.appending(path: "cloister-eval-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: home) }
        var fresh = self
        fresh.home = home.path
        fresh.assignments += [
            "encoder.directory=\(try settings().encoder.directory)", "limits.user_requests_per_second=100000",
            "limits.tenant_requests_per_second=1000000",
        ]
        return try await body(try fresh.settings())
    }
}

/// What one run measured.
struct IngestFigures: Encodable {
    var files = 0
    var ready = 0
    var bytes = 0
    /// Word pieces of all windows, overlap counted.
    var tokens = 0
    /// From the first upload to the last document ready.
    var seconds = 0.0
    /// Of embedding the same windows with nothing else to do.
    var embeddingSeconds = 0.0
    /// What both halves cost, parsers included.
    var processorSeconds = 0.0
    var embeddingProcessorSeconds = 0.0
    /// Largest resident memory of this process; parsers are processes of their own.
    var peakMebibytes = 0

    var lines: String {
        let rate = { (value: Double, per: Double) in String(format: "%.3g", per > 0 ? value / per : 0) }
        return """
            files      \(files), \(ready) ready, \(bytes / 1024) KiB, \(tokens) tokens
            end to end \(String(format: "%.2f", seconds)) s: \(rate(Double(ready), seconds)) documents/s, \
            \(rate(Double(tokens), seconds)) tokens/s
            embedding  \(String(format: "%.2f", embeddingSeconds)) s alone: \
            \(rate(Double(tokens), embeddingSeconds)) tokens/s
            ratio      \(rate(embeddingSeconds, seconds)) of the pure embedding rate
            processor  \(String(format: "%.2f", processorSeconds)) s, \
            \(String(format: "%.2f", embeddingProcessorSeconds)) s of pure embedding: \
            ratio \(rate(embeddingProcessorSeconds, processorSeconds))
            memory     \(peakMebibytes) MiB at most
            """
    }
}

private struct IngestMeasurement {
    private static let batch = 16

    let files: [FolderListing.File]
    let settings: CloisterSettings

    func run() async throws -> IngestFigures {
        var figures = IngestFigures()
        figures.files = files.count
        let platform = try await Platform.open(settings, role: .command)
        try await FirstTenant(access: platform.access).ensure()
        let windows = try await windows(platform, &figures)
        (figures.embeddingSeconds, figures.embeddingProcessorSeconds) = try await cost {
            try await embed(windows, platform.encoder)
        }
        let client = InProcessClient(platform, tenant: "")
        let collection = try await CollectionLookup(client: client).findOrCreate("measured", label: nil)
        let upload = FolderUpload(client: client, collection: collection.id, label: nil)
        (figures.seconds, figures.processorSeconds) = try await cost {
            _ = try await upload.send(files)
            figures.ready = try await upload.waitUntilSettled().ready
        }
        await client.close()
        figures.peakMebibytes = ProcessFigures.peakMebibytes
        return figures
    }

    /// The windows that ingestion will embed, in its own way.
    private func windows(_ platform: Platform, _ figures: inout IngestFigures) async throws -> [[Int32]] {
        let (chunker, tenant) = (Chunker(), Randomness.system.identifier(TenantID.self))
        var all: [[Int32]] = []
        for file in files {
            guard let data = try? Data(contentsOf: file.url) else { continue }
            let (bytes, name) = ([UInt8](data), file.url.lastPathComponent)
            figures.bytes += bytes.count
            guard let format = try? DocumentFormat.detect(bytes, name: name, declared: nil),
                let parsed = try? await platform.parsers.reader.read(
                    SourceFile(bytes: bytes, name: name, format: format), tenant)
            else { continue }
            let encoder = platform.encoder
            let chunks = try await chunker.chunks(
                of: parsed, tokens: encoder.tokens(of: parsed.text), embed: encoder.embed)
            for chunk in chunks {
                let tokens = encoder.tokens(of: parsed.context(of: chunk) + Array(parsed.text[chunk.range]))
                all += encoder.windows(of: tokens).map { tokens[$0].map(\.id) }
            }
        }
        figures.tokens = all.reduce(0) { $0 + $1.count }
        return all
    }

    /// As many at once as jobs run.
    private func embed(_ windows: [[Int32]], _ encoder: Encoder) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            var batches = stride(from: 0, to: windows.count, by: Self.batch).map {
                Array(windows[$0..<min($0 + Self.batch, windows.count)])
            }[...]
            for batch in batches.prefix(settings.jobQueue.workers) {
                group.addTask { _ = try await encoder.embed(batch) }
            }
            batches = batches.dropFirst(settings.jobQueue.workers)
            while try await group.next() != nil {
                if let batch = batches.popFirst() { group.addTask { _ = try await encoder.embed(batch) } }
            }
        }
    }

    private func cost(_ body: () async throws -> Void) async throws -> (seconds: Double, processorSeconds: Double) {
        let (start, processor) = (ContinuousClock.now, ProcessFigures.processorSeconds)
        try await body()
        return ((ContinuousClock.now - start) / .seconds(1), ProcessFigures.processorSeconds - processor)
    }
}
