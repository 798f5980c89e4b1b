import Sandbox

/// The parser's process, inside the jail: reads a file, answers with its normalised form, and asks its owner for what
/// only a foreign program can do.
package enum ParserWorker {
    /// The worker's name on the command line of the jail.
    package static let name = "parser"

    package static func serve() -> Never {
        let channel = WorkerChannel.standard
        channel.serve { frame in
            guard case .parse(let source, let limits)? = try? ParserMessage(frame) else {
                return ParserMessage.failed(.crashed).encoded()
            }
            return reply(to: source, limits, over: channel).encoded()
        }
    }

    private static func reply(
        to source: SourceFile, _ limits: ParseLimits, over channel: WorkerChannel
    ) -> ParserMessage {
        do {
            let document = try DocumentParser.parse(source, limits: limits) {
                conversion, bytes throws(ParseFailure) in
                try convert(conversion, bytes, over: channel)
            }
            return .parsed(document)
        } catch {
            return .failed(error)
        }
    }

    private static func convert(
        _ conversion: Conversion, _ bytes: [UInt8], over channel: WorkerChannel
    ) throws(ParseFailure) -> [UInt8] {
        channel.writeFrame(ParserMessage.convert(conversion, bytes).encoded())
        guard let frame = channel.readFrame(), let answer = try? ParserMessage(frame) else { throw .crashed }
        switch answer {
        case .converted(let output): return output
        case .notConverted(let failure): throw failure
        default: throw .crashed
        }
    }
}
