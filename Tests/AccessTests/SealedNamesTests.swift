import Foundation
import Kit
import Storage
import TestKit
import Testing

@testable import Access

@Suite struct SealedNamesTests {
    @Test func `no planted name, password or secret is in the database files`() async throws {
        try await TestEnvironment.withTemporaryDirectory { directory in
            let database = try SQLiteDatabase.open(path: directory + "/data.sqlite")
            try await Migrator(AccessWorld.schemas).migrate(database)
            var planted: [String] = ["Acme Hospital", "planted-user", "Planted Person", "planted-group", "planted-key"]
            try await AccessWorld.make(on: database) { world in
                let draft = UserDraft(
                    name: "planted-user", displayName: "Planted Person", password: AccessWorld.password, roles: [.user])
                _ = try await world.service.createUser(draft, as: world.admin)
                let session = try await world.signIn("planted-user", peer: "203.0.113.77")
                _ = try await world.service.createGroup(name: "planted-group", as: world.admin)
                let key = try await world.service.mintKey(KeyDraft(name: "planted-key"), as: session.principal)
                let link = try await world.service.mintSignInLink(for: session.principal.subject, as: world.admin)
                planted += [session.cookie, key.secret, link].map { String($0.reveal().dropFirst(4)) }
                planted += [AccessWorld.password.reveal(), "203.0.113.77", session.csrf]
            }
            await database.close()
            let files = try FileManager.default.subpathsOfDirectory(atPath: directory).map { directory + "/" + $0 }
            let contents = files.compactMap { FileManager.default.contents(atPath: $0) }
            #expect(contents.contains { $0.count > 10_000 })
            for text in planted {
                for content in contents { #expect(content.range(of: Data(text.utf8)) == nil, "\(text)") }
            }
        }
    }
}
