import Answers
import ArgumentParser
import Foundation

/// Answers as files: proofs, and whole conversations.
struct AnswersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "answers", abstract: "Take answers along: as files that prove themselves.",
        discussion: """
              cloister answers bundle ans_... > proof.json
              cloister answers verify proof.json
            """,
        subcommands: [AnswersBundleCommand.self, AnswersVerifyCommand.self, AnswersExportCommand.self])
}

struct AnswersBundleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bundle", abstract: "Print an answer of yours as one file that proves itself.",
        discussion: """
            It holds the question, the answer, each cited passage with its hashes and the rule that opened it to you,
            and its place in the signed audit log. Anybody can check it with `verify`, or in a browser with the page
            /verify.html, without this server.
              cloister answers bundle ans_... > proof.json
            """)

    @OptionGroup var options: GlobalOptions
    @Argument(help: "The answer's identifier.") var answer: String

    func run() async throws {
        let bytes = try await options.withClient { client in
            try await client.bytes(PlatformRequest(path: "/api/v1/answers/\(answer.percentEncoded)/bundle"))
        }
        // Not one byte more: the form of the file is fixed.
        Terminal.printData(String(decoding: bytes, as: UTF8.self), terminator: "")
    }
}

/// A conversation to take along.
struct AnswersExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Print a conversation with its sources, as far as you may see it now.",
        discussion: "  cloister answers export cnv_... --format json > conversation.json")

    enum Format: String, CaseIterable, ExpressibleByArgument { case markdown, json }

    @OptionGroup var options: GlobalOptions
    @Argument(help: "The conversation's identifier.") var conversation: String
    @Option(help: "How it is written.") var format = Format.markdown

    func run() async throws {
        let path = "/api/v1/conversations/\(conversation.percentEncoded)/export?format=\(format.rawValue)"
        let bytes = try await options.withClient { try await $0.bytes(PlatformRequest(path: path)) }
        Terminal.printData(Terminal.safe(String(decoding: bytes, as: UTF8.self)), terminator: "")
    }
}

struct AnswersVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check a proof file; names the byte that changed. Needs no server and no data.",
        discussion: """
              cloister answers verify proof.json --key 5f0c...
            `cloister audit key` prints the key's fingerprint in the house that gave the answer. Ends with 1 when the
            file does not hold.
            """)

    @Argument(help: "The file.") var file: String
    @Option(help: "SHA-256 of the public key that you trust.") var key: String?

    func run() async throws {
        guard let bytes = FileManager.default.contents(atPath: file) else { throw CommandFailure.unreadable(file) }
        let report = ProofVerifier.report(on: [UInt8](bytes), trusted: key?.lowercased())
        for check in report.checks {
            Terminal.printData("\(check.passed ? "ok  " : "NO  ")\(Terminal.safe(check.sentence))")
        }
        guard report.isGood else { throw CommandFailure.doesNotHold(file) }
    }
}
