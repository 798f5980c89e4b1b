import Access
import Foundation
import JobQueue
import Kit
import Library
import TestKit
import Testing

@testable import cloister

/// A job that will not run again must not leave its document, and whoever waits for it, waiting for ever.
@Suite struct GivenUpTests {
    /// Several chunks each, so that a kill falls into the work.
    private static func write(_ count: Int, to folder: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for number in 0..<count {
            let sentence = "The ship number \(number) left the harbour and told the long story of its voyage. "
            let text = (0..<400).map { "\($0). " + String(repeating: sentence, count: 6) }.joined(separator: "\n\n")
            try Data("# Ship \(number)\n\n\(text)\n".utf8).write(to: URL(filePath: "\(folder)/ship-\(number).md"))
        }
    }

    @Test func `a document whose job died too often is called failed, and can be put in again`() async throws {
        try await TestEnvironment.withTemporaryDirectory { root in
            try Self.write(3, to: root + "/in")
            let program = Program(home: root + "/home", environment: ["CLOISTER_JOBS_ATTEMPTS": "1"])
            // Past the start, in the middle of the long work: the job has used its one attempt.
            let first = try await program.run(["ingest", root + "/in"], killAt: .seconds(3))
            #expect(first.isKilled, "\(first.output)")

            let second = try await program.run("ingest", root + "/in")
            #expect(second.code == 1)
            #expect(second.errors.contains("Reading this file was cancelled or failed too often."), "\(second.errors)")
            try await discardBigFiles(root)
            let third = try await program.run("ingest", root + "/in")
            #expect(third.code == 0, "\(third.errors)")
            #expect(try await program.run("audit", "verify").code == 0)
        }
    }

    @Test(arguments: Engine.allCases)
    func `a cancelled upload is called failed, and its retried job makes it ready`(engine: Engine) async throws {
        try await CrashHome.withEmpty(on: engine) { home in
            try await home.open { open in
                try await FirstTenant(access: open.platform.access).ensure()
                let reader = try await open.platform.access.authenticate(PresentedCredentials(localTenant: ""))
                let library = open.platform.library
                let receipt = try await library.upload(
                    Upload(
                        collection: try await library.createCollection(
                            named: "c", label: .internal, access: nil, by: reader, request: nil
                        ).id, path: DocumentPath("note.md"), declaredType: "text/markdown", label: nil,
                        bytes: Array("# Note\n\nText.\n".utf8)),
                    by: reader, request: nil)
                let job = try #require(receipt.job)

                _ = try await open.platform.jobs.cancel(job, by: reader)
                let cancelled = try await library.document(receipt.document, for: reader)
                #expect(cancelled.state == .failed && cancelled.reason == .givenUp)

                _ = try await open.platform.jobs.retry(job, by: reader)
                let work = Task { try await open.platform.runBackground() }
                try await eventually("the document is ready") {
                    try await library.document(receipt.document, for: reader).state == .ready
                }
                work.cancel()
                _ = await work.result
                #expect(try await library.document(receipt.document, for: reader).reason == nil)
            }
        }
    }

    /// Short files in the place of the long ones, so that the last run is quick.
    private func discardBigFiles(_ root: String) async throws {
        for number in 0..<3 {
            try Data("# Ship \(number)\n\nIt came home.\n".utf8)
                .write(to: URL(filePath: "\(root)/in/ship-\(number).md"))
        }
    }
}
