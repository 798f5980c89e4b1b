import Kit

/// What a commit says that matters here.
struct GitCommit: Hashable, Sendable {
    let tree: ObjectID
    /// Of the committer.
    let time: Timestamp?

    /// From the content of a commit object.
    init(_ content: [UInt8]) throws(GitFault) {
        let lines = content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .prefix { !$0.isEmpty }
        guard let first = lines.first, first.starts(with: "tree ".utf8),
            let tree = ObjectID(hex: String(decoding: first.dropFirst(5), as: UTF8.self))
        else { throw .badTree }
        self.tree = tree
        time = lines.first { $0.starts(with: "committer ".utf8) }.flatMap(Self.time)
    }

    /// Seconds and time zone end the line. A time that no calendar has is none.
    private static func time(_ line: ArraySlice<UInt8>) -> Timestamp? {
        let words = line.split(separator: UInt8(ascii: " ")).suffix(2)
        guard words.count == 2, let word = words.first,
            let seconds = Int64(String(decoding: word, as: UTF8.self)), (0..<253_402_300_800).contains(seconds)
        else { return nil }
        return Timestamp(microseconds: seconds * 1_000_000)
    }
}

/// One entry of a folder.
struct GitTreeEntry: Hashable, Sendable {
    enum Form: Hashable, Sendable {
        case file, folder
        /// A symbolic link, or a commit of another repository.
        case other
    }

    let form: Form
    let name: [UInt8]
    let id: ObjectID

    /// Of a tree object: mode in octal digits, a space, the name, a zero, and the name of the object in bytes.
    static func entries(of content: [UInt8]) throws(GitFault) -> [GitTreeEntry] {
        var entries: [GitTreeEntry] = []
        var rest = content[...]
        while !rest.isEmpty {
            guard let space = rest.firstIndex(of: UInt8(ascii: " ")), space - rest.startIndex <= 7,
                let zero = rest[space...].firstIndex(of: 0),
                let id = ObjectID(rest[(zero + 1)...].prefix(ObjectID.bytesCount))
            else { throw .badTree }
            let form: Form =
                switch String(decoding: rest[..<space], as: UTF8.self) {
                case "100644", "100755", "100664": .file
                case "40000", "040000": .folder
                default: .other
                }
            entries.append(GitTreeEntry(form: form, name: Array(rest[(space + 1)..<zero]), id: id))
            rest = rest[(zero + 1 + ObjectID.bytesCount)...]
        }
        return entries
    }

    /// The name, unless it could be taken for something else by whoever makes a path of it.
    var plainName: String? {
        guard let text = String(validating: name, as: UTF8.self), !text.isEmpty, ![".", ".."].contains(text),
            text.lowercased() != ".git", !name.contains(where: { $0 < 0x20 || $0 == 0x7f || $0 == UInt8(ascii: "/") })
        else { return nil }
        return text
    }
}
