import Crypto
import HTTPTypes
import Kit
import Outbound
import Testing

@testable import Connectors
@testable import TestConnectors

/// Rows of the public test suite of AWS Signature Version 4, and the examples of the Amazon S3 API Reference
/// ("Signature Calculations for the Authorization Header: Transferring Payload in a Single Chunk").
@Suite struct SignatureTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        var method = "GET"
        var path = "/"
        var query = ""
        var headers: [(name: String, value: String)] = []
        let signature: String

        var testDescription: String { name }
    }

    private static let alphabet = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

    static let suite = [
        Row(name: "get-vanilla", signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        Row(
            name: "post-vanilla", method: "POST",
            signature: "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
        Row(
            name: "get-vanilla-query-order-key-case", query: "Param2=value2&Param1=value1",
            signature: "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"),
        Row(
            name: "get-vanilla-query-unreserved", query: "\(alphabet)=\(alphabet)",
            signature: "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197"),
        Row(
            name: "get-vanilla-utf8-query", query: "%E1%88%B4=bar",
            signature: "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"),
        Row(
            name: "get-utf8", path: "/%E1%88%B4",
            signature: "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"),
        Row(
            name: "get-header-value-trim", headers: [("My-Header1", " value1"), ("My-Header2", " \"a   b   c\"")],
            signature: "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"),
        Row(
            name: "get-header-key-duplicate",
            headers: [("My-Header1", "value2"), ("My-Header1", "value2"), ("My-Header1", "value1")],
            signature: "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"),
        Row(
            name: "post-vanilla-query", method: "POST", query: "Param1=value1",
            signature: "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11"),
    ]

    @Test(arguments: suite) func `the public test suite`(row: Row) throws {
        let signer = SignatureV4(
            credentials: S3Credentials(
                accessKey: "AKIDEXAMPLE", secretKey: Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")),
            region: "us-east-1", service: "service")
        let message = SignatureV4.Message(
            method: row.method, path: row.path, query: row.query,
            headers: [("Host", "example.amazonaws.com"), ("X-Amz-Date", "20150830T123600Z")] + row.headers,
            bodyHash: SignatureV4.emptyBodyHash)
        let value = signer.authorization(message, at: try #require(SourceDate.stamp("2015-08-30T12:36:00Z")))
        #expect(
            value.hasPrefix(
                "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;"))
        #expect(value.hasSuffix(", Signature=\(row.signature)"))
    }

    static let examples = [
        Row(
            name: "GET object with a range", path: "/test.txt", headers: [("Range", "bytes=0-9")],
            signature: "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"),
        Row(
            name: "PUT object", method: "PUT", path: "/test%24file.text",
            headers: [("Date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY")],
            signature: "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"),
        Row(
            name: "GET lifecycle", query: "lifecycle",
            signature: "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
        Row(
            name: "GET list", query: "max-keys=2&prefix=J",
            signature: "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
    ]

    private static let signer = SignatureV4(
        credentials: S3Credentials(
            accessKey: "AKIAIOSFODNN7EXAMPLE", secretKey: Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")),
        region: "us-east-1", service: "s3")

    @Test(arguments: examples) func `the examples of the reference`(row: Row) throws {
        let body = row.method == "PUT" ? Array("Welcome to Amazon S3.".utf8) : []
        let hash = Hex.encode(SHA256.hash(data: body))
        let message = SignatureV4.Message(
            method: row.method, path: row.path, query: row.query,
            headers: [
                ("Host", "examplebucket.s3.amazonaws.com"), ("x-amz-content-sha256", hash),
                ("x-amz-date", "20130524T000000Z"),
            ] + row.headers, bodyHash: hash)
        let value = Self.signer.authorization(message, at: try #require(SourceDate.stamp("2013-05-24T00:00:00.000Z")))
        #expect(value.hasSuffix(", Signature=\(row.signature)"))
    }

    @Test func `the headers of a request are those that were signed`() throws {
        let url = try OutboundURL("https://examplebucket.s3.amazonaws.com/test.txt")
        let time = try #require(SourceDate.fixed("Fri, 24 May 2013 00:00:00 GMT"))
        let headers = Self.signer.headers(get: url, extra: [("range", "bytes=0-9")], at: time)
        let value = try #require(headers[.authorization])
        #expect(value.hasSuffix("Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"))
        #expect(headers[.range] == "bytes=0-9")
        #expect(!"\(headers)".contains("wJalr"))
    }

    @Test(arguments: [
        "", "2026", "2026-13-01T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:00:00", "2026-01-01TZ",
        "-026-01-01T00:00:00Z",
    ])
    func `what is no date is none`(text: String) { #expect(SourceDate.stamp(text) == nil) }

    @Test func `dates are read to the second`() {
        #expect(SourceDate.stamp("1970-01-01T00:00:00Z") == Timestamp(microseconds: 0))
        #expect(SourceDate.stamp("2024-02-29T23:59:60.999Z")?.text == "2024-02-29T23:59:59.999Z")
        #expect(SourceDate.fixed("Sun, 06 Nov 1994 08:49:37 GMT")?.text == "1994-11-06T08:49:37.000Z")
        #expect(SourceDate.fixed("Sun, 6 Nov 1994 08:49:37 GMT") == nil)
        #expect(SourceDate.fixed("Sun, 06 Nov 1994 08:49:37 CET") == nil)
    }
}
