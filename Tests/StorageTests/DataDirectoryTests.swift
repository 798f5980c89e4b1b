import Foundation
import Kit
import TestKit
import Testing

@testable import Storage

@Suite struct DataDirectoryTests {
    private func mode(of path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test func `a new folder has the layout and is closed to others`() async throws {
        try await TestEnvironment.withTemporaryDirectory { parent in
            let directory = try DataDirectory(path: parent + "/data")
            #expect(try mode(of: directory.path) == 0o700)
            for path in [directory.blobsPath, directory.indexPath, directory.auditPath] {
                #expect(try mode(of: path) == 0o700)
            }
            #expect(try mode(of: directory.path + "/lock") == 0o600)
        }
    }

    @Test func `a second holder is told who has it, and gets it when the first is done`() async throws {
        try await TestEnvironment.withTemporaryDirectory { parent in
            let path = parent + "/data"
            var first: DataDirectory? = try DataDirectory(path: path)
            #expect(throws: StorageFailure.directoryLocked(holder: getpid())) { try DataDirectory(path: path) }
            #expect(first?.path == path)
            first = nil
            _ = try DataDirectory(path: path)
        }
    }

    @Test func `a killed holder leaves no lock`() async throws {
        try await TestEnvironment.withTemporaryDirectory { parent in
            let path = parent + "/data"
            _ = try DataDirectory(path: path)
            let output = Pipe()
            let holder = try ChildProcess(
                "/usr/bin/flock", ["--no-fork", path + "/lock", "sh", "-c", "echo held; exec sleep 600"],
                output: output.fileHandleForWriting.fileDescriptor)
            #expect(try output.fileHandleForReading.read(upToCount: 5) == Data("held\n".utf8))
            #expect(throws: StorageFailure.self) { try DataDirectory(path: path) }
            holder.send(SIGKILL)
            _ = await holder.exitCode()
            _ = try DataDirectory(path: path)
        }
    }

    @Test func `a folder of somebody else is left alone`() async throws {
        try await TestEnvironment.withTemporaryDirectory { parent in
            try Data().write(to: URL(filePath: parent + "/thesis.odt"))
            let before = try mode(of: parent)
            #expect(throws: StorageFailure.notADataDirectory(path: parent)) { try DataDirectory(path: parent) }
            #expect(try mode(of: parent) == before)
            #expect(try FileManager.default.contentsOfDirectory(atPath: parent) == ["thesis.odt"])
        }
    }

    @Test func `a path that cannot be a folder is told with its error`() async throws {
        try await TestEnvironment.withTemporaryDirectory { parent in
            try Data().write(to: URL(filePath: parent + "/file"))
            #expect(throws: StorageFailure.io(path: parent + "/file", code: ENOTDIR)) {
                try DataDirectory(path: parent + "/file")
            }
            #expect(throws: StorageFailure.io(path: parent + "/none/data", code: ENOENT)) {
                try DataDirectory(path: parent + "/none/data")
            }
        }
    }

    @Test func `a link in the place of the lock is not followed`() async throws {
        try await TestEnvironment.withTemporaryDirectory { parent in
            try Data([7]).write(to: URL(filePath: parent + "/other"))
            try FileManager.default.createSymbolicLink(atPath: parent + "/lock", withDestinationPath: parent + "/other")
            #expect(throws: StorageFailure.io(path: "lock", code: ELOOP)) { try DataDirectory(path: parent) }
        }
    }
}
