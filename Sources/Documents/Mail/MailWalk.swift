/// Walks the parts of one message in order.
struct MailWalk {
    private static let depthMax = 20
    private static let partsMax = 2_000
    /// A smaller picture in the text is a logo or a line, not content.
    private static let decorationBytesMax = 20 << 10
    /// A shorter plain text beside HTML may only say that there is HTML.
    private static let excuseBytesMax = 300

    private var parts = 0

    mutating func write(
        _ part: MailPart, depth: Int, into session: inout ParseSession
    ) throws(ParseFailure) {
        parts += 1
        guard depth < Self.depthMax, parts <= Self.partsMax else { return session.note(.partUnreadable) }
        guard !session.writer.isFull else { return }
        switch part.type {
        case "multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime":
            try writeSealed(part, depth: depth, into: &session)
        case _ where part.isMultipart: try writeMultipart(part, depth: depth, into: &session)
        case "application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature": break
        case "application/ms-tnef", "application/vnd.ms-tnef": session.note(.partUnreadable)
        case "message/partial", "message/external-body": session.note(.partSkipped)
        case "message/rfc822", "message/global":
            // It has a heading of its own, its subject.
            session.writer.headingOffset -= 1
            defer { session.writer.headingOffset += 1 }
            try embed(part, name: "", declared: "message/rfc822", into: &session)
        case "text/html" where !part.isAttachment: _ = try writeHTML(part, into: &session)
        case "text/plain" where !part.isAttachment, "message/delivery-status", "text/rfc822-headers":
            writePlain(part, into: &session)
        case _ where part.type.hasPrefix("image/"): try writeImage(part, into: &session)
        default: try embed(part, name: part.fileName, declared: part.type, into: &session)
        }
    }

    private mutating func writeMultipart(
        _ part: MailPart, depth: Int, into session: inout ParseSession
    ) throws(ParseFailure) {
        let children = part.children
        guard !children.isEmpty else {
            if !part.headers.body.isEmpty { session.note(.repaired) }
            return writePlain(part, into: &session)
        }
        if children.count >= MailPart.partsMax { session.note(.partUnreadable) }
        if part.type == "multipart/alternative" {
            return try writeAlternative(children, depth: depth, into: &session)
        }
        for child in children { try write(child, depth: depth + 1, into: &session) }
    }

    /// The plain form when it says something, else the last that can be read. Files that were attached to one of the
    /// others are read too.
    private mutating func writeAlternative(
        _ children: [MailPart], depth: Int, into session: inout ParseSession
    ) throws(ParseFailure) {
        let plain = children.firstIndex { $0.type == "text/plain" && !$0.isAttachment && isUsable($0, in: children) }
        let rich = children.lastIndex { $0.type == "text/html" || $0.isMultipart }
        var chosen = plain ?? rich ?? children.lastIndex { !Self.isBlank($0.content) } ?? 0
        if plain == nil, let rich, children[rich].type == "text/html" {
            if try writeHTML(children[rich], into: &session) { return }
            chosen = children.firstIndex { $0.type == "text/plain" } ?? chosen
        }
        try write(children[chosen], depth: depth + 1, into: &session)
        for (index, child) in children.enumerated() where index != chosen && child.isMultipart {
            try writeAttachments(of: child, depth: depth + 1, into: &session)
        }
    }

    private mutating func writeAttachments(
        of part: MailPart, depth: Int, into session: inout ParseSession
    ) throws(ParseFailure) {
        guard depth < Self.depthMax else { return session.note(.partUnreadable) }
        for child in part.children {
            if child.isMultipart {
                try writeAttachments(of: child, depth: depth + 1, into: &session)
            } else if child.isAttachment || !child.type.hasPrefix("text/") {
                try write(child, depth: depth + 1, into: &session)
            }
        }
    }

    private func isUsable(_ plain: MailPart, in children: [MailPart]) -> Bool {
        let content = plain.content
        guard !Self.isBlank(content) else { return false }
        guard content.count < Self.excuseBytesMax, children.contains(where: { $0.type != "text/plain" }) else {
            return true
        }
        let words = String(decoding: content, as: UTF8.self).lowercased()
        return !words.contains("html") && !words.contains("mime")
    }

    private static func isBlank(_ bytes: [UInt8]) -> Bool { bytes.allSatisfy { $0 <= 0x20 } }

    private func writePlain(_ part: MailPart, into session: inout ParseSession) {
        let decoded = MailCharset.decode(part.content, charset: part.charset)
        if decoded.isGuess, !decoded.text.isEmpty { session.note(.guessedCharacterSet) }
        if !MailBody.write(decoded.text, part.format, to: &session.writer) { session.note(.partUnreadable) }
    }

    /// False when it could not be read; that is then noted.
    private func writeHTML(_ part: MailPart, into session: inout ParseSession) throws(ParseFailure) -> Bool {
        let (title, charset) = (session.title, MailCharset.canonical(part.charset))
        defer { session.title = title }
        do throws(ParseFailure) {
            let content = part.content
            guard !content.isEmpty else { return true }
            let source = SourceFile(
                bytes: content, name: "", format: .html, charset: charset.isEmpty ? nil : charset)
            try HTMLParser.parse(source, into: &session)
            return true
        } catch {
            guard error.isAboutThePart else { throw error }
            session.note(.partUnreadable)
            return false
        }
    }

    private func writeImage(_ part: MailPart, into session: inout ParseSession) throws(ParseFailure) {
        let isInText = part.disposition?.value != "attachment"
        if isInText, part.headers.body.count < Self.decorationBytesMax { return }
        try embed(part, name: part.fileName, declared: part.type, into: &session)
    }

    /// The text of a signed message stands in the open inside its wrapping; of an encrypted one nothing does.
    private mutating func writeSealed(
        _ part: MailPart, depth: Int, into session: inout ParseSession
    ) throws(ParseFailure) {
        guard !part.isMultipart, let content = SignedContent.content(of: part.content) else {
            return session.note(.partUnreadable)
        }
        try write(MailPart(content[...]), depth: depth + 1, into: &session)
    }

    private func embed(
        _ part: MailPart, name: String, declared: String, into session: inout ParseSession
    ) throws(ParseFailure) {
        let content = part.content
        guard !content.isEmpty else { return }
        let charset = part.type.hasPrefix("text/") ? MailCharset.canonical(part.charset) : ""
        try session.embed(content, name: name, declared: declared, charset: charset.isEmpty ? nil : charset)
    }
}
