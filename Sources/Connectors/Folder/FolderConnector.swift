import Dispatch
import Glibc
import Kit

/// A folder of this machine or of a mounted share, read with the rights of this process.
package struct FolderSettings: Hashable, Sendable {
    /// Absolute. The folder itself may be reached through links; nothing below it is.
    package var path: String
    package var include: [String]
    package var exclude: [String]
    package var limits: SourceLimits

    package init(
        path: String, include: [String] = [], exclude: [String] = [], limits: SourceLimits = SourceLimits()
    ) {
        self.path = path
        self.include = include
        self.exclude = exclude
        self.limits = limits
    }

    /// Throws `.misconfigured`.
    package func validate() throws(SourceFailure) {
        guard path.hasPrefix("/"), path.utf8.count <= 4096, !path.utf8.contains(0) else {
            throw .misconfigured("The folder is written as an absolute path.")
        }
        _ = try PathSelection(include: include, exclude: exclude)
        try limits.validate()
    }
}

/// Documents of a watched folder, found by listing it. An item is its path: a file that is renamed is another item.
///
/// The folder is opened once per page and everything else beneath that handle, one name at a time and without links
/// (ATT-24, ATT-31). Who may read follows owner, group, others and access control list of the file, and of each folder
/// above it up to the source's own, whose right to go through counts. "Others" are those with an account.
package struct FolderConnector: Connector {
    let settings: FolderSettings
    let selection: PathSelection
    let form: CursorForm

    /// Disks block; the threads of the concurrency runtime must not.
    private static let disk = DispatchQueue(label: "cloister.folder", attributes: .concurrent)

    /// Throws `.misconfigured`.
    package init(_ settings: FolderSettings) throws(SourceFailure) {
        try settings.validate()
        self.settings = settings
        selection = try PathSelection(include: settings.include, exclude: settings.exclude)
        form = CursorForm(connector: "folder.1", settings: [settings.path] + selection.forms)
    }

    package func changes(since cursor: SourceCursor?, known _: KnownTags) async throws -> ChangePage {
        try await Self.onDisk {
            var page = try FolderPage(self, since: cursor)
            return try page.read()
        }
    }

    package func directory() async throws -> SourceDirectory? {
        try await Self.onDisk { try MachineAccounts.directory() }
    }

    package func content(of item: SourceItem, bytesMax: Int) async throws -> SourceContent {
        try await Self.onDisk { try read(item, bytesMax) }
    }

    package func test() async -> ConnectionReport {
        var report = ConnectionReport()
        do {
            let page = try await changes(since: nil, known: .none)
            report.passed(.settings, "The folder can be opened.")
            report.passed(.listing, "It can be listed.")
            let more = page.isLast ? "" : ", and there are more"
            report.passed(.items, "\(page.changes.count) files were seen and \(page.skipped.count) skipped\(more).")
        } catch {
            report.failed(error as? SourceFailure ?? .retryable(after: nil, "The folder could not be listed."))
        }
        return report
    }

    private func read(_ item: SourceItem, _ bytesMax: Int) throws(SourceFailure) -> SourceContent {
        let path = item.key.text
        guard FolderPath.isPlain(path, settings.limits) else { throw .gone }
        let file = try Self.opened { () throws(OpenFile.Trouble) in try root().beneath(path, isFolder: false) }
        guard let before = file.status(), before.st_mode & S_IFMT == S_IFREG else { throw .gone }
        guard FolderPath.tag(before) == item.tag else { throw .changed }
        let bound = min(bytesMax, settings.limits.itemBytesMax)
        let bytes = try Self.opened { () throws(OpenFile.Trouble) in
            try file.read(bytesMax: bound, sizeHint: Int(before.st_size))
        }
        guard let bytes else { throw .poison(.tooLarge(bytesMax: bound)) }
        guard let after = file.status(), FolderPath.tag(after) == item.tag, bytes.count == Int(after.st_size) else {
            throw .changed
        }
        return SourceContent(bytes: bytes, tag: item.tag)
    }

    /// Opened anew each time: a share that was mounted again is another folder.
    func root() throws(OpenFile.Trouble) -> OpenFile {
        try OpenFile.folder(settings.path)
    }

    private static func opened<Value>(_ open: () throws(OpenFile.Trouble) -> Value) throws(SourceFailure) -> Value {
        do throws(OpenFile.Trouble) { return try open() } catch {
            switch error {
            case .gone: throw .gone
            case .refused: throw .poison(.unreadable)
            case .tooManyOpen: throw .retryable(after: nil, "Too many files are open.")
            case .unsupported: throw .misconfigured(FolderPath.oldKernel)
            case .other: throw .retryable(after: nil, "The file could not be read.")
            }
        }
    }

    private static func onDisk<Value: Sendable>(
        _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try Task.checkCancellation()
        return try await withCheckedThrowingContinuation { continuation in
            disk.async { continuation.resume(with: Result(catching: work)) }
        }
    }
}

enum FolderPath {
    static let oldKernel = "Folders need Linux 5.6 or later with the system call openat2."

    /// A relative path as our own listing makes them: nothing empty, nothing hidden, no dots, no NUL.
    static func isPlain(_ path: String, _ limits: SourceLimits) -> Bool {
        let segments = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return path.utf8.count <= limits.pathBytesMax && segments.count <= limits.depthMax
            && segments.allSatisfy { !$0.isEmpty && $0.first != UInt8(ascii: ".") && !$0.contains(0) }
    }

    /// Another file, another length, or touched since. The change time cannot be set back by the file's owner.
    static func tag(_ status: stat) -> ExactText {
        let times = [status.st_mtim, status.st_ctim].map { "\($0.tv_sec).\($0.tv_nsec)" }
        return ExactText("\(status.st_ino)-\(status.st_size)-\(times[0])-\(times[1])")
    }
}
