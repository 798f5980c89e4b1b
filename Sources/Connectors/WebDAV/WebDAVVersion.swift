import HTTPTypes
import Kit

/// Which version of a file a server speaks of: by its entity tag, else by date and size.
///
/// Tags are compared weakly (RFC 9110 section 8.8.3.2): Apache calls the tag of a file weak in the second in which it
/// changed and strong afterwards, and that is one version.
enum WebDAVVersion {
    /// Nil when the server says nothing by which versions could be told apart.
    static func tag(of part: Multistatus.Part) -> ExactText? {
        if let opaque = opaque(part.tag) { return ExactText("e:" + opaque) }
        guard !part.modified.isEmpty, part.modified.utf8.count <= 64, part.size.utf8.count <= 20 else { return nil }
        return ExactText("m:\(date(part.modified)):\(part.size)")
    }

    /// What goes into `If-Match`.
    static func condition(for tag: ExactText) -> String? {
        tag.text.hasPrefix("e:") ? opaque(String(tag.text.dropFirst(2))) : nil
    }

    /// Whether an answer is that version. An answer that does not say is believed unless `mustSay`.
    static func matches(_ headers: HTTPFields, _ tag: ExactText, mustSay: Bool) -> Bool {
        if let condition = condition(for: tag) {
            return headers[.eTag].map { opaque($0) == condition } ?? !mustSay
        }
        return headers[.lastModified].map { tag.text.hasPrefix("m:\(date($0)):") } ?? !mustSay
    }

    private static func date(_ text: String) -> String {
        SourceDate.fixed(text).map { "\($0.microseconds)" } ?? text
    }

    /// `"abc"` of `"abc"` and `W/"abc"`; nil for anything else (section 8.8.3).
    private static func opaque(_ text: String) -> String? {
        let tag = text.hasPrefix("W/") ? String(text.dropFirst(2)) : text
        let inner = tag.utf8.dropFirst().dropLast()
        guard (2...512).contains(tag.utf8.count), tag.hasPrefix("\""), tag.hasSuffix("\""),
            inner.allSatisfy({ (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "\"") })
        else { return nil }
        return tag
    }
}
