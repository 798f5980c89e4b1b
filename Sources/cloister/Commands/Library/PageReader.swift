import Foundation

/// Every item of a listing that comes in pages.
struct PageReader {
    private struct Page<Item: Decodable>: Decodable {
        let items: [Item]
        let next: String?
    }

    let client: any PlatformClient

    func all<Item: Decodable>(_ path: String, as _: Item.Type = Item.self) async throws -> [Item] {
        var (items, cursor): ([Item], String?) = ([], nil)
        repeat {
            let mark = path.contains("?") ? "&" : "?"
            let after = cursor.map { "&cursor=\($0.percentEncoded)" } ?? ""
            let page: Page<Item> = try await client.json(PlatformRequest(path: "\(path)\(mark)limit=200\(after)"))
            items += page.items
            cursor = page.next
        } while cursor != nil
        return items
    }
}

extension Terminal {
    static func printJSON(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        printData(String(decoding: try encoder.encode(value), as: UTF8.self))
    }
}
