import Kit
import Sandbox

/// Reads files in jailed processes: a warm one for each tenant that runs our own parsers (`ParserWorker`), and a fresh
/// one for each run of a foreign converter. Whatever a file does to them, it does to nothing else (DESIGN 7.13).
package struct ParserPool: Sendable {
    package struct Bounds: Sendable {
        /// Of one parser's process, with the program itself.
        package var memoryBytesMax: UInt64 = 768 << 20
        package var converterMemoryBytesMax: UInt64 = 1 << 30
        /// One file, with everything in it and all conversions.
        package var secondsMax = 300
        /// One run of a converter.
        package var converterSecondsMax = 120
        package var conversionsMax = 2000
        package var conversionBytesMax = 128 << 20
        package var workersMax = 2
        package var limits = ParseLimits()

        package init() {}
    }

    private let bounds: Bounds
    private let pool: WorkerPool
    private let tools: Converters

    package init(bounds: Bounds = Bounds(), launcher: JailLauncher = .thisProgram) {
        self.bounds = bounds
        var poolBounds = WorkerPoolBounds()
        poolBounds.workersMax = bounds.workersMax
        pool = WorkerPool(
            policy: .parser(
                memoryBytesMax: bounds.memoryBytesMax, processorSecondsMax: UInt64(bounds.secondsMax) * 20),
            worker: ParserWorker.name, launcher: launcher, bounds: poolBounds)
        tools = Converters(bounds: bounds, launcher: launcher)
    }

    package var reader: DocumentReader { DocumentReader { try await parse($0, for: $1) } }

    /// Ends the processes.
    package func close() { pool.close() }

    /// Throws `ParseFailure` for what is wrong with the file, `JailFailure` when the pool is too busy or closed.
    package func parse(_ source: SourceFile, for tenant: TenantID) async throws -> ParsedDocument {
        do {
            let (bounds, tools) = (bounds, tools)
            let answer = try await pool.withWorker(for: tenant, deadline: .seconds(bounds.secondsMax)) { connection in
                try Self.converse(about: source, over: connection, bounds, tools)
            }
            return try answer.get()
        } catch let failure as JailFailure {
            guard let reason = failure.aboutTheFile else { throw failure }
            throw reason
        } catch is ParserMessage.Malformed {
            throw ParseFailure.crashed
        }
    }

    /// A refusal that the worker utters is a result: the worker is as good as before. A throw ends it.
    private static func converse(
        about source: SourceFile, over connection: borrowing WorkerConnection, _ bounds: Bounds, _ tools: Converters
    ) throws -> Result<ParsedDocument, ParseFailure> {
        let deadline = ContinuousClock.now + .seconds(bounds.secondsMax)
        // The text, three times as much for words and blocks, and the frame.
        let replyBytesMax = max(bounds.limits.textBytesMax * 4, bounds.conversionBytesMax) + 1 << 20
        try connection.send(ParserMessage.parse(source, bounds.limits).encoded())
        for _ in 0...bounds.conversionsMax {
            switch try ParserMessage(try connection.receive(bytesMax: replyBytesMax)) {
            case .parsed(let document):
                guard document.isCredible(as: source) else { throw ParserMessage.Malformed() }
                return .success(document)
            case .failed(let failure): return .failure(failure)
            case .convert(let conversion, let bytes):
                try connection.send(tools.answer(conversion, bytes, by: deadline).encoded())
            default: throw ParserMessage.Malformed()
            }
        }
        // Thrown and not returned: the worker is in the middle of its file and must not meet another.
        throw ParseFailure.tooManyParts
    }
}

extension ParsedDocument {
    /// What every parser's work is, checked where the parser may have been taken over: a title of one bounded line,
    /// text without zero bytes, and the parser that was asked.
    func isCredible(as source: SourceFile) -> Bool {
        let isLine = title.utf8.count <= HeadingPath.titleBytesMax && title.utf8.allSatisfy { $0 >= 0x20 }
        return (isLine || title == source.name) && parser == source.format.parser.version && !text.contains(0)
    }
}

extension JailFailure {
    /// Nil when it says nothing about the file: the same file may be read a moment later.
    var aboutTheFile: ParseFailure? {
        switch self {
        case .unavailable: .jailUnavailable
        case .timedOut: .timedOut
        case .outOfMemory: .outOfMemory
        case .crashed, .failed, .protocolBroken: .crashed
        case .outputTooLarge: .textTooLong
        case .tooManyWaiting, .closed: nil
        }
    }
}
