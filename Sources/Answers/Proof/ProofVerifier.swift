import AuditTrail
import Crypto
import Foundation
import Kit

/// Checks a proof file without anything else at hand: no server, no network, no clock.
package struct ProofVerifier {
    package static let fileBytesMax = 64 << 20

    let bytes: [UInt8]
    let layout: ProofLayout

    /// - Parameter trusted: SHA-256 of the house's public key, hexadecimal; nil leaves the comparison to the reader.
    package static func report(on bytes: [UInt8], trusted: String? = nil) -> ProofReport {
        var report = ProofReport()
        guard bytes.count <= fileBytesMax, let layout = ProofLayout(fileBytes: bytes.count) else {
            report.add(false, "The file has not the length of a proof: bytes are missing or were added.")
            return report
        }
        let verifier = ProofVerifier(bytes: bytes, layout: layout)
        if let damage = verifier.frameDamage ?? verifier.damage {
            report.damage = damage
            report.add(false, damage.sentence)
            return report
        }
        verifier.check(&report, trusted: trusted)
        return report
    }

    // MARK: Bytes

    private var proof: [UInt8] { Array(bytes[layout.proof]) }
    private var key: [UInt8]? { Hex.decode(text(layout.key)) }

    private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    private func isSealed(_ blocks: [[UInt8]], signature: String? = nil) -> Bool {
        guard let key, let signature = Hex.decode(signature ?? text(layout.signature)) else { return false }
        return AuditSignature.isValid(signature, over: ProofFile.signed(blocks).bytes, by: key)
    }

    private var frameDamage: ProofDamage? {
        for (start, literal) in layout.literals {
            for (index, byte) in literal.enumerated() where bytes[start + index] != byte {
                return ProofDamage(
                    offset: start + index, found: bytes[start + index], expected: byte, place: "the frame of the file")
            }
        }
        return nil
    }

    /// What the blocks and the signature say: nil when all of it is as it was signed.
    private var damage: ProofDamage? {
        let computed = ProofFile.blocks(of: bytes[layout.proof])
        let listed = (0..<layout.blockCount).map { text(layout.hash($0)) }
        let wrong = computed.indices.first { Hex.encode(computed[$0]) != listed[$0] }
        guard let wrong else { return isSealed(computed) ? nil : sealDamage(computed) }
        let decoded = listed.compactMap(Hex.decode)
        if decoded.count == listed.count, isSealed(decoded) { return blockDamage(wrong, expected: decoded[wrong]) }
        let place = "the hash of block \(wrong + 1)"
        guard isSealed(computed) else {
            return unknown(layout.block(wrong).lowerBound, "the proof, and in its hashes or its signature")
        }
        return digitDamage(layout.hash(wrong), Hex.encode(computed[wrong]), place)
    }

    private func unknown(_ offset: Int, _ place: String) -> ProofDamage {
        ProofDamage(offset: offset, found: bytes[offset], expected: nil, place: place)
    }

    /// The first digit that differs from what it should be.
    private func digitDamage(_ range: Range<Int>, _ expected: String, _ place: String) -> ProofDamage {
        for (offset, byte) in zip(range, expected.utf8) where bytes[offset] != byte {
            return ProofDamage(offset: offset, found: bytes[offset], expected: byte, place: place)
        }
        return unknown(range.lowerBound, place)
    }

    // MARK: Finding the byte

    /// Tries all 64 x 255 blocks that differ in one byte.
    private func blockDamage(_ index: Int, expected: [UInt8]) -> ProofDamage {
        let range = layout.block(index)
        var block = Array(bytes[range])
        for position in block.indices {
            let found = block[position]
            for candidate in UInt8.min...UInt8.max where candidate != found {
                block[position] = candidate
                if SHA256.hash(data: block) == expected {
                    let offset = range.lowerBound + position
                    return ProofDamage(
                        offset: offset, found: found, expected: candidate, place: place(of: offset, repaired: candidate)
                    )
                }
            }
            block[position] = found
        }
        return unknown(range.lowerBound, place(of: range.lowerBound, repaired: nil))
    }

    /// Blocks and hashes fit each other: then it is the key, or else the signature.
    private func sealDamage(_ blocks: [[UInt8]]) -> ProofDamage {
        let known = (try? JSONDecoder().decode(AnswerProof.self, from: Data(proof)))?.made.key.sha256
        let isKeyOf: (String) -> Bool = { text in
            Hex.decode(text).map { Hex.encode(AnswerProof.sha256($0)) } == known
        }
        if !isKeyOf(text(layout.key)) {
            return repairedDigit(layout.key, "the public key", isKeyOf)
        }
        return repairedDigit(layout.signature, "the signature") { isSealed(blocks, signature: $0) }
    }

    /// Tries every other digit at every place.
    private func repairedDigit(_ range: Range<Int>, _ place: String, _ fits: (String) -> Bool) -> ProofDamage {
        var digits = Array(bytes[range])
        for position in digits.indices {
            let found = digits[position]
            for candidate in Array("0123456789abcdef".utf8) where candidate != found {
                digits[position] = candidate
                if fits(String(decoding: digits, as: UTF8.self)) {
                    return ProofDamage(
                        offset: range.lowerBound + position, found: found, expected: candidate, place: place)
                }
            }
            digits[position] = found
        }
        return unknown(range.lowerBound, place)
    }

    private func place(of offset: Int, repaired: UInt8?) -> String {
        var json = proof
        let inside = offset - layout.proof.lowerBound
        if let repaired { json[inside] = repaired }
        let proof = try? JSONDecoder().decode(AnswerProof.self, from: Data(json))
        return ProofWords.place(JSONPlace(at: inside, in: json), in: proof)
    }

    // MARK: Meaning

    private func check(_ report: inout ProofReport, trusted: String?) {
        report.add(true, "Every byte is the one that was signed: \(layout.blockCount) blocks fit their hashes.")
        report.add(true, "The signature is that of the key in the file (Ed25519).")
        guard let key, let proof = try? JSONDecoder().decode(AnswerProof.self, from: Data(proof)) else {
            return report.add(false, "What was signed is not a proof of this kind.")
        }
        let hash = Hex.encode(AnswerProof.sha256(key))
        report.add(proof.made.key.sha256 == hash, "The key is the one that the proof names: SHA-256 \(hash).")
        if let trusted { report.add(trusted == hash, "The key is the one that you trust.") }
        ProofMeaning(proof: proof, key: key).check(&report)
    }
}
