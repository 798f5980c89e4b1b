/// What holds for the text at a place: the sum of what the open elements say.
struct HTMLContext {
    struct Flags: OptionSet {
        let rawValue: UInt16
        static let hidden = Flags(rawValue: 1)
        /// These three are inherited, but an element below may take them back.
        static let tiny = Flags(rawValue: 2)
        static let invisible = Flags(rawValue: 4)
        static let transparent = Flags(rawValue: 8)
        static let boilerplate = Flags(rawValue: 16)
        static let link = Flags(rawValue: 32)
        static let verbatim = Flags(rawValue: 64)
        /// Within an article or the page's main part.
        static let content = Flags(rawValue: 128)
        /// Within a list or a list that was judged for its links.
        static let list = Flags(rawValue: 256)
        /// Not text for anybody: a script, a style, a picture.
        static let skipped = Flags(rawValue: 512)
        /// Hidden by its author, not by the kind of element.
        static let concealed = Flags(rawValue: 1024)
    }

    var flags: Flags = []
    /// 0 outside of a heading.
    var heading: UInt8 = 0

    var isShown: Bool { flags.isDisjoint(with: [.hidden, .tiny, .invisible, .transparent]) }

    /// Text that was written for readers and is kept from their eyes. Menus that open later are no such thing.
    var isConcealed: Bool {
        !flags.isDisjoint(with: [.concealed, .tiny, .invisible, .transparent])
            && flags.isDisjoint(with: [.skipped, .boilerplate])
    }
}

/// The open elements. Opening and closing take constant time for each element, whatever a file nests or forgets.
struct HTMLStack {
    struct Entry {
        let hash: UInt64
        let tag: HTMLTag?
        let context: HTMLContext
        /// It began a table, row or cell of the table that is being read.
        var isFramed = false
        /// Where the next open element of the same name below it is; -1 for none.
        fileprivate var below: Int32 = -1
        /// The innermost table, cell or caption, this one included: nothing inside closes what is outside of it.
        fileprivate var scope: Int32 = -1
        /// The innermost block, this one included.
        fileprivate var block: Int32 = -1
    }

    static let depthMax = 250_000
    private(set) var entries: [Entry] = []
    /// Where the innermost open element of each name is.
    private var known = [Int32](repeating: -1, count: HTMLTag.allCases.count)
    private var others: [UInt64: Int32] = [:]

    var count: Int { entries.count }
    var context: HTMLContext { entries.last?.context ?? HTMLContext() }
    var scope: Int { Int(entries.last?.scope ?? -1) }
    var block: Int { Int(entries.last?.block ?? -1) }

    mutating func push(_ hash: UInt64, _ tag: HTMLTag?, _ context: HTMLContext) {
        var entry = Entry(hash: hash, tag: tag, context: context)
        let place = Int32(entries.count)
        entry.below = Int32(position(hash, tag))
        setPosition(hash, tag, place)
        let isScope = tag == .table || tag == .td || tag == .th || tag == .caption
        entry.scope = isScope ? place : Int32(scope)
        entry.block = tag?.kind == .block ? place : Int32(block)
        entries.append(entry)
    }

    mutating func pop() -> Entry? {
        guard let entry = entries.popLast() else { return nil }
        setPosition(entry.hash, entry.tag, entry.below)
        return entry
    }

    mutating func frameLast() { entries[entries.count - 1].isFramed = true }

    /// The innermost open element of this name; -1 for none.
    func position(_ hash: UInt64, _ tag: HTMLTag?) -> Int { tag.map(position) ?? Int(others[hash] ?? -1) }

    func position(_ tag: HTMLTag) -> Int { Int(known[Int(tag.rawValue)]) }

    private mutating func setPosition(_ hash: UInt64, _ tag: HTMLTag?, _ place: Int32) {
        if let tag {
            known[Int(tag.rawValue)] = place
        } else {
            others[hash] = place < 0 ? nil : place
        }
    }

    /// The innermost of these.
    func position(of tags: [HTMLTag]) -> Int { tags.reduce(-1) { max($0, position($1)) } }
}
