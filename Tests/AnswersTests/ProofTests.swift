import Access
import AuditTrail
import Encoder
import Foundation
import Keyring
import Kit
import Library
import Storage
import Testing

@testable import Answers

@Suite struct ProofTests {
    @Test func `an answer proves itself, offline, to the byte`() async throws {
        try await AnswersWorld.each { world in
            try await world.document(AnswersWorld.leave, at: "leave.md")
            let ana = try await world.person("ana")
            let answer = try await world.ask(as: ana)
            let bytes = try await world.answers.proof(of: answer.id, for: ana, request: nil)
            let key = Hex.encode(AnswerProof.sha256(try world.audit.signingKey(of: world.tenant)))
            let report = ProofVerifier.report(on: bytes, trusted: key)
            #expect(report.isGood, "\(report)")
            #expect(report.checks.count >= 9)
            #expect(!ProofVerifier.report(on: bytes, trusted: String(repeating: "0", count: 64)).isGood)
            let proof = try Self.proof(in: bytes)
            #expect(proof.answer.question == AnswersWorld.question && proof.answer.by == ana.subject)
            #expect(proof.sentences[0].text == "Parental leave lasts sixteen weeks.")
            #expect(
                proof.passages[0].text.contains(proof.sentences[0].text) && proof.passages[0].title == "Parental leave")
            #expect(proof.passages[0].access.version >= 1 && proof.passages[0].access.rule.contains("allow[0]"))
            #expect(proof.audit.map(\.sequence).count == 2)
            #expect(proof.made.encoder == world.answers.encoder.fingerprint)
            #expect(try await world.audit.verify(.tenant(world.tenant)).isSound)
        }
    }

    @Test func `a declined question is proved as declined`() async throws {
        try await AnswersWorld.each { world in
            try await world.document(AnswersWorld.leave, at: "leave.md")
            let answer = try await world.ask("What is the capital of Mongolia?", as: world.admin)
            let bytes = try await world.answers.proof(of: answer.id, for: world.admin, request: nil)
            #expect(ProofVerifier.report(on: bytes).isGood)
            #expect(try Self.proof(in: bytes).answer.declined && Self.proof(in: bytes).passages.isEmpty)
        }
    }

    @Test func `a source that is hidden or deleted since leaves nothing to prove, and nothing says which`()
        async throws
    {
        try await AnswersWorld.each { world in
            let document = try await world.document(AnswersWorld.leave, at: "leave.md")
            let (ana, ben) = (try await world.person("ana"), try await world.person("ben"))
            let answer = try await world.ask(as: ana)
            for stranger in [ben, world.admin] {
                await #expect(throws: AnswerFailure.notFound) {
                    try await world.answers.proof(of: answer.id, for: stranger, request: nil)
                }
            }
            try await world.answers.share(answer.conversation, with: [ben.subject], by: ana, request: nil)
            let shared = try await world.answers.proof(of: answer.id, for: ben, request: nil)
            #expect(ProofVerifier.report(on: shared).isGood)
            try await world.setAccess(ACLConstraint(deny: [.subject(ana.subject)]), of: document)
            await #expect(throws: AnswerFailure.evidenceGone) {
                try await world.answers.proof(of: answer.id, for: ana, request: nil)
            }
            _ = try await world.answers.proof(of: answer.id, for: ben, request: nil)
            try await world.library.delete(document, by: world.admin, request: nil)
            for reader in [ana, ben] {
                await #expect(throws: AnswerFailure.evidenceGone) {
                    try await world.answers.proof(of: answer.id, for: reader, request: nil)
                }
            }
            // What was made before is still a proof: it needs nothing of the house.
            #expect(ProofVerifier.report(on: shared).isGood)
        }
    }

    @Test func `a proof signed by somebody else is theirs`() async throws {
        try await AnswersWorld.each { world in
            try await world.document(AnswersWorld.leave, at: "leave.md")
            let answer = try await world.ask(as: world.admin)
            let bytes = try await world.answers.proof(of: answer.id, for: world.admin, request: nil)
            let layout = try #require(ProofLayout(fileBytes: bytes.count))
            let other = TenantID("ten_" + String(repeating: "0", count: 25) + "1")
            let stranger = try #require(other)
            try world.keyring.createKey(.tenant(stranger))
            let proof = Array(bytes[layout.proof])
            let forged = ProofFile(
                proof: proof, key: try world.audit.signingKey(of: stranger),
                signature: try world.audit.sign(ProofFile.signed(ProofFile.blocks(of: proof)), as: stranger)
            ).bytes
            let report = ProofVerifier.report(on: forged)
            #expect(!report.isGood)
            #expect(report.checks.contains { !$0.passed && $0.sentence.hasPrefix("The key is the one") })
        }
    }

    static func proof(in bytes: [UInt8]) throws -> AnswerProof {
        let layout = try #require(ProofLayout(fileBytes: bytes.count))
        return try JSONDecoder().decode(AnswerProof.self, from: Data(bytes[layout.proof]))
    }
}

@Suite struct ProofDamageTests {
    @Test func `every byte that changes is found and named`() async throws {
        try await AnswersWorld.files { world, _ in
            try await world.document(AnswersWorld.leave, at: "leave.md")
            let answer = try await world.ask(as: world.admin)
            let good = try await world.answers.proof(of: answer.id, for: world.admin, request: nil)
            var seed: UInt64 = 20_261_122
            for (place, words) in try Self.places(in: good) {
                seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                try Self.expectNamed(place, words, in: good, by: UInt8(1 + seed >> 33 % 255))
            }
            for place in [0, 5, good.count - 1] { try Self.expectNamed(place, "frame", in: good, by: 1) }
        }
    }

    @Test func `lost, added and doubled bytes, and other files, are refused`() async throws {
        try await AnswersWorld.files { world, _ in
            let answer = try await world.ask("Anything?", as: world.admin)
            let good = try await world.answers.proof(of: answer.id, for: world.admin, request: nil)
            let bad: [[UInt8]] = [
                [], [1], good.dropLast(), good + [10], good + good, Array(good.dropFirst()),
                Array("{\"proof\":{}}".utf8), [UInt8](repeating: 0x7b, count: good.count),
            ]
            for file in bad {
                let report = ProofVerifier.report(on: file)
                #expect(!report.isGood && !report.checks.isEmpty, "\(file.count)")
            }
        }
    }

    /// Whoever has a key can sign any words and numbers: they are refused in sentences, never by a crash.
    @Test func `what a stranger signs is read with care`() async throws {
        try await AnswersWorld.files { world, _ in
            try await world.document(AnswersWorld.leave, at: "leave.md")
            let answer = try await world.ask(as: world.admin)
            let good = try await world.answers.proof(of: answer.id, for: world.admin, request: nil)
            let layout = try #require(ProofLayout(fileBytes: good.count))
            let json = String(decoding: good[layout.proof], as: UTF8.self)
            let (low, high) = (String(Int64.min), String(Int64.max))
            let places = ["start", "end", "quoteStart", "quoteEnd", "sequence", "size", "time", "number"]
            var forgeries = try places.flatMap { place in
                let number = try Regex("\"\(place)\":-?[0-9]+")
                return [low, high, "-1", "0"].map { json.replacing(number, with: "\"\(place)\":\($0)") }
            }
            forgeries += ["{}", "[]", "null", "", json + json, json.replacing("sixteen", with: "sixty"), "\u{0}"]
            forgeries += [json.replacing(try Regex("\"citations\":\\[[0-9,]*\\]"), with: "\"citations\":[]")]
            forgeries += [json.replacing("answers.prove", with: "answers.ask"), json.replacing("quoted", with: "said")]
            for forgery in forgeries where forgery != json {
                let proof = Array(forgery.utf8)
                let file = ProofFile(
                    proof: proof, key: try world.audit.signingKey(of: world.tenant),
                    signature: try world.audit.sign(ProofFile.signed(ProofFile.blocks(of: proof)), as: world.tenant)
                ).bytes
                let report = ProofVerifier.report(on: file)
                #expect(!report.isGood || forgery.contains("said"), "\(forgery.prefix(300))")
            }
        }
    }

    /// A byte inside each kind of field, with words that its place must have.
    private static func places(in file: [UInt8]) throws -> [(Int, String)] {
        let layout = try #require(ProofLayout(fileBytes: file.count))
        let text = String(decoding: file, as: UTF8.self)
        func inside(_ words: String, _ more: Int = 0) throws -> Int {
            let range = try #require(text.range(of: words), "\(words)")
            return text.utf8.distance(from: text.startIndex, to: range.upperBound) + more
        }
        let passage = text.components(separatedBy: #""passages":"#)[1]
        let before = text.utf8.count - passage.utf8.count
        func ofPassage(_ words: String, _ more: Int) throws -> Int {
            let range = try #require(passage.range(of: words), "\(words)")
            return before + passage.utf8.distance(from: passage.startIndex, to: range.upperBound) + more
        }
        return [
            (try ofPassage(#""text":""#, 12), "at byte"), (try ofPassage(#""start":"#, 0), "“start”"),
            (try ofPassage(#""sha256":""#, 7), "Parental leave"), (try ofPassage(#""rule":""#, 3), "“access.rule”"),
            (try ofPassage(#""title":""#, 2), "“title”"), (try inside(#""entry":""#, 9), "audit entry"),
            (try inside(#""path":[""#, 4), "audit entry"), (try inside(#""question":""#, 4), "the question"),
            (layout.hash(2).lowerBound + 9, "hash of block 3"), (layout.key.lowerBound + 5, "public key"),
            (layout.signature.lowerBound + 77, "the signature"), (try inside(#""sentences":[{"ci"#), "sentence"),
        ]
    }

    private static func expectNamed(_ place: Int, _ words: String, in good: [UInt8], by change: UInt8) throws {
        var file = good
        file[place] ^= change
        let report = ProofVerifier.report(on: file)
        #expect(!report.isGood)
        let damage = try #require(report.damage)
        #expect(damage.offset == place && damage.found == file[place] && damage.expected == good[place], "\(damage)")
        #expect(damage.place.contains(words), "\(damage.sentence)")
    }
}
