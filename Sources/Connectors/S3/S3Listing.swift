import Kit

/// One answer of ListObjectsV2 (`ListBucketResult` of the Amazon S3 API Reference).
struct S3Listing: Equatable, Sendable {
    struct Entry: Equatable, Sendable {
        /// As it was sent, which with `isURLEncoded` is percent-encoded.
        var key = ""
        var modified = ""
        var tag = ""
        var size = ""
        var storageClass = ""
    }

    private(set) var entries: [Entry] = []
    private(set) var isTruncated = false
    private(set) var token = ""
    private(set) var isURLEncoded = false

    /// What one request asks for; who sends more does not keep to it.
    static let entriesMax = 1000

    /// Throws `.misbehaved` for anything else.
    init(_ bytes: [UInt8]) throws(SourceFailure) {
        let isListing: Bool
        do throws(XMLPullReader.Fault) { isListing = try read(bytes) } catch {
            throw .misbehaved("The list of the bucket is not the XML that it should be.")
        }
        guard isListing else { throw .misbehaved("The answer is not the list of a bucket. Check the endpoint.") }
        guard entries.count <= Self.entriesMax else { throw .misbehaved("The list has more keys than were asked for.") }
    }

    /// False when the root is another element.
    private mutating func read(_ bytes: [UInt8]) throws(XMLPullReader.Fault) -> Bool {
        var reader = XMLPullReader(bytes)
        var path: [String] = []
        var text = ""
        while let event = try reader.next() {
            switch event {
            case .start(let name):
                path.append(name)
                text = ""
                guard path[0] == "ListBucketResult" else { return false }
                if path.count == 2, name == "Contents" { entries.append(Entry()) }
                guard entries.count <= Self.entriesMax else { return true }
            case .text(let part): if path.count > 1, text.utf8.count < XMLPullReader.textBytesMax { text += part }
            case .end:
                note(path, text)
                path.removeLast()
                text = ""
            }
        }
        return true
    }

    private mutating func note(_ path: [String], _ text: String) {
        if path.count == 3, path[1] == "Contents" { entries[entries.count - 1].note(path[2], text) }
        guard path.count == 2 else { return }
        switch path[1] {
        case "IsTruncated": isTruncated = text == "true"
        case "NextContinuationToken": token = text
        case "EncodingType": isURLEncoded = text == "url"
        default: break
        }
    }

    /// The bytes of a key: `+` is a space and `%2B` a plus, as in a form. Nil when it is not UTF-8 or badly encoded.
    func key(of entry: Entry) -> ExactText? {
        guard isURLEncoded else { return ExactText(entry.key) }
        var bytes: [UInt8] = []
        var rest = Array(entry.key.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
                continue
            }
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            guard digits.utf8.count == 2, let value = Hex.decode(digits.lowercased()) else { return nil }
            bytes += value
            rest = rest.dropFirst(2)
        }
        return ExactText(bytes: bytes)
    }
}

extension S3Listing.Entry {
    fileprivate mutating func note(_ name: String, _ text: String) {
        switch name {
        case "Key": key = text
        case "LastModified": modified = text
        case "ETag": tag = text
        case "Size": size = text
        case "StorageClass": storageClass = text
        default: break
        }
    }
}
