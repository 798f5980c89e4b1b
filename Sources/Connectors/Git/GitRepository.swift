import Kit
import Outbound

/// What is asked of a Git server, in its commands (gitprotocol-v2). Remembers nothing.
struct GitRepository: Sendable {
    /// The commit to read; nil in a repository without commits.
    struct Head: Hashable, Sendable {
        let commit: ObjectID?
        let branch: String?
    }

    let server: any GitTransport
    let settings: GitSettings
    let selection: PathSelection

    /// How the server calls what the settings name.
    private var reference: String {
        guard let branch = settings.branch else { return "HEAD" }
        return branch.hasPrefix("refs/") ? branch : "refs/heads/\(branch)"
    }

    func head(_ capabilities: GitCapabilities) async throws -> Head {
        let found = try await references(reference, capabilities).first { $0.name.utf8.elementsEqual(reference.utf8) }
        if let found, let id = found.id {
            let name = found.target ?? reference
            return Head(commit: id, branch: name.hasPrefix("refs/heads/") ? String(name.dropFirst(11)) : nil)
        }
        let branches = try await references("refs/heads/", capabilities).map { String($0.name.dropFirst(11)) }
        guard branches.isEmpty, settings.branch == nil else { throw noBranch(branches) }
        return Head(commit: nil, branch: nil)
    }

    /// The names that begin most like the one that is not there come first.
    private func noBranch(_ branches: [String]) -> SourceFailure {
        guard !branches.isEmpty else { return .misconfigured("The repository has no branches.") }
        func likeness(_ name: String) -> Int { zip(name.utf8, (settings.branch ?? "").utf8).prefix { $0 == $1 }.count }
        let shown = branches.map { (name: $0, likeness: likeness($0)) }.sorted { $0.likeness > $1.likeness }
            .prefix(5).map { $0.name.shown(100) }.joined(separator: ", ")
        let what = settings.branch.map { "There is no branch \($0.shown(100))." } ?? "HEAD leads to no branch."
        return .misconfigured("\(what) Some that there are: \(shown).")
    }

    private func references(_ prefix: String, _ capabilities: GitCapabilities) async throws -> [GitReference] {
        let arguments = ["peel", "symrefs"] + (capabilities.saysUnborn ? ["unborn"] : []) + ["ref-prefix \(prefix)"]
        let command = PacketWriter.command("ls-refs", capabilities.common, arguments)
        do {
            return try await server.send(command, bytesMax: GitTalk.bytesMax, to: ReferencesReader()).references
        } catch SourceFailure.poison(.tooLarge(let bytesMax)) {
            throw SourceFailure.limit(.listBytes(bytesMax))
        } catch let fault as GitFault {
            throw fault.failure
        }
    }

    /// A pack with a commit and its trees; with all files, too, where the server cannot leave them out or `isWhole`.
    /// Throws `GitFault.notGiven` when the server does not have the commit.
    func pack(of commit: ObjectID, isWhole: Bool, _ capabilities: GitCapabilities) async throws -> GitPack {
        let isFiltered = capabilities.hasFilter && !isWhole
        let arguments = ["want \(commit.hex)", "deepen 1"] + (isFiltered ? ["filter blob:none"] : [])
        let bytesMax = isFiltered ? settings.limits.listBytesMax : settings.packBytesMax
        do {
            return try await pack(arguments, bytesMax: bytesMax, workBytesMax: Self.treesWorkBytesMax, capabilities)
        } catch SourceFailure.poison(.tooLarge), GitFault.tooMuch {
            guard !isFiltered else { throw SourceFailure.limit(.listBytes(bytesMax)) }
            throw SourceFailure.misconfigured(
                "The server cannot leave out the files' contents, and all of them are more than \(bytesMax) bytes. "
                    + "Set uploadpack.allowFilter to true at the server.")
        }
    }

    /// A pack with some files. Throws `GitFault.notGiven` when the server does not give files by their names,
    /// `.poison(.tooLarge)` or `GitFault.tooMuch` when they are too large together.
    func pack(of blobs: [ObjectID], bytesMax: Int, _ capabilities: GitCapabilities) async throws -> GitPack {
        let wants = blobs.map { "want \($0.hex)" }
        return try await pack(wants, bytesMax: bytesMax, workBytesMax: Self.filesWorkBytesMax, capabilities)
    }

    /// What is unpacked at least before a pack counts as a bomb; beyond it fewer files are asked for.
    private static let filesWorkBytesMax = 1 << 30
    /// With a commit may come all its files.
    private static let treesWorkBytesMax = 4 << 30
    /// So much more for each byte of the pack: source text shrinks to a fifth, copies of it to a fiftieth.
    private static let growthMax = 64

    private func pack(
        _ wants: [String], bytesMax: Int, workBytesMax: Int, _ capabilities: GitCapabilities
    ) async throws -> GitPack {
        let command = PacketWriter.command(
            "fetch", capabilities.common, wants + ["no-progress", "ofs-delta", "done"])
        // Every 65,515 bytes come in a line of their own, and sections before.
        let lines = bytesMax / 1024 + (1 << 20)
        let reader = try await server.send(command, bytesMax: bytesMax + lines, to: FetchReader(bytesMax: bytesMax))
        var limits = PackLimits()
        limits.objectBytesMax = settings.limits.itemBytesMax
        limits.workBytesMax = min(workBytesMax, Self.filesWorkBytesMax + Self.growthMax * reader.pack.count)
        return try GitPack(reader.pack, limits)
    }
}
