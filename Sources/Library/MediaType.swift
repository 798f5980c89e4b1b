/// The two kinds of document that this release reads.
package enum MediaType: String, Sendable {
    case markdown = "text/markdown"
    case plain = "text/plain"

    /// By the declared type, else by the name's ending. Content decides later: binary bytes fail in the parser.
    package init(contentType: String?, name: String) throws(LibraryFailure) {
        let declared = contentType?.split(separator: ";").first.map { $0.trimmedLowercase }
        if let declared, let type = MediaType(rawValue: declared) {
            self = type
            return
        }
        guard declared == nil || declared == "" || declared == "application/octet-stream" else {
            throw .unsupportedType(String(declared?.prefix(80) ?? ""))
        }
        switch name.split(separator: ".").last.map({ $0.trimmedLowercase }) {
        case "md", "markdown": self = .markdown
        case "txt", "text": self = .plain
        default: throw .unsupportedType(declared ?? "")
        }
    }
}

extension Substring {
    fileprivate var trimmedLowercase: String { String(self).lowercased().filter { $0 != " " } }
}
