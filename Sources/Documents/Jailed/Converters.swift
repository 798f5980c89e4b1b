import Sandbox

/// The foreign programs, each run in a jail of its own: poppler (GPL, run and never linked) and tesseract.
struct Converters: Sendable {
    private let bounds: ParserPool.Bounds
    private let tool: JailedTool

    init(bounds: ParserPool.Bounds, launcher: JailLauncher) {
        self.bounds = bounds
        tool = JailedTool(
            policy: .converter(
                memoryBytesMax: bounds.converterMemoryBytesMax,
                processorSecondsMax: UInt64(bounds.converterSecondsMax)),
            launcher: launcher)
    }

    /// What goes back to the worker.
    func answer(_ conversion: Conversion, _ bytes: [UInt8], by deadline: ContinuousClock.Instant) -> ParserMessage {
        let (program, arguments) = conversion.command
        do {
            let output = try tool.run(
                "/usr/bin/" + program, arguments, input: bytes, outputBytesMax: bounds.conversionBytesMax,
                by: min(deadline, .now + .seconds(bounds.converterSecondsMax)))
            return .converted(output)
        } catch {
            return .notConverted(Conversion.failure(for: error))
        }
    }
}

extension Conversion {
    /// Standard input to standard output.
    var command: (program: String, arguments: [String]) {
        switch self {
        case .pdfLayout: ("pdftotext", ["-bbox-layout", "-", "-"])
        case .pdfFonts: ("pdftohtml", ["-xml", "-i", "-zoom", "1", "-stdout", "-", "page"])
        case .pdfInformation: ("pdfinfo", ["-"])
        case .pdfPage(let page, let dots):
            ("pdftoppm", ["-gray", "-png", "-r", "\(dots)", "-f", "\(page)", "-l", "\(page)", "-"])
        case .imageWords: ("tesseract", ["stdin", "stdout", "tsv"])
        }
    }

    /// Poppler's exit codes: 1 the file cannot be opened, 3 its permissions or password forbid it.
    static func failure(for failure: JailFailure) -> ParseFailure {
        switch failure {
        case .unavailable(let reason): reason.hasSuffix("is not installed") ? .converterMissing : .jailUnavailable
        case .failed(_, let errors) where errors.contains("Incorrect password"): .encrypted
        case .failed: .damaged
        default: failure.aboutTheFile ?? .crashed
        }
    }
}
