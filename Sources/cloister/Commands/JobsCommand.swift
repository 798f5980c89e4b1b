import ArgumentParser
import Foundation
import HTTPTypes

/// What runs in the background.
struct JobsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jobs", abstract: "List, retry and cancel jobs.",
        discussion: "  cloister jobs list --state dead",
        subcommands: [JobsListCommand.self, JobsRetryCommand.self, JobsCancelCommand.self],
        defaultSubcommand: JobsListCommand.self)
}

struct JobsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Jobs, newest first (default).", discussion: "  cloister jobs list --json")

    @OptionGroup var options: GlobalOptions
    @Option(help: "Only those in this state: queued, leased, retrying, succeeded, dead, cancelled.") var state: String?
    @Option(help: "At most so many, 1 to 200.") var limit = 50
    @Flag(help: "Print JSON.") var json = false

    private struct Items: Decodable {
        struct Job: Decodable {
            let id, kind, state, created: String
            let title, reason: String?
            let done, total: Int
        }
        let items: [Job]
    }

    func run() async throws {
        let filter = state.map { "&state=\($0.percentEncoded)" } ?? ""
        let bytes = try await options.withClient {
            try await $0.bytes(PlatformRequest(path: "/api/v1/jobs?limit=\(limit)\(filter)"))
        }
        if json { return Terminal.printData(String(decoding: bytes, as: UTF8.self)) }
        for job in try JSONDecoder().decode(Items.self, from: Data(bytes)).items {
            let progress = job.total > 0 ? "  \(job.done)/\(job.total)" : ""
            let line = "\(job.created)  \(job.state)  \(job.kind)  \(job.title ?? "")\(progress)  \(job.id)"
            Terminal.printData(Terminal.safe(line))
            if let reason = job.reason { Terminal.printData("   " + Terminal.safe(reason)) }
        }
    }
}

struct JobsRetryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Queue dead or cancelled jobs again.",
        discussion: "  cloister jobs retry job_...")

    @OptionGroup var options: GlobalOptions
    @Argument(help: "Their identifiers.") var jobs: [String]

    func run() async throws { try await options.change(jobs, "retry") }
}

struct JobsCancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Cancel jobs.", discussion: "  cloister jobs cancel job_...")

    @OptionGroup var options: GlobalOptions
    @Argument(help: "Their identifiers.") var jobs: [String]

    func run() async throws { try await options.change(jobs, "cancel") }
}

extension GlobalOptions {
    fileprivate func change(_ jobs: [String], _ verb: String) async throws {
        try await withClient { client in
            for job in jobs {
                let path = "/api/v1/jobs/\(job.percentEncoded)/\(verb)"
                try await client.bytes(PlatformRequest(method: .post, path: path))
            }
        }
    }
}
