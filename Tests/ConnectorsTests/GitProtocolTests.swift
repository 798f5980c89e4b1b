import Kit
import TestKit
import Testing

@testable import Connectors
@testable import TestConnectors

/// Lines and sections of the protocol, without a server.
@Suite(.timeLimit(.minutes(10))) struct GitProtocolTests {
    private static func read<Taker: PacketTaker>(
        _ bytes: [UInt8], _ taker: Taker, pieces: [Int] = []
    ) throws(GitFault) -> (Taker, isComplete: Bool) {
        var (taker, reader, rest) = (taker, PacketReader(), bytes[...])
        for size in pieces + [bytes.count] {
            reader.append(Array(rest.prefix(size)))
            rest = rest.dropFirst(size)
            while let packet = try reader.next() { try taker.take(packet) }
        }
        return (taker, taker.isComplete && reader.isEmpty)
    }

    private static func lines(_ lines: String...) -> [UInt8] {
        lines.flatMap { line in
            ["0000", "0001", "0002"].contains(line) ? Array(line.utf8) : PackForge.line(Array("\(line)\n".utf8))
        }
    }

    @Test func `a command is written as the protocol wants it`() {
        let command = PacketWriter.command("ls-refs", ["agent=cloister"], ["peel", "ref-prefix HEAD"])
        #expect(
            String(decoding: command, as: UTF8.self)
                == "0014command=ls-refs\n0013agent=cloister\n00010009peel\n0014ref-prefix HEAD\n0000")
    }

    @Test func `packets are cut the same whatever pieces they come in`() throws {
        let id = String(repeating: "0a", count: 20)
        let bytes = Self.lines("\(id) HEAD symref-target:refs/heads/main", "\(id) refs/heads/main", "0000")
        let whole = try Self.read(bytes, ReferencesReader())
        #expect(whole.isComplete && whole.0.references.count == 2)
        #expect(whole.0.references[0].target == "refs/heads/main")
        for size in 1...7 {
            let pieces = [Int](repeating: size, count: bytes.count / size)
            #expect(try Self.read(bytes, ReferencesReader(), pieces: pieces).0.references == whole.0.references)
        }
    }

    @Test func `references that are not in form are refused`() throws {
        let id = String(repeating: "0a", count: 20)
        let unborn = try Self.read(Self.lines("unborn HEAD symref-target:refs/heads/x", "0000"), ReferencesReader())
        #expect(unborn.0.references == [GitReference(name: "HEAD", id: nil, target: "refs/heads/x")])
        let tag = try Self.read(
            Self.lines("\(id) refs/tags/v peeled:\(id.replacing("0a", with: "0b"))"), ReferencesReader())
        #expect(tag.0.references[0].id?.hex == id.replacing("0a", with: "0b"))
        for line in ["\(id)", "\(id.uppercased()) HEAD", "12 HEAD", "0001", "\(id) HEAD peeled:12", "ERR no"] {
            #expect(throws: GitFault.self, "\(line)") { try Self.read(Self.lines(line), ReferencesReader()) }
        }
        #expect(throws: GitFault.badPacket) { try Self.read(Self.lines("0000", "0000"), ReferencesReader()) }
        #expect(try !Self.read(Self.lines("\(id) HEAD"), ReferencesReader()).isComplete)
    }

    @Test func `sections before the pack are passed over, and the pack is bounded`() throws {
        let shallow = Self.lines("shallow-info", "shallow \(String(repeating: "0a", count: 20))", "0001")
        let answer = shallow + PackForge.answer([UInt8](repeating: 7, count: 150_000))
        let read = try Self.read(answer, FetchReader(bytesMax: 150_000))
        #expect(read.isComplete && read.0.pack.count == 150_000)
        #expect(throws: GitFault.tooMuch) { try Self.read(answer, FetchReader(bytesMax: 149_999)) }
        let last = Self.lines("packfile") + PackForge.line([3] + Array("upload-pack: not our ref 12".utf8))
        #expect(throws: GitFault.notGiven) { try Self.read(last, FetchReader(bytesMax: 9)) }
        #expect(throws: GitFault.refused) { try Self.read(Self.lines("ERR out of memory"), FetchReader(bytesMax: 9)) }
    }

    @Test func `every fault is a failure with a sentence that holds nothing of the answer`() {
        for fault in GitFault.allCases { #expect(fault.failure.sentence.hasSuffix(".")) }
    }

    @Test func `a thousand mutations of answers never end in anything but a result or a fault`() throws {
        var generator = SeededGenerator(seed: 22)
        let id = String(repeating: "0a", count: 20)
        let samples: [([UInt8], any PacketTaker)] = [
            (Self.lines("version 2", "ls-refs=unborn", "fetch=shallow filter", "0000"), CapabilitiesReader()),
            (Self.lines("\(id) HEAD symref-target:refs/heads/main", "0000"), ReferencesReader()),
            (Self.lines("shallow-info", "0001") + PackForge.answer([1, 2, 3]), FetchReader(bytesMax: 100)),
        ]
        var faults: [GitFault: Int] = [:]
        for round in 0..<1000 {
            let (sample, taker) = samples[round % samples.count]
            var bytes = sample
            for _ in 0...Int.random(in: 0..<4, using: &generator) {
                let at = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[at] = .random(in: 0...255, using: &generator)
                case 1: bytes.insert(.random(in: 0...255, using: &generator), at: at)
                default: if bytes.count > 1 { bytes.remove(at: at) }
                }
            }
            do { try Self.feed(bytes, taker) } catch { faults[error, default: 0] += 1 }
        }
        #expect(faults[.badPacket] ?? 0 > 100, "\(faults)")
    }

    private static func feed(_ bytes: [UInt8], _ taker: some PacketTaker) throws(GitFault) {
        _ = try read(bytes, taker, pieces: [3])
    }
}
