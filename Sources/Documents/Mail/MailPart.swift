/// One part of a message (RFC 2045, 2046): its kind, and its body still encoded.
struct MailPart {
    /// What stands behind so many parts is left out.
    static let partsMax = 1_000

    let headers: MailHeaders
    /// In lower case, such as `text/plain`.
    let type: String
    let parameters: MailParameters?
    let disposition: MailParameters?

    /// `isDigest`: a part without a type is a message (RFC 2046 section 5.1.5).
    init(_ bytes: ArraySlice<UInt8>, isDigest: Bool = false) {
        self.init(MailHeaders(bytes), isDigest: isDigest)
    }

    init(_ headers: MailHeaders, isDigest: Bool = false) {
        self.headers = headers
        parameters = headers.structured("content-type")
        disposition = headers.structured("content-disposition")
        let stated = parameters?.value ?? ""
        let fallback = isDigest ? "message/rfc822" : "text/plain"
        type = stated == "text" ? "text/plain" : stated.contains("/") ? stated : fallback
    }

    var isMultipart: Bool { type.hasPrefix("multipart/") }
    var charset: String? { parameters?["charset"] }
    var isAttachment: Bool { disposition?.value == "attachment" || !fileName.isEmpty }

    /// Without folders; empty when it has none.
    var fileName: String {
        let name = disposition?["filename"] ?? parameters?["name"] ?? ""
        return name.split { $0 == "/" || $0 == "\\" }.last.map(String.init) ?? ""
    }

    var format: MailBody.Format {
        MailBody.Format(
            isFlowed: parameters?["format"]?.lowercased() == "flowed",
            deletesSpace: parameters?["delsp"]?.lowercased() == "yes")
    }

    /// The bytes without their transfer encoding; as they are when it is not known.
    var content: [UInt8] {
        TransferEncoding.decode(headers.body, headers.word("content-transfer-encoding")) ?? Array(headers.body)
    }

    /// Of a multipart. Empty when no boundary is found.
    var children: [MailPart] {
        let stated = parameters?["boundary"].map { Array($0.utf8) } ?? []
        guard let boundary = stated.isEmpty ? guessedBoundary() : stated else { return [] }
        let isDigest = type == "multipart/digest"
        return Self.split(headers.body, at: Array("--".utf8) + boundary).map { MailPart($0, isDigest: isDigest) }
    }

    private func guessedBoundary() -> [UInt8]? {
        var lines = MailLines(headers.body)
        while let line = lines.next() {
            if line.starts(with: "--".utf8), (3...72).contains(line.count), !line.contains(0x20) {
                return Array(line.dropFirst(2))
            }
        }
        return nil
    }

    /// What stands before the first delimiter and behind the last is for readers without MIME. The line end before a
    /// delimiter belongs to it. A part that is never closed ends with the text.
    private static func split(_ body: ArraySlice<UInt8>, at delimiter: [UInt8]) -> [ArraySlice<UInt8>] {
        var parts: [ArraySlice<UInt8>] = []
        var start: Int?
        var lines = MailLines(body)
        while let line = lines.next(), parts.count < partsMax {
            guard line.starts(with: delimiter) else { continue }
            let tail = line.dropFirst(delimiter.count)
            // The closing dashes may be cut off.
            let isClose = tail.starts(with: "--".utf8) || tail.elementsEqual("-".utf8)
            // Another boundary may begin with this one.
            guard (isClose ? tail.drop { $0 == UInt8(ascii: "-") } : tail).allSatisfy({ $0 <= 0x20 }) else { continue }
            if let start { parts.append(withoutLastLineEnd(body[start..<line.startIndex])) }
            start = isClose ? nil : lines.rest.startIndex
            if isClose { break }
        }
        if let start, start < body.endIndex, parts.count < partsMax { parts.append(body[start...]) }
        return parts
    }

    private static func withoutLastLineEnd(_ part: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var part = part
        if part.last == 0x0a { part.removeLast() }
        if part.last == 0x0d { part.removeLast() }
        return part
    }
}
