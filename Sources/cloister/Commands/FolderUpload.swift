import Foundation
import HTTPTypes

/// Sends files a few at a time and watches the collection settle.
struct FolderUpload: Sendable {
    static let uploadsAtOnce = 8
    static let pause = Duration.milliseconds(500)

    let client: any PlatformClient
    let collection: String
    let label: String?

    struct Progress: Decodable {
        let queued, processing, ready, failed, quarantined: Int
        var unsettled: Int { queued + processing }
    }

    /// The files that were refused, each with a line on the terminal.
    func send(_ files: [FolderListing.File]) async throws -> [FolderListing.File] {
        try await withThrowingTaskGroup(of: (FolderListing.File, String?).self) { group in
            var waiting = files[...]
            var refused: [FolderListing.File] = []
            var done = 0
            for file in waiting.prefix(Self.uploadsAtOnce) { group.addTask { try await (file, upload(file)) } }
            waiting = waiting.dropFirst(Self.uploadsAtOnce)
            while let (file, reason) = try await group.next() {
                done += 1
                Terminal.bar(done, of: files.count, "stored")
                if let reason {
                    refused.append(file)
                    Terminal.say("\(Terminal.safe(file.name)): \(reason)")
                }
                if let next = waiting.popFirst() { group.addTask { try await (next, upload(next)) } }
            }
            Terminal.endBar()
            return refused
        }
    }

    /// Polls until nothing is queued or in work.
    func waitUntilSettled() async throws -> Progress {
        while true {
            let start = ContinuousClock.now
            let progress: Progress = try await client.json(
                PlatformRequest(path: "/api/v1/collections/\(collection)/progress"))
            let settled = progress.ready + progress.failed + progress.quarantined
            Terminal.bar(settled, of: settled + progress.unsettled, "ready")
            if progress.unsettled == 0 {
                Terminal.endBar()
                return progress
            }
            // A look at a large collection takes a while: looking must not be what keeps it from settling.
            let cost = ContinuousClock.now - start
            try await Task.sleep(for: min(Self.pause, max(.milliseconds(100), cost * 20)))
        }
    }

    struct Failure {
        let path: String
        let advice: String
    }

    private struct Listing: Decodable {
        struct Item: Decodable {
            let path, state: String
            let advice: String?
        }
        let items: [Item]
        let next: String?
    }

    /// Those of `files` whose documents failed, with what to do about each.
    func failures(among files: [FolderListing.File]) async throws -> [Failure] {
        let names = Set(files.map(\.name))
        var failures: [Failure] = []
        var cursor: String?
        repeat {
            let after = cursor.map { "&cursor=\($0.percentEncoded)" } ?? ""
            let page: Listing = try await client.json(
                PlatformRequest(path: "/api/v1/collections/\(collection)/documents?limit=200\(after)"))
            for item in page.items where item.state == "failed" && names.contains(item.path) {
                failures.append(Failure(path: item.path, advice: item.advice ?? "It could not be read."))
            }
            cursor = page.next
        } while cursor != nil
        return failures.sorted { $0.path < $1.path }
    }

    /// Nil when stored, else the reason of the refusal. Anything but a refusal ends the run.
    private func upload(_ file: FolderListing.File) async throws -> String? {
        guard let data = try? Data(contentsOf: file.url) else { return "it cannot be read" }
        return try await upload([UInt8](data), as: file.name)
    }

    /// As for a file of this name.
    func upload(_ bytes: [UInt8], as name: String) async throws -> String? {
        var path = "/api/v1/collections/\(collection)/documents?path=\(name.percentEncoded)"
        if let label { path += "&label=\(label.percentEncoded)" }
        let request = PlatformRequest(
            method: .post, path: path, headers: [.contentType: "application/octet-stream"], body: bytes)
        while true {
            do {
                try await client.bytes(request)
                return nil
            } catch let problem as PlatformProblem where problem.status == 429 || problem.status == 503 {
                try await Task.sleep(for: Self.pause)
            } catch let problem as PlatformProblem where (400..<500).contains(problem.status) {
                return problem.description
            }
        }
    }
}
