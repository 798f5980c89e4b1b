import CXML

/// A pull reader of XML by libxml2's text reader: elements and text in order, one at a time, in bounded memory.
///
/// It opens no other file, fetches nothing and expands no entity but the five of XML and numbers, so neither external
/// entities nor a thousand laughs do anything. Depth and text lengths are bounded by libxml2 (256 elements, 10 MB).
struct XMLReader: ~Copyable {
    struct Element {
        /// Without prefix.
        let name: String
        /// The namespace's address.
        let namespace: String?
        /// Names without prefix; of two with the same local name the first counts. Those of Office's relationships are
        /// called `r:id` and so on, whatever the prefix: they stand beside others called `id`.
        let attributes: [String: String]

        subscript(_ attribute: String) -> String? { attributes[attribute] }
    }

    enum Event {
        case start(Element)
        /// Follows every `start`, also of an empty element.
        case end(name: String)
        /// UTF-8.
        case text([UInt8])
    }

    private let reader: OpaquePointer
    /// libxml2 reads from it until `deinit`.
    private let memory: UnsafeMutableRawBufferPointer
    private var pendingEnd: String?

    /// `isLenient`: after an error what follows is still read as well as can be.
    init(_ bytes: [UInt8], isLenient: Bool = false) throws(ParseFailure) {
        guard bytes.count < Int32.max else { throw .damaged }
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 16)
        memory.copyBytes(from: bytes)
        let options =
            XML_PARSE_NONET.rawValue | XML_PARSE_NOCDATA.rawValue | XML_PARSE_NOERROR.rawValue
            | XML_PARSE_NOWARNING.rawValue | (isLenient ? XML_PARSE_RECOVER.rawValue : 0)
        let start = memory.baseAddress?.assumingMemoryBound(to: CChar.self)
        guard let reader = xmlReaderForMemory(start, Int32(bytes.count), nil, nil, Int32(options)) else {
            memory.deallocate()
            throw .damaged
        }
        self.reader = reader
        self.memory = memory
    }

    deinit {
        xmlFreeTextReader(reader)
        memory.deallocate()
    }

    /// Nil at the end.
    mutating func next() throws(ParseFailure) -> Event? {
        if let name = pendingEnd {
            pendingEnd = nil
            return .end(name: name)
        }
        while true {
            switch xmlTextReaderRead(reader) {
            case 0: return nil
            case 1: break
            default: throw .damaged
            }
            switch xmlTextReaderNodeType(reader) {
            case Int32(XML_READER_TYPE_ELEMENT.rawValue): return start()
            case Int32(XML_READER_TYPE_END_ELEMENT.rawValue):
                return .end(name: string(xmlTextReaderConstLocalName(reader)))
            case Int32(XML_READER_TYPE_TEXT.rawValue), Int32(XML_READER_TYPE_CDATA.rawValue),
                Int32(XML_READER_TYPE_SIGNIFICANT_WHITESPACE.rawValue), Int32(XML_READER_TYPE_WHITESPACE.rawValue):
                return .text(bytes(xmlTextReaderConstValue(reader)))
            default: continue
            }
        }
    }

    private mutating func start() -> Event {
        let name = string(xmlTextReaderConstLocalName(reader))
        let namespace = xmlTextReaderConstNamespaceUri(reader).map { string($0) }
        if xmlTextReaderIsEmptyElement(reader) == 1 { pendingEnd = name }
        var attributes: [String: String] = [:]
        while xmlTextReaderMoveToNextAttribute(reader) == 1 {
            let name = (isOfRelationship ? "r:" : "") + string(xmlTextReaderConstLocalName(reader))
            if attributes[name] == nil { attributes[name] = string(xmlTextReaderConstValue(reader)) }
        }
        return .start(Element(name: name, namespace: namespace, attributes: attributes))
    }

    /// Whether the attribute is in the namespace of Office's relationships, in its strict or transitional form.
    private var isOfRelationship: Bool {
        guard let space = xmlTextReaderConstNamespaceUri(reader) else { return false }
        return [
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            "http://purl.oclc.org/ooxml/officeDocument/relationships",
        ].contains(string(space))
    }

    private func string(_ text: UnsafePointer<xmlChar>?) -> String { text.map { String(cString: $0) } ?? "" }

    private func bytes(_ text: UnsafePointer<xmlChar>?) -> [UInt8] {
        text.map { Array(UnsafeBufferPointer(start: $0, count: Int(xmlStrlen($0)))) } ?? []
    }
}
