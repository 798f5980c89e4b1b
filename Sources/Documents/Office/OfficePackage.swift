/// The parts of an Office file and how they refer to each other (ECMA-376 part 2). Names are compared without case.
struct OfficePackage {
    struct Relationship {
        /// The last part of its address, such as `slide`; the same in the strict and the transitional form.
        let type: String
        let path: String
    }

    private let parts: [String: [UInt8]]
    private let ledger = PartLedger()

    /// Unpacks only XML parts below `folder`, without the folders and files in `unwanted`.
    init(
        _ bytes: [UInt8], folder: String, unwanted: [String] = [], for session: inout ParseSession
    ) throws(ParseFailure) {
        let members = try ZipPackage.members(of: bytes, for: &session) { path in
            let path = Self.normal(path)
            guard path.hasSuffix(".xml") || path.hasSuffix(".rels") else { return false }
            return path.hasPrefix(folder) ? !unwanted.contains { path.hasPrefix(folder + $0) } : Self.isShared(path)
        }
        parts = Dictionary(members.map { (Self.normal($0.key), $0.value) }) { first, _ in first }
    }

    private static func isShared(_ path: String) -> Bool { path == "docprops/core.xml" || path == "_rels/.rels" }

    private static func normal(_ path: String) -> String {
        let path = path.lowercased().replacing("\\", with: "/")
        return path.hasPrefix("/") ? String(path.dropFirst()) : path
    }

    subscript(_ path: String) -> [UInt8]? { parts[path] }

    /// Nil when the part is absent or damaged: for parts that a document can be read without.
    func optionalTree(_ path: String?) -> XMLTree? {
        guard let path, let bytes = parts[path] else { return nil }
        return try? XMLTree.document(bytes)
    }

    /// Nil also when the part was asked for before.
    func treeOnce(_ path: String?) -> XMLTree? {
        guard let path, parts[path] != nil, ledger.take(path) else { return nil }
        return optionalTree(path)
    }

    /// By identifier, without those that lead out of the package.
    func relationships(of path: String) -> [String: Relationship] {
        var folder = path.split(separator: "/").dropLast().joined(separator: "/")
        if !folder.isEmpty { folder += "/" }
        let name = path.split(separator: "/").last ?? ""
        guard let tree = optionalTree("\(folder)_rels/\(name).rels") else { return [:] }
        var found: [String: Relationship] = [:]
        for relationship in tree.all("Relationship") where relationship["TargetMode"] != "External" {
            guard let id = relationship["Id"], let target = relationship["Target"] else { continue }
            let type = relationship["Type"]?.split(separator: "/").last.map(String.init) ?? ""
            found[id] = Relationship(type: type, path: Self.resolve(target, in: folder))
        }
        return found
    }

    /// The part that the package is about.
    func mainPart(or usual: String) -> String {
        let main = relationships(of: "").values.first { $0.type == "officeDocument" }?.path
        guard let main, parts[main] != nil else { return usual }
        return main
    }

    private static func resolve(_ target: String, in folder: String) -> String {
        let target = target.replacing("\\", with: "/").lowercased()
        var names: [Substring] = target.hasPrefix("/") ? [] : folder.split(separator: "/")
        for name in target.split(separator: "/") where name != "." {
            if name == ".." { _ = names.popLast() } else { names.append(name) }
        }
        return names.joined(separator: "/")
    }

    /// What its author called the document; what a program put there in place of a title is none.
    var title: String? {
        guard let title = optionalTree("docprops/core.xml")?.first("title")?.text else { return nil }
        let words = String(decoding: title, as: UTF8.self)
        let known = ["powerpoint presentation", "powerpoint-präsentation", "présentation powerpoint", "untitled"]
        let isFileName = words.lowercased().hasPrefix("microsoft ")
        return words.allSatisfy(\.isWhitespace) || isFileName || known.contains(words.lowercased()) ? nil : words
    }
}

/// Which parts were read. A hostile file may refer to one large part a million times.
final class PartLedger {
    private var taken: Set<String> = []

    /// False from the second time on.
    func take(_ part: String) -> Bool { taken.insert(part).inserted }
}

extension XMLTree {
    /// An on-off property in it (ECMA-376 part 1, 17.17.4): nil where it does not say.
    func toggle(_ name: String) -> Bool? {
        guard let property = first(name) else { return nil }
        return !["0", "false", "off"].contains(property["val"] ?? "1")
    }

    func number(_ attribute: String) -> Int? { self[attribute].flatMap { Int($0) } }
}
