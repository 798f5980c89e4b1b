import HTTPTypes
import Kit
import TestKit
import Testing

@testable import Outbound

@Suite(.timeLimit(.minutes(10))) struct RedirectTests {
    private static func answer(_ status: Int, _ location: String?) -> HTTPResponse {
        var answer = HTTPResponse(status: .init(code: status))
        answer.headerFields[.location] = location
        return answer
    }

    private static func chain(
        _ method: OutboundRequest.Method = .get, _ url: String = "https://a.test/x/y", body: String = ""
    ) throws -> RedirectChain {
        let headers: HTTPFields = [
            .authorization: "Bearer key", .cookie: "a=b", .accept: "text/html", .contentType: "text/plain",
            try #require(HTTPField.Name("PRIVATE-TOKEN")): "key",
        ]
        return RedirectChain(OutboundRequest(method, try OutboundURL(url), headers: headers, body: Array(body.utf8)))
    }

    private static func fault(_ chain: RedirectChain, _ answer: HTTPResponse) -> OutboundFailure.RedirectFault? {
        var chain = chain
        do throws(OutboundFailure) { _ = try chain.follows(answer) } catch {
            if case .redirect(_, let fault) = error { return fault }
        }
        return nil
    }

    @Test(
        arguments: [
            ("z", "https://a.test/x/z"), ("/z?q#f", "https://a.test/z?q"), ("//b.test/", "https://b.test/"),
            ("https://b.test:8443/z w", "https://b.test:8443/z%20w"), ("", "https://a.test/x/y"),
        ])
    func `the location is resolved against where the answer came from`(location: String, next: String) throws {
        var chain = try Self.chain()
        #expect(try chain.follows(Self.answer(302, location)))
        #expect(chain.request.url.text == next)
    }

    @Test func `credentials stay with their origin`() throws {
        var chain = try Self.chain()
        _ = try chain.follows(Self.answer(302, "/other"))
        #expect(chain.request.headers[.authorization] == "Bearer key")
        for elsewhere in ["https://b.test/", "https://a.test:444/", "https://sub.a.test/"] {
            var other = chain
            _ = try other.follows(Self.answer(302, elsewhere))
            #expect(other.request.headers.map(\.name.canonicalName) == ["accept"])
            _ = try other.follows(Self.answer(302, "https://a.test/back"))
            #expect(other.request.headers[.authorization] == nil)
        }
    }

    @Test func `a redirect of a request that changes something is refused, or becomes a GET by 303`() throws {
        for status in [301, 302, 307, 308] {
            #expect(try Self.fault(Self.chain(.post, body: "a"), Self.answer(status, "/z")) == .unsafeMethod)
        }
        #expect(try Self.fault(Self.chain(.report, body: "a"), Self.answer(302, "//b.test/")) == .unsafeMethod)
        var chain = try Self.chain(.post, body: "a")
        #expect(try chain.follows(Self.answer(303, "/done")))
        #expect(chain.request.method == .get)
        #expect(chain.request.body.isEmpty)
        #expect(chain.request.headers[.contentType] == nil)
    }

    @Test(
        arguments: [
            ("http://a.test/", OutboundFailure.RedirectFault.downgrade),
            ("file:///etc/passwd", .location(.schemeNotAllowed)),
            ("https://u@b.test/", .location(.userInformation)), ("https://127.1/", .location(.ambiguousAddress)),
            ("\\\\evil.test", .location(.forbiddenCharacter)),
        ])
    func `a location that cannot be used is refused`(location: String, fault: OutboundFailure.RedirectFault) throws {
        #expect(try Self.fault(Self.chain(), Self.answer(302, location)) == fault)
        let origin = try OutboundURL("https://a.test/").origin
        #expect(OutboundFailure.redirect(origin, fault).sentence.hasPrefix("https://a.test redirects"))
    }

    @Test func `no location and two locations are refused`() throws {
        #expect(try Self.fault(Self.chain(), Self.answer(302, nil)) == .noLocation)
        var two = Self.answer(302, "/a")
        two.headerFields.append(HTTPField(name: .location, value: "/b"))
        #expect(try Self.fault(Self.chain(), two) == .noLocation)
    }

    @Test(arguments: [200, 300, 304, 305, 306, 404])
    func `other statuses are the answer`(status: Int) throws {
        var chain = try Self.chain()
        #expect(try !chain.follows(Self.answer(status, "/z")))
    }

    @Test func `a loop ends after five hops`() async throws {
        try await ScriptedServer.run { _ in
            [.send(redirect("/again"))]
        } body: { server in
            let client = try TestWay().client(["http://wiki.test:\(server.port) -> 127.0.0.1"])
            let url = try OutboundURL("http://wiki.test:\(server.port)/")
            let thrown = try await failure { _ = try await client.fetch(OutboundRequest(.get, url)) }
            #expect(thrown == .redirect(url.origin, .tooMany))
            #expect(server.requests.count == 6)
        }
    }

    @Test func `who wants no redirects gets the answer as it is`() async throws {
        try await ScriptedServer.run { _ in
            [.send(redirect("/again"))]
        } body: { server in
            let client = try TestWay().client(["http://wiki.test:\(server.port) -> 127.0.0.1"])
            var request = try OutboundRequest.get("http://wiki.test:\(server.port)/")
            request.redirectsMax = 0
            #expect(try await client.fetch(request).status == 302)
        }
    }

    @Test func `the whole way to another origin`() async throws {
        try await ScriptedServer.run { _ in
            [.send(okay)]
        } body: { second in
            let target = "http://other.test:\(second.port)/b"
            try await ScriptedServer.run { _ in
                [.send(redirect(target))]
            } body: { first in
                let way = TestWay()
                let client = try way.client([first, second].map { "http://*.test:\($0.port) -> 127.0.0.1" })
                let headers: HTTPFields = [.authorization: "Bearer key", .accept: "a/b"]
                let reply = try await client.fetch(.get("http://wiki.test:\(first.port)/a", headers: headers))
                #expect(reply.url.text == target)
                #expect(way.names == ["wiki.test", "other.test"])
                #expect(first.requests[0].contains("Bearer key"))
                #expect(!second.requests[0].contains("Bearer key"))
                #expect(second.requests[0].contains("Accept: a/b"))
            }
        }
    }
}
