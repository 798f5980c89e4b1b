/// The content of a CMS SignedData value (RFC 5652 section 5, in the BER of X.690). The signature is not checked.
enum SignedContent {
    private static let signedData: [UInt8] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02]
    private static let data: [UInt8] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01]
    private static let elementsMax = 100_000

    /// Nil when it is nothing of the kind, for example encrypted.
    static func content(of bytes: [UInt8]) -> [UInt8]? {
        var outer = BERReader(bytes[...])
        guard outer.next()?.tag == 0x30, outer.next()?.content.elementsEqual(signedData) == true else { return nil }
        // Elements are walked one after another, whatever their depth: the content is what follows its type.
        var (isAfterType, content, elements) = (false, [UInt8](), 0)
        while let element = outer.next(), elements < elementsMax {
            elements += 1
            switch element.tag {
            case 0x06 where element.content.elementsEqual(data): isAfterType = true
            case 0x04 where isAfterType: content += element.content
            case 0xa0, 0x24, 0x00: continue
            default: if isAfterType { return content.isEmpty ? nil : content }
            }
        }
        return content.isEmpty ? nil : content
    }
}

/// Elements in the order of the bytes: those that hold others give their beginning and then what is in them.
private struct BERReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    mutating func next() -> (tag: UInt8, content: ArraySlice<UInt8>)? {
        guard let tag = rest.popFirst(), tag & 0x1f != 0x1f, let length = length() else { return nil }
        guard tag & 0x20 == 0 else { return (tag, []) }
        guard let length, length <= rest.count else { return nil }
        defer { rest = rest.dropFirst(length) }
        return (tag, rest.prefix(length))
    }

    /// The outer nil is an error, the inner one an indefinite length.
    private mutating func length() -> Int?? {
        guard let first = rest.popFirst() else { return nil }
        guard first >= 0x80 else { return .some(Int(first)) }
        let count = Int(first & 0x7f)
        guard count > 0 else { return .some(nil) }
        guard count <= 4, count <= rest.count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return .some(rest.prefix(count).reduce(0) { $0 << 8 | Int($1) })
    }
}
