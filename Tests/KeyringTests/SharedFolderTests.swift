import Foundation
import Kit
import TestKit
import Testing

@testable import Keyring

/// The folder of epoch keys beside a shared database: lost, foreign, damaged.
@Suite(.timeLimit(.minutes(10))) struct SharedFolderTests {
    @Test func `a node with another root key is refused`() async throws {
        try await SharedWorkbench.run { bench in
            #expect(throws: KeyringFailure.wrongRootKey) {
                try bench.place.open(rootKey: Randomness.system.bytes(RootKey.byteCount))
            }
            #expect(try bench.epochFiles().count == 1)
            _ = try bench.node()
        }
    }

    @Test func `a node without the epoch's file is refused, and the error names epoch and folder`() async throws {
        try await SharedWorkbench.run { bench in
            let name = try bench.epochFiles()[0]
            let epoch = String(name.prefix(30))
            let elsewhere = bench.place.directory + "-elsewhere"
            #expect(throws: KeyringFailure.unknownEpoch(epoch: epoch, folder: elsewhere)) {
                try Keyring.open(directory: elsewhere, rootKey: bench.rootKey, postgres: bench.url)
            }
            try FileManager.default.removeItem(atPath: bench.place.directory + "/" + name)
            #expect(throws: KeyringFailure.unknownEpoch(epoch: epoch, folder: bench.place.directory)) {
                try bench.node()
            }
        }
    }

    @Test func `a running node reads a new epoch's file, and says so when it is not there`() async throws {
        try await SharedWorkbench.run { bench in
            let documents = bench.documents(2)
            try bench.first.createKeys(documents)
            try bench.first.rotateEpoch()
            #expect(try bench.second.hasKey(documents[0]))
            try bench.first.rotateEpoch()
            let name = try bench.epochFiles()[0]
            let path = bench.place.directory + "/" + name
            try FileManager.default.moveItem(atPath: path, toPath: bench.place.directory + "/aside")
            let failure = KeyringFailure.unknownEpoch(
                epoch: String(name.prefix(30)), folder: bench.place.directory)
            #expect(throws: failure) { try bench.second.hasKey(documents[1]) }
            try FileManager.default.moveItem(atPath: bench.place.directory + "/aside", toPath: path)
            #expect(try bench.second.hasKey(documents[1]))
        }
    }

    @Test func `an epoch's file that others can reach, or that was changed, is refused`() async throws {
        try await SharedWorkbench.run { bench in
            let path = try bench.place.directory + "/" + bench.epochFiles()[0]
            try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
            #expect(throws: KeyringFailure.permissions(path: path, mode: 0o640)) { try bench.node() }
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
            for bytes in [[], [UInt8](repeating: 7, count: 60)] {
                try Data(bytes).write(to: URL(filePath: path))
                #expect(throws: KeyringFailure.corruptEpoch(path: path)) { try bench.node() }
            }
        }
    }

    @Test func `keys in a file are not passed over for an empty database`() async throws {
        try await KeyPlace.shared { place in
            let rootKey = Randomness.system.bytes(RootKey.byteCount)
            _ = try Keyring.open(directory: place.directory, rootKey: rootKey)
            let failure = KeyringFailure.keysInFile(path: place.directory + "/keys.sqlite")
            #expect(throws: failure) { try place.open(rootKey: rootKey) }
        }
    }

    @Test func `nodes that start together found one epoch`() async throws {
        try await KeyPlace.shared { place in
            let rootKey = Randomness.system.bytes(RootKey.byteCount)
            let nodes = try await withThrowingTaskGroup(of: Keyring.self) { group in
                for _ in 0..<6 { group.addTask { try place.open(rootKey: rootKey) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let sealed = try nodes[0].seal("platform", under: .platform, context: Workbench.context)
            for node in nodes { #expect(try node.opens(sealed, of: .platform)) }
            #expect(try nodes[0].statistics().versions == 1)
            #expect(try FileManager.default.contentsOfDirectory(atPath: place.directory).count == 1)
        }
    }
}
