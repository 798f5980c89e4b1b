import Foundation
import Yams

/// People, groups, collections and documents as a file says: the form of `Examples/hospital/hospital.yaml`, whose
/// README explains it.
struct TenantFile: Decodable {
    static let name = "hospital.yaml"

    struct Person: Decodable {
        let name, displayName, persona: String
        let roles: [String]
        let clearance: String
    }

    struct Group: Decodable {
        let name: String
        let users, groups: [String]
    }

    /// Grantees are `everyone`, `user:NAME` and `group:NAME`.
    struct Access: Decodable {
        let allow, deny: [String]?
    }

    struct Folder: Decodable {
        let path: String
        let access: Access
    }

    struct Document: Decodable {
        let path, file: String
        let label: String?
        let access: Access?
        let tags: [String]?
        let effectiveFrom, effectiveUntil, supersededBy: String?
    }

    struct Collection: Decodable {
        let name, label: String
        let access: Access
        let folders: [Folder]
        let documents: [Document]
    }

    let tenant: String
    let today: String
    let users: [Person]
    let groups: [Group]
    let collections: [Collection]

    /// Nil where the folder has no such file.
    init?(folder: String) throws {
        let path = folder + "/" + Self.name
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw CommandFailure.unreadable(path)
        }
        do {
            self = try YAMLDecoder().decode(TenantFile.self, from: text)
        } catch {
            throw WrongUsage(description: "\(path): \(error)")
        }
    }
}
