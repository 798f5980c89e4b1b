import Foundation
import Kit
import Storage
import TestKit
import Testing

/// A process that is killed while it writes blobs leaves whole blobs only.
@Suite struct BlobCrashTests {
    private static let folderVariable = "CLOISTER_TEST_BLOB_WRITER"
    private static var writerFolder: String? { ProcessInfo.processInfo.environment[folderVariable] }

    /// Runs in a process of its own until it is killed; a no-op everywhere else.
    @Test(.enabled(if: Self.writerFolder != nil))
    func `the writer that gets killed`() async throws {
        let store = try FileBlobStore(path: try #require(Self.writerFolder))
        // Not for ever: should the tests die first, nobody is left to kill it.
        let parent = getppid()
        for number in 0..<UInt32.max {
            guard getppid() == parent else { return }
            _ = try await store.put([UInt8](repeating: UInt8(number % 251), count: 40_000 + Int(number % 1000)))
        }
    }

    @Test(.timeLimit(.minutes(10)), .enabled(if: Self.writerFolder == nil))
    func `kill -9 in the middle of a put leaves nothing half visible`() async throws {
        try await TestEnvironment.withTemporaryDirectory { directory in
            for kill in 1...5 {
                try await writeUntilKilled(in: directory, afterBlobs: kill * 40)
                let incoming = directory + "/incoming"
                let store = try FileBlobStore(path: directory)
                let addresses = try await store.addresses()
                #expect(addresses.count >= kill * 40)
                for address in addresses { _ = try await store.get(address) }
                #expect(try FileManager.default.contentsOfDirectory(atPath: incoming) == [])
                await store.close()
            }
        }
    }

    @Test func `what a crash left behind is removed when the store opens`() async throws {
        try await TestEnvironment.withTemporaryDirectory { directory in
            let first = try FileBlobStore(path: directory)
            try Data([1, 2, 3]).write(to: URL(filePath: directory + "/incoming/0123"))
            #expect(try await first.addresses() == [])
            let second = try FileBlobStore(path: directory)
            #expect(try await second.addresses() == [])
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory + "/incoming") == [])
        }
    }

    /// Starts this test program again with the writer only, and kills it once that many blobs are there.
    private func writeUntilKilled(in directory: String, afterBlobs count: Int) async throws {
        let process = try ChildProcess(
            URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().path,
            ["--testing-library", "swift-testing", "--filter", "BlobCrashTests"],
            environment: ProcessInfo.processInfo.environment.merging([Self.folderVariable: directory]) { $1 })
        while process.isRunning, blobs(in: directory) < count { await Task.yield() }
        #expect(process.isRunning, "the writer ended by itself")
        process.send(SIGKILL)
        _ = await process.exitCode()
    }

    private func blobs(in directory: String) -> Int {
        let folders = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return folders.filter { $0.count == 2 }.reduce(0) { sum, folder in
            sum + ((try? FileManager.default.contentsOfDirectory(atPath: directory + "/" + folder).count) ?? 0)
        }
    }
}
