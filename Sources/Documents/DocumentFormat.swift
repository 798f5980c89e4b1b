/// What a file is; the raw value is its media type and is stored.
package enum DocumentFormat: String, Sendable, CaseIterable {
    case markdown = "text/markdown"
    case plain = "text/plain"
    case sourceCode = "text/x-source-code"
    case commaSeparated = "text/csv"
    case tabSeparated = "text/tab-separated-values"
    case json = "application/json"
    case jsonLines = "application/jsonl"
    case xml = "application/xml"
    case html = "text/html"
    case rtf = "application/rtf"
    case pdf = "application/pdf"
    case docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    case pptx = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    case xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    case odt = "application/vnd.oasis.opendocument.text"
    case ods = "application/vnd.oasis.opendocument.spreadsheet"
    case odp = "application/vnd.oasis.opendocument.presentation"
    case epub = "application/epub+zip"
    case mail = "message/rfc822"
    case mailbox = "application/mbox"
    case png = "image/png"
    case jpeg = "image/jpeg"
    case tiff = "image/tiff"
    case gif = "image/gif"
    case bmp = "image/bmp"
    case webp = "image/webp"
    case zip = "application/zip"
    case tar = "application/x-tar"
    /// One compressed file, or a compressed tar archive.
    case gzip = "application/gzip"
    case bzip2 = "application/x-bzip2"
    case xz = "application/x-xz"

    /// Who reads it.
    package var parser: any FormatParser.Type {
        switch self {
        case .markdown: MarkdownParser.self
        case .plain: PlainTextParser.self
        case .sourceCode: SourceCodeParser.self
        case .commaSeparated, .tabSeparated: DelimitedParser.self
        case .json, .jsonLines: JSONParser.self
        case .xml: XMLParser.self
        case .html: HTMLParser.self
        case .rtf: RTFParser.self
        case .pdf: PDFParser.self
        case .docx: WordParser.self
        case .pptx: PresentationParser.self
        case .xlsx: WorkbookParser.self
        case .odt, .ods, .odp: OpenDocumentParser.self
        case .epub: EPUBParser.self
        case .mail: MailParser.self
        case .mailbox: MailboxParser.self
        case .png, .jpeg, .tiff, .gif, .bmp, .webp: ImageParser.self
        case .zip, .tar, .gzip, .bzip2, .xz: ArchiveParser.self
        }
    }

    /// Files whose kind their bytes do not tell: the name or the declared type does.
    var isTextLike: Bool {
        switch self {
        case .markdown, .plain, .sourceCode, .commaSeparated, .tabSeparated, .json, .jsonLines, .xml, .html, .mail,
            .mailbox, .rtf:
            true
        default: false
        }
    }
}
