import Kit
import Synchronization

/// What spares requests while a connector lives: the last plans, and files that were fetched ahead. All of it can be
/// fetched again.
final class GitMemory: Sendable {
    private struct State {
        var capabilities: GitCapabilities?
        var plans: [GitPlan] = []
        /// The head and when it was seen last.
        var head: (seen: GitRepository.Head, at: Timestamp)?
        /// The oldest first.
        var packs: [Kept] = []
        /// Files that the listing named and whose content the caller does not have: it will ask for them.
        var expected: Set<ExactText> = []
        var batch: Int
        var givesFiles = true
    }

    private struct Kept {
        let pack: GitPack
        /// Each is given out once without asking again whether it is still there.
        var ahead: [ExactText: ObjectID]
    }

    /// Of all packs but the newest, which is kept whatever its size.
    private static let packBytesMax = 64 << 20
    /// One that a listing goes through, and a newer one.
    private static let plansMax = 2

    private let state: Mutex<State>
    private let settings: GitSettings

    init(_ settings: GitSettings) {
        self.settings = settings
        state = Mutex(State(batch: settings.batchMax))
    }

    var capabilities: GitCapabilities? {
        get { state.withLock { $0.capabilities } }
        set { state.withLock { $0.capabilities = newValue } }
    }

    /// False once the server refused to give files by their names.
    var givesFiles: Bool {
        get { state.withLock { $0.givesFiles } }
        set { state.withLock { $0.givesFiles = newValue } }
    }

    func plan(of head: GitRepository.Head) -> GitPlan? {
        state.withLock { $0.plans.first { $0.head == head } }
    }

    func keep(_ plan: GitPlan) {
        state.withLock { state in
            state.plans.removeAll { $0.head == plan.head }
            state.plans = [plan] + state.plans.prefix(Self.plansMax - 1)
        }
    }

    func sawHead(_ head: GitRepository.Head, at now: Timestamp) { state.withLock { $0.head = (head, now) } }

    func beginListing() { state.withLock { ($0.expected, $0.packs) = ([], []) } }

    func expect(_ path: ExactText) { state.withLock { _ = $0.expected.insert(path) } }

    /// What to ask for together with the file at `position`: those after it that will be asked for, too.
    func batch(at position: Int, of plan: GitPlan) -> [GitPlan.File] {
        state.withLock { state in
            var files = [plan.files[position]]
            for file in plan.files[(position + 1)...] where state.expected.contains(file.path) {
                guard files.count < state.batch else { break }
                if !state.packs.contains(where: { $0.ahead[file.path] == file.blob }) { files.append(file) }
            }
            return files
        }
    }

    /// Together they were too large, or not at all.
    func fetched(_ count: Int, wasTooLarge: Bool) {
        state.withLock { state in
            state.batch = wasTooLarge ? max(1, count / 4) : min(settings.batchMax, max(state.batch, count * 2))
        }
    }

    func keep(_ pack: GitPack, with files: [GitPlan.File]) {
        let ahead = Dictionary(files.map { ($0.path, $0.blob) }) { first, _ in first }
        state.withLock { state in
            state.packs = state.packs.filter { !$0.ahead.isEmpty }
            while state.packs.reduce(0, { $0 + $1.pack.bytesCount }) > Self.packBytesMax { state.packs.removeFirst() }
            state.packs.append(Kept(pack: pack, ahead: ahead))
        }
    }

    /// The pack that holds a file, if it was fetched ahead and the head was looked at shortly before.
    func ahead(_ path: ExactText, _ tag: ExactText, at now: Timestamp) -> (pack: GitPack, blob: ObjectID)? {
        state.withLock { state in
            guard let head = state.head, head.at <= now, now - head.at < settings.aheadMax,
                let plan = state.plans.first(where: { $0.head == head.seen }),
                let blob = plan.position(of: path).map({ plan.files[$0].blob }), blob.hex == tag.text,
                let index = state.packs.firstIndex(where: { $0.ahead[path] == blob })
            else { return nil }
            state.packs[index].ahead[path] = nil
            state.expected.remove(path)
            return (state.packs[index].pack, blob)
        }
    }

    /// The file at `path` is asked for now. The packs that may hold it.
    func asked(for path: ExactText) -> [GitPack] {
        state.withLock { state in
            state.expected.remove(path)
            for index in state.packs.indices { state.packs[index].ahead[path] = nil }
            return state.packs.map(\.pack)
        }
    }
}
