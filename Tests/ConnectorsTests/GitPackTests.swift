import Kit
import TestKit
import Testing

@testable import Connectors
@testable import TestConnectors

/// Packs made by hand, good and hostile.
@Suite(.timeLimit(.minutes(10))) struct GitPackTests {
    private static let text = Array("hello hello hello hello".utf8)

    private static func fault(_ pack: [UInt8], _ limits: PackLimits = PackLimits()) -> GitFault? {
        do throws(GitFault) { _ = try GitPack(pack, limits) } catch { return error }
        return nil
    }

    private static func content(_ pack: GitPack, _ id: ObjectID?) throws -> [UInt8]? {
        guard let id, case .found(let object) = try pack.object(id) else { return nil }
        return object.content
    }

    /// A pack with a whole blob and two deltas, one of each kind; the second stands before what it is made from.
    private static func good() throws -> (bytes: [UInt8], contents: [[UInt8]]) {
        let second = text + Array(" world".utf8)
        let third = second.prefix(5) + Array("!".utf8)
        var forge = PackForge()
        forge.delta(
            from: try #require(ObjectHash.id(.blob, second)),
            PackForge.delta(second.count, 6, PackForge.copy(5) + PackForge.insert([0x21])))
        forge.whole(.blob, text)
        forge.delta(
            from: 1,
            PackForge.delta(
                text.count, second.count, PackForge.copy(text.count) + PackForge.insert(Array(" world".utf8))))
        return (forge.pack(), [text, second, Array(third)])
    }

    @Test func `whole objects and both kinds of deltas are found by their names`() throws {
        let (bytes, contents) = try Self.good()
        let pack = try GitPack(bytes)
        for content in contents { #expect(try Self.content(pack, ObjectHash.id(.blob, content)) == content) }
        let missing = try pack.object(try #require(ObjectHash.id(.tree, Self.text)))
        guard case .missing = missing else { throw GitFailed(description: "found what is not there") }
        #expect(ObjectHash.id(.blob, [])?.hex == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391")
        #expect(Self.fault(PackForge().pack()) == nil)
    }

    @Test func `a pack that ends early, or has a wrong checksum, is refused`() throws {
        let (bytes, _) = try Self.good()
        for count in 0..<bytes.count { #expect(Self.fault(Array(bytes.prefix(count))) != nil, "\(count)") }
        let body = bytes.dropLast(20)
        for count in 12..<body.count {
            #expect(Self.fault(PackForge.signed(Array(body.prefix(count)))) != nil, "\(count)")
        }
        var wrong = bytes
        wrong[wrong.count - 1] ^= 1
        #expect(Self.fault(wrong) == .badChecksum)
        #expect(Self.fault(PackForge.signed(body + [0])) == .badPack)
    }

    @Test func `counts, versions and sizes that are not true are refused`() {
        var forge = PackForge()
        forge.whole(.blob, Self.text)
        #expect(Self.fault(forge.pack(count: 2)) != nil)
        #expect(Self.fault(forge.pack(count: 0)) == .badPack)
        #expect(Self.fault(forge.pack(count: 0xffff_ffff)) == .badPack)
        #expect(Self.fault(forge.pack(version: 4)) == .badPack)
        #expect(Self.fault(forge.pack(version: 3)) == nil)
        for size in [0, 22, 24, 1 << 30] {
            var forge = PackForge()
            forge.whole(.blob, Self.text, size: size)
            #expect(Self.fault(forge.pack()) == .badObject, "\(size)")
        }
    }

    @Test func `a delta to itself, to nothing and forwards is refused`() throws {
        let delta = PackForge.delta(5, 5, PackForge.copy(5))
        for distance in [0, 1, 3, 13, 4000, 1 << 40] {
            var forge = PackForge()
            forge.whole(.blob, Array("hello".utf8))
            forge.delta(distance: distance, delta)
            #expect(Self.fault(forge.pack()) == .missingBase, "\(distance)")
        }
        var alone = PackForge()
        alone.delta(from: try #require(ObjectHash.id(.blob, Array("hello".utf8))), delta)
        #expect(Self.fault(alone.pack()) == .missingBase)
    }

    @Test func `instructions of a delta that lead out are refused`() {
        let cases: [[UInt8]] = [
            PackForge.delta(5, 6, PackForge.copy(6)), PackForge.delta(5, 5, [0]), PackForge.delta(5, 5, [9, 65]),
            PackForge.delta(5, 5, [0x91, 4, 2]), PackForge.delta(5, 5, [0xff, 255, 255, 255, 255, 255, 255, 255]),
            PackForge.delta(5, 4, PackForge.copy(5)), PackForge.delta(5, 6, PackForge.copy(5)),
            PackForge.delta(4, 5, PackForge.copy(5)), PackForge.delta(5, 5, [0x80]), PackForge.delta(5, 5, [0x90]),
            [], [5], [0x85], [UInt8](repeating: 0xff, count: 12),
        ]
        for (index, delta) in cases.enumerated() {
            var forge = PackForge()
            forge.whole(.blob, Array("hello".utf8))
            forge.delta(from: 0, delta)
            #expect(Self.fault(forge.pack()) == .badDelta, "\(index)")
        }
    }

    @Test func `chains of deltas are as deep as the bound and not deeper`() throws {
        func pack(_ depth: Int) -> [UInt8] {
            var forge = PackForge()
            forge.whole(.blob, Self.text)
            for number in 0..<depth {
                let end = [UInt8(number >> 8), UInt8(number & 255)]
                let base = Self.text.count + (number == 0 ? 0 : 2)
                forge.delta(
                    from: number,
                    PackForge.delta(base, Self.text.count + 2, PackForge.copy(Self.text.count) + PackForge.insert(end)))
            }
            return forge.pack()
        }
        let last = Self.text + [1, 255]
        #expect(try Self.content(try GitPack(pack(512)), ObjectHash.id(.blob, last)) == last)
        #expect(Self.fault(pack(513)) == .chainTooDeep)
    }

    @Test func `bombs of compressed data and of deltas stop at the bound`() throws {
        var limits = PackLimits()
        limits.objectBytesMax = 1 << 20
        limits.workBytesMax = 8 << 20
        var large = PackForge()
        large.whole(.blob, [UInt8](repeating: 0, count: 2 << 20))
        large.whole(.blob, Self.text)
        let pack = try GitPack(large.pack(), limits)
        #expect(try Self.content(pack, ObjectHash.id(.blob, Self.text)) == Self.text)
        let id = try #require(ObjectHash.id(.blob, [UInt8](repeating: 0, count: 2 << 20)))
        guard case .tooLarge = try pack.object(id) else { throw GitFailed(description: "not too large") }

        var zip = PackForge()
        for _ in 0..<20 { zip.whole(.blob, [UInt8](repeating: 0, count: 1 << 20)) }
        #expect(Self.fault(zip.pack(), limits) == .tooMuch)

        // Sixty thousand bytes out of every four.
        var many = PackForge()
        many.whole(.blob, [UInt8](repeating: 0, count: 60_000))
        let all = PackForge.copy(60_000)
        for _ in 0..<200 { many.delta(from: 0, PackForge.delta(60_000, 960_000, (0..<16).flatMap { _ in all })) }
        #expect(Self.fault(many.pack(), limits) == .tooMuch)

        // Larger than an object may be: passed over, with what is made from it.
        var wide = PackForge()
        wide.whole(.blob, [UInt8](repeating: 0, count: 60_000))
        wide.delta(from: 0, PackForge.delta(60_000, 1_200_000, (0..<20).flatMap { _ in all }))
        wide.delta(from: 1, PackForge.delta(1_200_000, 60_000, all))
        let passed = try GitPack(wide.pack(), limits)
        guard case .tooLarge = try passed.object(id) else { throw GitFailed(description: "not too large") }
    }

    @Test func `trees with names that lead out are skipped, and bombs of trees stop at the bound`() throws {
        let blob = try #require(ObjectHash.id(.blob, Self.text))
        let names: [[UInt8]] = [
            Array("..".utf8), Array(".".utf8), Array(".git".utf8), Array(".GIT".utf8), Array("a/b".utf8),
            Array("a\nb".utf8), [0xff, 0xfe], Array("\u{7f}".utf8), [], Array("good".utf8), Array("..good".utf8),
        ]
        let tree = PackForge.tree(names.map { ("100644", $0, blob) } + [("40000", Array("..".utf8), blob)])
        let plan = try Self.plan([tree], GitSettings(url: "https://git.example/a", permissions: .everyone))
        #expect(plan.files.map(\.path) == ["good", "..good"])
        #expect(plan.skipped.count == 10 && plan.skipped.allSatisfy { $0.reason == .badName && $0.key == nil })

        var trees = [PackForge.tree([("100644", Array("f".utf8), blob)])]
        for _ in 0..<30 {
            let id = try #require(ObjectHash.id(.tree, trees[trees.count - 1]))
            trees.append(PackForge.tree((0..<10).map { ("40000", Array("d\($0)".utf8), id) }))
        }
        var settings = GitSettings(url: "https://git.example/a", permissions: .everyone)
        settings.limits.itemsMax = 10_000
        #expect(throws: SourceFailure.limit(.items(10_000))) { try Self.plan(trees, settings) }

        let deep = (0..<40).reduce(into: [trees[0]]) { trees, _ in
            guard let id = ObjectHash.id(.tree, trees[trees.count - 1]) else { return }
            trees.append(PackForge.tree([("40000", Array("d".utf8), id)]))
        }
        let deepPlan = try Self.plan(deep, settings)
        #expect(deepPlan.files.isEmpty && deepPlan.skipped.map(\.reason) == [.tooDeep(depthMax: 32)])
    }

    @Test func `paths are as long as the bound and not longer, and trees that are read again and again are work`()
        throws
    {
        let blob = try #require(ObjectHash.id(.blob, Self.text))
        let inner = PackForge.tree([512, 513].map { ("100644", [UInt8](repeating: 98, count: $0), blob) })
        let folder = try #require(ObjectHash.id(.tree, inner))
        let outer = PackForge.tree([("40000", [UInt8](repeating: 97, count: 511), folder)])
        let settings = GitSettings(url: "https://git.example/a", permissions: .everyone)
        let plan = try Self.plan([inner, outer], settings)
        #expect(plan.files.map(\.path.text.utf8.count) == [1024])
        #expect(plan.skipped.map(\.reason) == [.pathTooLong])

        let long = PackForge.tree([("100644", [UInt8](repeating: 97, count: 1 << 20), blob)])
        let name = try #require(ObjectHash.id(.tree, long))
        let many = PackForge.tree((0..<100).map { ("40000", Array("d\($0)".utf8), name) })
        #expect(try Self.plan([long, many], settings).skipped.count == 100)
        var narrow = settings
        narrow.packBytesMax = 50_000
        #expect(throws: SourceFailure.limit(.listBytes(50_000))) { try Self.plan([long, many], narrow) }
        var limits = PackLimits()
        limits.workBytesMax = 50 << 20
        #expect(throws: GitFault.tooMuch) { try Self.plan([long, many], settings, limits) }
        limits.objectsMax = 2
        #expect(throws: GitFault.tooMuch) { try Self.plan([inner, outer], settings, limits) }
    }

    /// The last tree is that of the commit.
    @discardableResult
    private static func plan(_ trees: [[UInt8]], _ settings: GitSettings, _ limits: PackLimits = PackLimits()) throws
        -> GitPlan
    {
        let root = try #require(ObjectHash.id(.tree, trees[trees.count - 1]))
        let commit = PackForge.commit(root)
        var forge = PackForge()
        for tree in trees { forge.whole(.tree, tree) }
        forge.whole(.commit, commit)
        let id = try #require(ObjectHash.id(.commit, commit))
        var planner = try GitPlanner(try GitPack(forge.pack(), limits), settings, try PathSelection())
        return try planner.plan(id, of: GitRepository.Head(commit: id, branch: nil))
    }

    @Test func `a commit's time is its committer's, and one that no calendar has is none`() throws {
        let tree = try #require(ObjectHash.id(.tree, []))
        #expect(try GitCommit(PackForge.commit(tree)).time == Timestamp(microseconds: 1_700_000_000_000_000))
        for time in ["99999999999999999999 +0000", "-5 +0000", "x", "253402300800 +0000"] {
            #expect(try GitCommit(Array("tree \(tree.hex)\ncommitter T <t> \(time)\n\n".utf8)).time == nil)
        }
        #expect(throws: GitFault.badTree) { try GitCommit(Array("tree 123\n\n".utf8)) }
        for bytes in ["100644", "100644 a", "100644 a\u{0}123", "123456789 a\u{0}aaaaaaaaaaaaaaaaaaaa"] {
            #expect(throws: GitFault.badTree) { try GitTreeEntry.entries(of: Array(bytes.utf8)) }
        }
    }

    @Test func `a thousand mutations of a pack never end in anything but an answer or a fault`() throws {
        let (good, contents) = try Self.good()
        var generator = SeededGenerator(seed: 21)
        let ids = contents.compactMap { ObjectHash.id(.blob, $0) }
        var limits = PackLimits()
        limits.workBytesMax = 1 << 20
        var faults: [GitFault: Int] = [:]
        for round in 0..<1000 {
            var bytes = Array(good.dropLast(20))
            for _ in 0...Int.random(in: 0..<4, using: &generator) {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator)
            }
            do {
                let pack = try GitPack(PackForge.signed(bytes), limits)
                for (id, content) in zip(ids, contents) {
                    if case .found(let object) = try pack.object(id) {
                        #expect(object.content == content, "seed 21, round \(round)")
                    }
                }
            } catch {
                faults[error, default: 0] += 1
            }
        }
        #expect(faults.count >= 4, "\(faults)")
    }
}
