/// The word pieces of the model and their ids: one piece a line, the id is the line's number from 0. A piece that
/// starts with `##` continues a word.
struct Vocabulary: Sendable {
    static let fileBytesMax = 4 << 20
    static let piecesMax = 1 << 20

    let count: Int
    let unknown: Int32
    let classification: Int32
    let separator: Int32
    /// Pieces that begin a word, and those that continue one, without their `##`.
    let initial: PieceTable
    let continuing: PieceTable

    init(path: String) throws(EncoderFailure) {
        let file = try MappedFile(path: path)
        guard file.count <= Self.fileBytesMax else {
            throw .vocabulary(.fileTooLarge(bytes: file.count, limit: Self.fileBytesMax))
        }
        do throws(VocabularyDefect) { try self.init(bytes: file.copy()) } catch { throw .vocabulary(error) }
    }

    /// Throws when a piece occurs twice or is empty, or when one that the tokenizer itself needs is missing.
    init(bytes: [UInt8]) throws(VocabularyDefect) {
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        guard lines.count <= Self.piecesMax else { throw .tooManyPieces(limit: Self.piecesMax) }
        var initial = PieceTable(pieces: lines.count, seed: 1)
        var continuing = PieceTable(pieces: lines.count, seed: 2)
        for (line, piece) in lines.enumerated() {
            guard !piece.isEmpty else { throw .emptyPiece(line: line) }
            let continues = piece.count > 2 && piece.starts(with: [UInt8(ascii: "#"), UInt8(ascii: "#")])
            let isNew =
                continues
                ? continuing.insert(piece.dropFirst(2), id: Int32(line)) : initial.insert(piece, id: Int32(line))
            guard isNew else { throw .repeatedPiece(line: line) }
        }
        func special(_ piece: String) throws(VocabularyDefect) -> Int32 {
            guard let id = initial.id(of: Array(piece.utf8)) else { throw .missingPiece(piece) }
            return id
        }
        unknown = try special("[UNK]")
        classification = try special("[CLS]")
        separator = try special("[SEP]")
        count = lines.count
        self.initial = initial
        self.continuing = continuing
    }
}

/// A set of byte strings with ids: open addressing on the FNV-1a hash (Fowler, Noll, Vo), every hit compared byte by
/// byte. The caller computes hashes with `step` as it walks a word, so all prefixes of a word cost one pass.
struct PieceTable: Sendable {
    /// The hash of the empty string.
    let seed: UInt64
    private(set) var longest = 0
    private var slots: [Slot]
    private var bytes: [UInt8] = []
    private let mask: Int

    private struct Slot {
        var hash: UInt64 = 0
        var start: Int32 = 0
        var count: Int32 = 0
        var id: Int32 = -1
    }

    /// Room for `pieces` pieces, at most half full.
    init(pieces: Int, seed: UInt64) {
        var size = 16
        while size < pieces * 2 { size *= 2 }
        slots = [Slot](repeating: Slot(), count: size)
        mask = size - 1
        self.seed = Self.step(0xcbf2_9ce4_8422_2325, UInt8(truncatingIfNeeded: seed))
    }

    @inline(__always)
    static func step(_ hash: UInt64, _ byte: UInt8) -> UInt64 { (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }

    /// False if the piece is there already.
    mutating func insert(_ piece: ArraySlice<UInt8>, id: Int32) -> Bool {
        let hash = piece.reduce(seed, Self.step)
        let found = piece.withUnsafeBufferPointer { slot(hash: hash, piece: $0) }
        guard slots[found].id < 0 else { return false }
        slots[found] = Slot(hash: hash, start: Int32(bytes.count), count: Int32(piece.count), id: id)
        bytes.append(contentsOf: piece)
        longest = max(longest, piece.count)
        return true
    }

    func id(of piece: [UInt8]) -> Int32? {
        piece.withUnsafeBufferPointer { id(hash: piece.reduce(seed, Self.step), piece: $0) }
    }

    @inline(__always)
    func id(hash: UInt64, piece: UnsafeBufferPointer<UInt8>) -> Int32? {
        let id = slots[slot(hash: hash, piece: piece)].id
        return id < 0 ? nil : id
    }

    /// Where the piece is, or the empty slot where it belongs.
    @inline(__always)
    private func slot(hash: UInt64, piece: UnsafeBufferPointer<UInt8>) -> Int {
        var position = Int(truncatingIfNeeded: hash ^ (hash >> 32)) & mask
        while slots[position].id >= 0, !matches(slots[position], hash: hash, piece: piece) {
            position = (position + 1) & mask
        }
        return position
    }

    @inline(__always)
    private func matches(_ slot: Slot, hash: UInt64, piece: UnsafeBufferPointer<UInt8>) -> Bool {
        guard slot.hash == hash, Int(slot.count) == piece.count else { return false }
        return bytes.withUnsafeBufferPointer { all in
            UnsafeBufferPointer(rebasing: all[Int(slot.start)..<Int(slot.start + slot.count)]).elementsEqual(piece)
        }
    }
}
