import Crypto
import HTTPTypes
import Kit

/// Which version of a page an answer is: by its entity tag, else by its date, else by its bytes. As a tag it begins
/// with the letter that says which.
enum WebVersion {
    /// What goes back to the server that sent it, if the caller's memory holds such a tag.
    static func condition(for tag: ExactText?) -> HTTPFields {
        guard let text = tag?.text else { return [:] }
        let value = String(text.dropFirst(2))
        if text.hasPrefix("e:"), isEntityTag(value) { return [.ifNoneMatch: value] }
        if text.hasPrefix("m:"), SourceDate.fixed(value) != nil { return [.ifModifiedSince: value] }
        return [:]
    }

    /// Nil when the answer has neither a tag nor a date that can be used.
    static func tag(of headers: HTTPFields) -> ExactText? {
        if let tag = headers[.eTag], isEntityTag(tag) { return ExactText("e:" + tag) }
        if let date = headers[.lastModified], SourceDate.fixed(date) != nil { return ExactText("m:" + date) }
        return nil
    }

    static func tag(of bytes: [UInt8]) -> ExactText { ExactText("h:" + Hex.encode(SHA256.hash(data: bytes))) }

    /// `"abc"` or `W/"abc"` (RFC 9110 section 8.8.3), of a length that is worth sending back.
    private static func isEntityTag(_ text: String) -> Bool {
        let opaque = text.hasPrefix("W/") ? text.dropFirst(2) : text[...]
        guard (2...512).contains(opaque.utf8.count), opaque.hasPrefix("\""), opaque.hasSuffix("\"") else {
            return false
        }
        return opaque.utf8.dropFirst().dropLast().allSatisfy { (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "\"") }
    }
}
