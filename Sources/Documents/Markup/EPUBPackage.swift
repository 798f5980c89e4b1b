/// What an EPUB's package document says: the book's title and which files are its chapters (EPUB 3.3, section 5).
struct EPUBPackage {
    struct Chapter: Equatable {
        /// In the ZIP file.
        let path: String
        /// XHTML, which is all that is read.
        let isPage: Bool
    }

    private struct Item {
        let path: String
        let type: String
        let isNavigation: Bool
    }

    private(set) var title: String?
    /// In reading order, each once.
    private(set) var chapters: [Chapter] = []

    /// `path` is the package document's own, which its references start from.
    init(_ bytes: [UInt8], at path: String) throws(ParseFailure) {
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        var reader = try XMLReader(bytes, isLenient: true)
        var items: [String: Item] = [:]
        var spine: [String] = []
        var titleText: [UInt8]?
        while let event = try reader.next() {
            switch event {
            case .start(let element) where element.name == "item": Self.add(element, folder, to: &items)
            case .start(let element) where element.name == "itemref":
                if let reference = element["idref"] { spine.append(reference) }
            case .start(let element) where element.name == "title" && title == nil: titleText = []
            case .text(let text): titleText? += text
            case .end("title"):
                if let text = titleText, !text.isEmpty { title = String(decoding: text, as: UTF8.self) }
                titleText = nil
            default: break
            }
        }
        setChapters(spine, items)
    }

    private static func add(_ element: XMLReader.Element, _ folder: String, to items: inout [String: Item]) {
        guard let id = element["id"], let address = element["href"], items[id] == nil else { return }
        let properties = (element["properties"] ?? "").split(separator: " ")
        items[id] = Item(
            path: resolved(address, from: folder), type: element["media-type"] ?? "",
            isNavigation: properties.contains("nav"))
    }

    private mutating func setChapters(_ spine: [String], _ items: [String: Item]) {
        var seen: Set<String> = []
        for reference in spine {
            guard let item = items[reference] else {
                // Named by no file: told as a missing chapter.
                if seen.insert(reference).inserted { chapters.append(Chapter(path: "", isPage: true)) }
                continue
            }
            guard !item.isNavigation, seen.insert(item.path).inserted else { continue }
            let isPage = item.type.isEmpty || item.type.contains("html")
            chapters.append(Chapter(path: item.path, isPage: isPage))
        }
    }

    /// A path in the ZIP file from a relative reference: without fragment, percent signs decoded, `..` followed, never
    /// above the root.
    static func resolved(_ reference: String, from folder: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(reference.utf8.prefix { $0 != UInt8(ascii: "#") })[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        var parts: [Substring] = []
        let path = String(decoding: bytes, as: UTF8.self)
        for part in (path.hasPrefix("/") ? path : folder + "/" + path).split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return parts.joined(separator: "/")
    }

    /// Files that are encrypted for real: fonts that are only obfuscated do not count (EPUB OCF 3.3, section 4.4).
    static func encryptedPaths(_ bytes: [UInt8]) throws(ParseFailure) -> Set<String> {
        let obfuscation = ["http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"]
        var reader = try XMLReader(bytes, isLenient: true)
        var paths: Set<String> = []
        var algorithm = ""
        while let event = try reader.next() {
            guard case .start(let element) = event else { continue }
            if element.name == "EncryptedData" { algorithm = "" }
            if element.name == "EncryptionMethod" { algorithm = element["Algorithm"] ?? "" }
            if element.name == "CipherReference", !obfuscation.contains(algorithm), let path = element["URI"] {
                paths.insert(resolved(path, from: ""))
            }
        }
        return paths
    }
}
