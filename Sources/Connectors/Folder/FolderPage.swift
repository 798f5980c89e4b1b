import Glibc
import Kit

/// One page of the listing of a folder: walks it in the order of the bytes of its names and goes on behind the path
/// where the page before ended, so that nothing is kept between pages.
///
/// A share that is not mounted leaves an empty folder behind, whose listing would remove everything: a folder that is
/// empty and has another inode than at the last page is refused.
struct FolderPage {
    private let connector: FolderConnector
    private let after: [[UInt8]]
    private let seenBefore: Int
    /// Which folder it was at the last page; nil at the very first.
    private let rootBefore: String?
    private var changes: [SourceChange] = []
    private var skipped: [SkippedItem] = []
    private var last: [[UInt8]] = []
    /// Everything that was looked at, wanted or not.
    private var visited = 0

    private var limits: SourceLimits { connector.settings.limits }
    private var seen: Int { changes.count + skipped.count }

    init(_ connector: FolderConnector, since cursor: SourceCursor?) throws(SourceFailure) {
        self.connector = connector
        let fields = try cursor.map { cursor throws(SourceFailure) in
            try connector.form.fields(of: cursor, count: 3)
        }
        guard let path = Hex.decode(fields?[0].text ?? "") else { throw .cursorExpired }
        after = path.split(separator: UInt8(ascii: "/")).map(Array.init)
        seenBefore = try fields?[1].number() ?? 0
        rootBefore = fields?[2].text
    }

    mutating func read() throws(SourceFailure) -> ChangePage {
        let root = try openRoot()
        let identity = root.status().map { String($0.st_ino) } ?? ""
        let isComplete = try walk(Folder(handle: root, path: [], above: []), after[...])
        guard seenBefore + seen > 0 || rootBefore.map({ $0 == identity }) ?? true else {
            throw .misconfigured("The folder is empty and another one than before. If it is a share, mount it.")
        }
        // Names need not be UTF-8, the fields of a cursor are.
        let path = isComplete ? "" : Hex.encode(last.joined(separator: [UInt8(ascii: "/")]))
        let count = isComplete ? 0 : seenBefore + seen
        let next = try connector.form.cursor([ExactText(path), ExactText(count), ExactText(identity)])
        var page = ChangePage(next: next, isLast: isComplete, isListing: true)
        (page.changes, page.skipped) = (changes, skipped)
        return page
    }

    private func openRoot() throws(SourceFailure) -> OpenFile {
        do throws(OpenFile.Trouble) {
            let root = try connector.root()
            // The kernel is asked before the first file: its absence must not look like an empty folder.
            return try root.beneath(".", isFolder: true)
        } catch {
            switch error {
            case .unsupported: throw .misconfigured(FolderPath.oldKernel)
            case .refused: throw .forbidden("The folder cannot be opened with the rights of this process.")
            case .gone: throw .misconfigured("The folder is not there. If it is a share, it may not be mounted.")
            case .tooManyOpen, .other: throw .retryable(after: nil, "The folder could not be opened.")
            }
        }
    }

    private struct Folder {
        let handle: OpenFile
        let path: [[UInt8]]
        /// The rules of the folders above.
        let above: [SourceConstraint?]
    }

    /// False when the page is full before the end.
    private mutating func walk(_ folder: Folder, _ after: ArraySlice<[UInt8]>) throws(SourceFailure) -> Bool {
        let rule = constraint(of: folder.handle, bit: 1)
        for name in try folder.handle.names(max: limits.itemsMax) {
            let isOnTheWay = after.first == name
            if let first = after.first, name.lexicographicallyPrecedes(first) { continue }
            if isOnTheWay, after.count == 1 { continue }
            guard seen < limits.pageItemsMax else { return false }
            visited += 1
            guard visited <= limits.itemsMax else { throw .limit(.items(limits.itemsMax)) }
            let rest = isOnTheWay ? after.dropFirst() : []
            let entry = Folder(handle: folder.handle, path: folder.path + [name], above: [rule] + folder.above)
            guard try visit(entry, rest) else { return false }
        }
        return true
    }

    /// `entry.handle` is the folder that it stands in.
    private mutating func visit(_ entry: Folder, _ after: ArraySlice<[UInt8]>) throws(SourceFailure) -> Bool {
        let bytes = Array(entry.path.joined(separator: [UInt8(ascii: "/")]))
        let name = ExactText(bytes: entry.path.last ?? [])
        guard let name, let path = ExactText(bytes: bytes), !bytes.contains(where: { $0 < 0x20 || $0 == 0x7f }) else {
            return try skip(nil, String(decoding: bytes, as: UTF8.self), .badName, entry)
        }
        switch entry.handle.kind(of: name.text) {
        case S_IFDIR: return try enter(entry, path, name, after)
        case S_IFREG where connector.selection.wants(path.text): try take(entry, path, name)
        default: break
        }
        return true
    }

    private mutating func enter(
        _ entry: Folder, _ path: ExactText, _ name: ExactText, _ after: ArraySlice<[UInt8]>
    ) throws(SourceFailure) -> Bool {
        guard entry.path.count < limits.depthMax else {
            return try skip(path, path.text, .tooDeep(depthMax: limits.depthMax), entry)
        }
        guard path.text.utf8.count <= limits.pathBytesMax else { return try skip(path, path.text, .pathTooLong, entry) }
        let handle: OpenFile
        do throws(OpenFile.Trouble) { handle = try entry.handle.beneath(name.text, isFolder: true) } catch {
            switch error {
            case .gone: return true
            // What was below stays known to the caller only as removed: nobody may read it through us.
            case .refused: return try skip(path, path.text, .unreadable, entry)
            default: throw .retryable(after: nil, "A folder of the source could not be opened.")
            }
        }
        return try walk(Folder(handle: handle, path: entry.path, above: entry.above), after)
    }

    private mutating func take(_ entry: Folder, _ path: ExactText, _ name: ExactText) throws(SourceFailure) {
        guard FolderPath.isPlain(path.text, limits) else {
            _ = try skip(path, path.text, .pathTooLong, entry)
            return
        }
        let file: OpenFile
        do throws(OpenFile.Trouble) { file = try entry.handle.beneath(name.text, isFolder: false) } catch {
            switch error {
            case .gone: return
            case .refused:
                _ = try skip(path, path.text, .unreadable, entry)
                changes.append(.permissions(path, .unknown))
                return
            default: throw .retryable(after: nil, "A file of the source could not be opened.")
            }
        }
        guard let status = file.status(), status.st_mode & S_IFMT == S_IFREG else { return }
        let permissions = permissions([constraint(of: file, bit: 4)] + entry.above)
        guard status.st_size <= limits.itemBytesMax else {
            _ = try skip(path, path.text, .tooLarge(bytesMax: limits.itemBytesMax), entry)
            changes.append(.permissions(path, permissions))
            return
        }
        try count(entry)
        let modified = Int64(status.st_mtim.tv_sec).multipliedReportingOverflow(by: 1_000_000)
        changes.append(
            .upsert(
                SourceItem(
                    key: path, path: path.text, size: Int(status.st_size),
                    modified: modified.overflow ? nil : Timestamp(microseconds: modified.partialValue),
                    tag: FolderPath.tag(status), permissions: permissions)))
    }

    private func permissions(_ rules: [SourceConstraint?]) -> SourcePermissions {
        let known = rules.compactMap { $0 }
        return known.count == rules.count ? SourcePermissions(known) : .unknown
    }

    private func constraint(of file: OpenFile, bit: UInt16) -> SourceConstraint? {
        guard let status = file.status() else { return nil }
        return file.accessControlList(mode: status.st_mode)?
            .constraint(bit: bit, owner: status.st_uid, group: status.st_gid)
    }

    private mutating func skip(
        _ key: ExactText?, _ path: String, _ reason: PoisonReason, _ entry: Folder
    ) throws(SourceFailure) -> Bool {
        try count(entry)
        skipped.append(SkippedItem(key: key, path: path.shown(limits.pathBytesMax), reason: reason))
        return true
    }

    private mutating func count(_ entry: Folder) throws(SourceFailure) {
        guard seenBefore + seen < limits.itemsMax else { throw .limit(.items(limits.itemsMax)) }
        last = entry.path
    }
}
