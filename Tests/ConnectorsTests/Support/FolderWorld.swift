import Foundation
import TestKit

@testable import Connectors
@testable import TestConnectors

struct FolderWorld: SourceWorld {
    let path: String
    var include: [String] = []
    var limits = SourceLimits()

    static func run<Result>(_ body: (FolderWorld) async throws -> Result) async throws -> Result {
        try await TestEnvironment.withTemporaryDirectory { try await body(FolderWorld(path: $0)) }
    }

    func put(_ name: String, _ bytes: [UInt8]) throws {
        let url = URL(filePath: path).appending(path: name)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
    }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: path + "/" + name) }
    func key(_ name: String) -> ExactText { ExactText(name) }

    func connector(pageItemsMax: Int) throws -> any Connector {
        var settings = FolderSettings(path: path, include: include, limits: limits)
        settings.limits.pageItemsMax = pageItemsMax
        return try FolderConnector(settings)
    }

    func otherConnector() throws -> any Connector {
        try FolderConnector(FolderSettings(path: path, include: ["*.none"]))
    }

    func listing(_ settings: FolderSettings? = nil) async throws -> Swept {
        try await sweep(try FolderConnector(settings ?? FolderSettings(path: path, include: include, limits: limits)))
    }
}
