import Kit

/// `limit` and `cursor` of a listing. A cursor is the last key of a page in opaque dress: it grants nothing, and
/// a changed one is a 400 or a different place in the same listing.
package enum CursorPaging {
    private static let cursorBytesMax = 1024
    private static let version: UInt8 = 1

    package static func cursor(_ after: String) -> String { Base64URL.encode([version] + after.utf8) }

    /// Throws `Problem` `request.invalid` naming `limit` or `cursor`.
    package static func request(from query: [String: String]) throws -> PageRequest {
        PageRequest(
            limit: try query["limit"].map(limit) ?? PageRequest.limitDefault,
            after: try query["cursor"].map(key)
        )
    }

    private static func limit(_ text: String) throws -> Int {
        guard let limit = Int(text), (1...PageRequest.limitMax).contains(limit) else {
            throw Problem.invalid("limit", "It must be an integer from 1 to \(PageRequest.limitMax).")
        }
        return limit
    }

    private static func key(_ cursor: String) throws -> String {
        guard cursor.utf8.count <= cursorBytesMax, let bytes = Base64URL.decode(cursor), bytes.first == version,
            let key = String(validating: bytes.dropFirst(), as: UTF8.self)
        else { throw Problem.invalid("cursor", "Send the `next` of the page before, unchanged.") }
        return key
    }
}
