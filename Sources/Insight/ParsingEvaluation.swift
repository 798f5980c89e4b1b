import Documents
import Foundation
import Kit

/// Reads every file of a data set as the product reads it, and beside it with what else is installed.
package struct ParsingEvaluation: Sendable {
    private let reader: DocumentReader
    private let tenant: TenantID
    private let workerMebibytes: @Sendable () -> Int
    private let progress: @Sendable (Int, Int) -> Void

    /// `workerMebibytes` gives the most that any of the processes that read had so far.
    package init(
        reader: DocumentReader, tenant: TenantID, workerMebibytes: @escaping @Sendable () -> Int,
        progress: @escaping @Sendable (Int, Int) -> Void
    ) {
        self.reader = reader
        self.tenant = tenant
        self.workerMebibytes = workerMebibytes
        self.progress = progress
    }

    package struct Outcome: Sendable {
        let name: String
        /// The ending of its name.
        let kind: String
        /// Nil when it was read.
        let failure: ParseFailure?
        let agreement: TextAgreement?
        /// By program.
        let peers: [String: TextAgreement]
        let seconds: Double
        /// The peak of the worker after this file; it reads many.
        let workerMebibytes: Int
    }

    package func run(on dataset: ParsingDataset, withPeers: Bool) async throws -> ParsingReport {
        var outcomes: [Outcome] = []
        for item in dataset.items {
            outcomes.append(try await outcome(of: item, withPeers: withPeers))
            progress(outcomes.count, dataset.items.count)
        }
        return ParsingReport(outcomes: outcomes)
    }

    private func outcome(of item: ParsingDataset.Item, withPeers: Bool) async throws -> Outcome {
        let bytes = [UInt8](try Data(contentsOf: item.url))
        let expected = try item.expected.map { try Self.plain(markdown: $0) }
        let start = ContinuousClock.now
        let (text, failure) = try await read(bytes, name: item.url.lastPathComponent)
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let memory = workerMebibytes()
        let peers = withPeers && expected != nil ? PeerReader.installed(for: item.url) : []
        var agreements: [String: TextAgreement] = [:]
        for peer in peers {
            agreements[peer.name] = expected.flatMap { TextAgreement(expected: $0, found: peer.text(of: item.url)) }
        }
        return Outcome(
            name: item.name, kind: item.url.pathExtension.lowercased(), failure: failure,
            agreement: expected.flatMap { TextAgreement(expected: $0, found: text) }, peers: agreements,
            seconds: seconds, workerMebibytes: memory)
    }

    private func read(_ bytes: [UInt8], name: String) async throws -> (String, ParseFailure?) {
        do {
            let format = try DocumentFormat.detect(bytes, name: name)
            let parsed = try await reader.read(SourceFile(bytes: bytes, name: name, format: format), tenant)
            return (String(decoding: parsed.text, as: UTF8.self), nil)
        } catch let failure as ParseFailure {
            return ("", failure)
        }
    }

    /// Words only: the expected text is compared without its markup.
    private static func plain(markdown url: URL) throws -> String {
        let source = SourceFile(bytes: [UInt8](try Data(contentsOf: url)), name: "expected.md", format: .markdown)
        return (try? DocumentParser.parse(source)).map { String(decoding: $0.text, as: UTF8.self) } ?? ""
    }
}

/// A program that turns files to text and may be installed.
struct PeerReader {
    let name: String
    private let path: String
    private let arguments: @Sendable (String) -> [String]

    /// Those that read files of this kind.
    static func installed(for url: URL) -> [PeerReader] {
        let kind = url.pathExtension.lowercased()
        return all.filter { $0.kinds.contains(kind) }.compactMap { entry in
            let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":")
            let path = folders.map { "\($0)/\(entry.name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
            return path.map { PeerReader(name: entry.name, path: $0, arguments: entry.arguments) }
        }
    }

    private static let all: [(name: String, kinds: Set<String>, arguments: @Sendable (String) -> [String])] = [
        ("pdftotext", ["pdf"], { [$0, "-"] }),
        ("pandoc", ["docx", "odt", "epub", "html", "rtf", "csv", "md"], { ["--to", "plain", "--wrap", "none", $0] }),
        ("markitdown", ["pdf", "docx", "pptx", "xlsx", "html", "csv", "epub", "md"], { [$0] }),
    ]

    /// Empty when it fails.
    func text(of url: URL) -> String {
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments(url.path)
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return "" }
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }
}
