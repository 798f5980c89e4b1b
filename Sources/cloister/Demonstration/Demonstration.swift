import Foundation
import HTTPKit

/// The demonstration's documents, put in through the same routes as anybody's.
struct Demonstration {
    static let collection = "demonstration"

    let routes: RouteTable
    let folder: String

    init(_ routes: RouteTable, folder: String) {
        self.routes = routes
        self.folder = folder
    }

    /// Does nothing when it was loaded before, so that a deleted document stays deleted.
    func load() async throws {
        let client = RouteClient(routes, tenant: FirstTenant.name)
        if let file = try TenantFile(folder: folder) {
            return try await TenantLoader(client: client, file: file, folder: folder).load()
        }
        let lookup = CollectionLookup(client: client)
        guard try await lookup.find(Self.collection) == nil else { return }
        let target = try await lookup.findOrCreate(Self.collection, label: nil)
        let files = try FolderListing(folder).files
        Terminal.say("Loading \(files.count) demonstration documents ...")
        _ = try await FolderUpload(client: client, collection: target.id, label: nil).send(files)
    }
}
