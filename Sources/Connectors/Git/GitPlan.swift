import Kit

/// All files of one commit that are wanted, in the order of its trees.
struct GitPlan: Sendable {
    struct File: Hashable, Sendable {
        let path: ExactText
        let blob: ObjectID
    }

    let head: GitRepository.Head
    let time: Timestamp?
    let files: [File]
    let skipped: [SkippedItem]
    private let positions: [ExactText: Int]

    init(_ head: GitRepository.Head, time: Timestamp?, files: [File] = [], skipped: [SkippedItem] = []) {
        self.head = head
        self.time = time
        self.files = files
        self.skipped = skipped
        positions = Dictionary(files.enumerated().map { ($1.path, $0) }) { first, _ in first }
    }

    func position(of path: ExactText) -> Int? { positions[path] }
}

/// Walks the trees of a commit. What it visits is bounded, because a few small trees that name each other many times
/// can stand for more files than there are atoms.
struct GitPlanner {
    private var objects: GitPack.Objects
    private let settings: GitSettings
    private let selection: PathSelection
    private let folders: [[Substring]]
    private var files: [GitPlan.File] = []
    private var skipped: [SkippedItem] = []
    private var visited = 0
    private var pathBytes = 0
    private var seenFolders: Set<Int> = []

    private var limits: SourceLimits { settings.limits }

    init(_ pack: GitPack, _ settings: GitSettings, _ selection: PathSelection) throws(GitFault) {
        objects = try pack.objects()
        self.settings = settings
        self.selection = selection
        folders = settings.folders.map { $0.split(separator: "/") }
    }

    /// Throws `GitFault`, or `SourceFailure` for a limit and for a folder that is not there.
    mutating func plan(_ id: ObjectID, of head: GitRepository.Head) throws -> GitPlan {
        let commit = try GitCommit(try content(id, .commit))
        try walk(commit.tree, [])
        if let missing = folders.indices.first(where: { !seenFolders.contains($0) }) {
            // An empty listing would remove everything.
            throw SourceFailure.misconfigured("The folder \(settings.folders[missing].shown(256)) is not there.")
        }
        return GitPlan(head, time: commit.time, files: files, skipped: skipped)
    }

    private mutating func content(_ id: ObjectID, _ kind: GitObjectKind) throws -> [UInt8] {
        switch try objects.object(id) {
        case .found(let object) where object.kind == kind: return object.content
        case .found, .missing: throw GitFault.badTree
        case .tooLarge: throw GitFault.tooMuch
        }
    }

    private mutating func walk(_ tree: ObjectID, _ above: [String]) throws {
        for entry in try GitTreeEntry.entries(of: try content(tree, .tree)) {
            visited += 1
            guard visited <= limits.itemsMax else { throw SourceFailure.limit(.items(limits.itemsMax)) }
            guard let name = entry.plainName else {
                let shown = (above + [String(decoding: entry.name, as: UTF8.self)]).joined(separator: "/")
                if isInside(shown) { try skip(nil, shown, .badName) }
                continue
            }
            let path = above + [name]
            // Before it is put together: a name can be as long as a tree.
            guard path.reduce(0, { $0 + $1.utf8.count + 1 }) <= limits.pathBytesMax + 1 else {
                try skip(nil, (above + [name.shown(limits.pathBytesMax)]).joined(separator: "/"), .pathTooLong)
                continue
            }
            if entry.form == .folder { try enter(entry.id, path) } else { try take(entry, path.joined(separator: "/")) }
        }
    }

    private mutating func enter(_ tree: ObjectID, _ path: [String]) throws {
        for (index, folder) in folders.enumerated() where folder.elementsEqual(path, by: { Self.same($0, $1) }) {
            seenFolders.insert(index)
        }
        guard leads(path) else { return }
        let text = path.joined(separator: "/")
        guard path.count <= limits.depthMax else {
            return try skip(ExactText(text), text, .tooDeep(depthMax: limits.depthMax))
        }
        try walk(tree, path)
    }

    private mutating func take(_ entry: GitTreeEntry, _ text: String) throws {
        guard isInside(text), selection.wants(text) else { return }
        // Without its key: a file that was there is not there any more.
        guard entry.form == .file else { return try skip(nil, text, .notAFile) }
        try count(text)
        files.append(GitPlan.File(path: ExactText(text), blob: entry.id))
    }

    /// Whether wanted folders lie below `path`, or `path` in one of them.
    private func leads(_ path: [String]) -> Bool {
        folders.isEmpty || folders.contains { zip($0, path).allSatisfy { Self.same($0, $1) } }
    }

    private func isInside(_ text: String) -> Bool {
        folders.isEmpty || settings.folders.contains { text.utf8.starts(with: "\($0)/".utf8) }
    }

    private static func same(_ left: Substring, _ right: String) -> Bool { left.utf8.elementsEqual(right.utf8) }

    private mutating func skip(_ key: ExactText?, _ path: String, _ reason: PoisonReason) throws {
        let shown = path.shown(limits.pathBytesMax)
        try count(shown)
        skipped.append(SkippedItem(key: key, path: shown, reason: reason))
    }

    /// A tree that is named many times is small, its paths are not.
    private mutating func count(_ path: String) throws {
        pathBytes += path.utf8.count
        guard pathBytes <= settings.packBytesMax else { throw SourceFailure.limit(.listBytes(settings.packBytesMax)) }
    }
}
