import Foundation
import Keyring
import Kit
import TestKit
import Testing

@Suite struct KeyFilesTests {
    @Test func `folder and files are the owner's alone`() async throws {
        try await Workbench.run { bench in
            try bench.keyring.rotate(bench.tenantScope)
            #expect(try mode(of: bench.directory) == 0o700)
            let names = try FileManager.default.contentsOfDirectory(atPath: bench.directory)
            #expect(names.contains("keys.sqlite") == (bench.place.postgres == nil))
            #expect(!names.isEmpty)
            for name in names { #expect(try mode(of: bench.directory + "/" + name) == 0o600, "\(name)") }
        }
    }

    @Test func `a folder or file that others can reach is refused, and the error names it`() async throws {
        try await TestEnvironment.withTemporaryDirectory { path in
            let keys = path + "/keys"
            let rootKey = Randomness.system.bytes(RootKey.byteCount)
            _ = try Keyring.open(directory: keys, rootKey: rootKey)
            try setMode(0o640, of: keys + "/keys.sqlite")
            #expect(throws: KeyringFailure.permissions(path: keys + "/keys.sqlite", mode: 0o640)) {
                try Keyring.open(directory: keys, rootKey: rootKey)
            }
            try setMode(0o600, of: keys + "/keys.sqlite")
            try setMode(0o750, of: keys)
            #expect(throws: KeyringFailure.permissions(path: keys, mode: 0o750)) {
                try Keyring.open(directory: keys, rootKey: rootKey)
            }
        }
    }

    @Test func `only one keyring has a folder with a file of keys open`() async throws {
        try await Workbench.run { bench in
            // A node without the database neither, while a node with it has the folder open.
            #expect(throws: KeyringFailure.inUse(path: bench.directory)) {
                try Keyring.open(directory: bench.directory, rootKey: bench.rootKey)
            }
        }
    }

    @Test func `a root key is made once, with mode 0600, and read back`() async throws {
        try await TestEnvironment.withTemporaryDirectory { path in
            let file = path + "/root.key"
            let key = try RootKey.create(at: file)
            #expect(try mode(of: file) == 0o600)
            #expect(try RootKey.load(path: file) == key)
            #expect(throws: KeyringFailure.io(path: file, code: EEXIST)) { try RootKey.create(at: file) }
            #expect(try RootKey.load(path: file) == key)
        }
    }

    @Test(arguments: [0o640, 0o604, 0o620, 0o666])
    func `a root key that others can reach is refused`(permissions: Int) async throws {
        try await TestEnvironment.withTemporaryDirectory { path in
            let file = path + "/root.key"
            try RootKey.create(at: file)
            try setMode(permissions, of: file)
            #expect(throws: KeyringFailure.permissions(path: file, mode: UInt32(permissions))) {
                try RootKey.load(path: file)
            }
        }
    }

    @Test(arguments: [
        "", "\n", "abc", String(repeating: "0", count: 63), String(repeating: "0", count: 65),
        String(repeating: "A", count: 64), String(repeating: "g", count: 64), " " + String(repeating: "0", count: 64),
        String(repeating: "0", count: 64) + "\n\n",
    ])
    func `what is not a root key is refused`(text: String) throws {
        #expect(throws: KeyringFailure.malformedRootKey) { try RootKey.parse(text) }
    }

    @Test func `a missing root key is named`() throws {
        #expect(throws: KeyringFailure.io(path: "/nowhere/root.key", code: ENOENT)) {
            try RootKey.load(path: "/nowhere/root.key")
        }
    }

    private func mode(of path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try #require(attributes[.posixPermissions] as? Int)
    }

    private func setMode(_ mode: Int, of path: String) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }
}
