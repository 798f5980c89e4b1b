import HTTPTypes
import Kit
import TestKit
import Testing

@testable import HTTPKit

@Suite("A JSON body")
struct StrictJSONTests {
    private enum Colour: String, Decodable { case red, green }

    private struct Inner: Decodable, Equatable {
        let allow: [String]?
        let deny: [String]
    }

    private struct Sample: Decodable {
        let name: String
        let limit: Int?
        let ratio: Double?
        let flag: Bool?
        let access: Inner?
        let colour: Colour?
        let small: UInt8?
        let labels: [String: Int]?
        let document: DocumentID?
    }

    private func detail(of body: [UInt8]) throws -> String {
        do {
            _ = try RequestBody.decode(Sample.self, from: body)
            return "accepted"
        } catch let problem as Problem {
            #expect(problem.status == .badRequest && problem.code == "request.invalid")
            return problem.title + " " + (problem.detail ?? "")
        }
    }

    @Test(
        "names the field that is wrong",
        arguments: [
            (#"{"name":"a","nmae":"b"}"#, "nmae"),
            (#"{"name":"a","access":{"deny":[],"alow":[]}}"#, "access.alow"),
            (#"{}"#, "name"),
            (#"{"name":null}"#, "name"),
            (#"{"name":7}"#, "name"),
            (#"{"name":"a","limit":"7"}"#, "limit"),
            (#"{"name":"a","limit":7.5}"#, "limit"),
            (#"{"name":"a","limit":1e3}"#, "limit"),
            (#"{"name":"a","limit":99999999999999999999}"#, "limit"),
            (#"{"name":"a","small":256}"#, "small"),
            (#"{"name":"a","small":-1}"#, "small"),
            (#"{"name":"a","ratio":1e999}"#, "ratio"),
            (#"{"name":"a","flag":1}"#, "flag"),
            (#"{"name":"a","flag":"true"}"#, "flag"),
            (#"{"name":"a","access":[]}"#, "access"),
            (#"{"name":"a","access":{"deny":["x",3]}}"#, "access.deny[1]"),
            (#"{"name":"a","access":{"allow":[]}}"#, "access.deny"),
            (#"{"name":"a","colour":"blue"}"#, "colour"),
            (#"{"name":"a","labels":{"x":"y"}}"#, "labels.x"),
            (#"{"name":"a","document":"doc_1"}"#, "document"),
            (#"[1]"#, "body"), (#""text""#, "body"), ("null", "body"), ("7", "body"),
        ])
    func namesTheField(_ body: String, _ field: String) throws {
        let detail = try detail(of: Array(body.utf8))
        #expect(detail.contains(" in \(field)."), "\(body) gave: \(detail)")
    }

    @Test(
        "is refused when it is not JSON",
        arguments: [
            "", " ", "{", "}", "[", "{]", "nul", "tru", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "[1,]", "01", "1.", ".5",
            "+1", "1e",
            "--1", "\"", "\"\\x\"", "\"\\u12\"", "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"a\nb\"",
            "{} {}", "NaN",
            "Infinity", "'a'", "{a:1}", "// x\n{}", "\u{FEFF}{}",
        ])
    func refusesMalformed(_ body: String) throws {
        #expect(try detail(of: Array(body.utf8)).contains("body"))
    }

    @Test("is refused when it is not UTF-8, too deep, or names a member twice")
    func refusesHostile() throws {
        #expect(try detail(of: Array("{\"name\":\"".utf8) + [0xFF, 0xFE] + Array("\"}".utf8)).contains("UTF-8"))
        #expect(try detail(of: Array("{\"name\":\"".utf8) + [0xED, 0xA0, 0x80] + Array("\"}".utf8)).contains("UTF-8"))
        #expect(try detail(of: Array("{\"name\":\"".utf8) + [0xC0, 0xAF] + Array("\"}".utf8)).contains("UTF-8"))
        let deep = String(repeating: "[", count: 100_000)
        #expect(try detail(of: Array(deep.utf8)).contains("nested"))
        #expect(try detail(of: Array(#"{"name":"a","name":"b"}"#.utf8)).contains("twice"))
    }

    @Test("keeps every character, integer and escape exactly")
    func keepsValues() throws {
        let body =
            #"{"name":"\u00e9\n\t\"\\\/\ud83d\ude00 é","limit":9007199254740993,"ratio":-0.5e1,"labels":{"x":1}}"#
        let sample = try RequestBody.decode(Sample.self, from: Array(body.utf8))
        #expect(sample.name == "é\n\t\"\\/😀 é")
        #expect(sample.limit == 9_007_199_254_740_993)
        #expect(sample.ratio == -5)
        #expect(sample.labels == ["x": 1])
    }

    @Test("of random bytes is a value or a 400, never anything else")
    func survivesRandomBytes() throws {
        let seed: UInt64 = 20_260_101
        var generator = SeededGenerator(seed: seed)
        let alphabet = Array(#"{}[]":,.\/u0123456789-+eEtruefalsn "#.utf8) + [0xC3, 0xA9, 0xFF, 0x00]
        for _ in 0..<20_000 {
            let count = Int.random(in: 0..<24, using: &generator)
            let body = (0..<count).map { _ in alphabet.randomElement(using: &generator)! }
            do {
                _ = try RequestBody.decode([String: [Int]].self, from: body)
            } catch is Problem {
                continue
            } catch {
                Issue.record("seed \(seed), body \(body): \(error)")
            }
        }
    }
}
