import Foundation
import HTTPKit
import HTTPTypes
import TestKit
import Testing

@testable import WebUI

@Suite struct WebUIRoutesTests {
    @Test(arguments: ["/", "/gallery", "/embed"])
    func `a page carries the strict policy and is asked for each time`(path: String) async throws {
        let reply = try #require(try await ServedPages().get(path))
        #expect(reply.headers[.contentType] == "text/html; charset=utf-8")
        #expect(reply.headers[.cacheControl] == "no-cache")
        let policy = try #require(reply.headers[.contentSecurityPolicy])
        for rule in ["default-src 'none'", "script-src 'self'", "base-uri 'none'", "frame-ancestors 'none'"] {
            #expect(policy.contains(rule))
        }
        #expect(!policy.contains("unsafe") && !policy.contains("http"))
    }

    @Test func `only the question box may be framed, and only by pages of the origins that are named`() async throws {
        let pages = try ServedPages(embedders: ["https://wiki.example", "http://localhost:8090"])
        var policies: [String: [Substring]] = [:]
        for path in ["/", "/gallery", "/embed"] {
            policies[path] = try await pages.get(path)?.headers[.contentSecurityPolicy]?.split(separator: "; ")
        }
        let strict = ContentPolicy.text.split(separator: "; ")
        #expect(policies["/"] == strict && policies["/gallery"] == strict)
        let opened = "frame-ancestors https://wiki.example http://localhost:8090"
        #expect(policies["/embed"] == strict.map { $0.hasPrefix("frame-ancestors") ? Substring(opened) : $0 })
    }

    @Test func `the one script for pages of others may be loaded by them, and no other file`() async throws {
        let name = try #require(HTTPField.Name("Cross-Origin-Resource-Policy"))
        let pages = try ServedPages()
        let script = try #require(try await pages.get("/widget.js"))
        #expect(script.headers[name] == "cross-origin")
        #expect(script.headers[.contentType] == "text/javascript; charset=utf-8")
        #expect(script.headers[.cacheControl] == "no-cache")
        #expect(try await pages.asset("js/main.js")?.headers[name] == nil)
        #expect(try await pages.get("/embed")?.headers[name] == nil)
    }

    @Test func `a page names its files under the fingerprint, and those are kept for ever`() async throws {
        let pages = try ServedPages()
        let page = try #require(try await pages.get("/")).text
        let addresses = page.matches(of: #/"/assets/([^"]+)"/#).map { String($0.1) }
        #expect(addresses.count > 15)
        for address in addresses {
            let reply = try #require(try await pages.asset(address), "\(address)")
            #expect(reply.headers[.cacheControl] == "public, max-age=31536000, immutable")
            #expect(reply.headers[.contentType] == WebAsset.contentType(of: address))
        }
    }

    @Test func `without or with another fingerprint a file is served but asked for each time`() async throws {
        let pages = try ServedPages()
        for path in ["js/main.js", "v-0123456789abcdef/js/main.js"] {
            let reply = try #require(try await pages.asset(path))
            #expect(reply.headers[.cacheControl] == "no-cache")
            #expect(reply.headers[.contentType] == "text/javascript; charset=utf-8")
        }
    }

    @Test func `a file that the browser has is not sent again`() async throws {
        let pages = try ServedPages()
        let tag = try #require(try await pages.asset("js/main.js")?.headers[.eTag])
        for field in [tag, "W/\(tag)", "\"other\", \(tag)", "*"] {
            let reply = try #require(try await pages.asset("js/main.js", ifNoneMatch: field))
            #expect(reply.status == .notModified)
            #expect(reply.text.isEmpty)
            #expect(reply.headers[.eTag] == tag)
        }
        let other = try #require(try await pages.asset("js/main.js", ifNoneMatch: "\"other\""))
        #expect(other.status == .ok)
    }

    @Test func `equal files have equal tags and changed files others`() throws {
        let first = WebAsset(path: "a.js", bytes: [1])
        #expect(first?.hash == WebAsset(path: "b.js", bytes: [1])?.hash)
        #expect(first?.hash != WebAsset(path: "a.js", bytes: [2])?.hash)
        #expect(WebAsset(path: "a.exe", bytes: [1]) == nil)
    }

    @Test func `pages have one address each, not a second one among the assets`() async throws {
        #expect(try await ServedPages().asset("index.html") == nil)
    }

    @Test func `every route is open to everybody and says why that is safe`() throws {
        for route in try ServedPages().routes {
            guard case .anonymous(let reason) = route.policy else {
                Issue.record("\(route.path)")
                continue
            }
            #expect(!reason.isEmpty)
        }
    }

    @Test func `a web root serves what lies in it at this moment`() async throws {
        try await TestEnvironment.withTemporaryDirectory { root in
            let pages = try ServedPages(webRoot: root)
            #expect(try await pages.get("/") == nil)
            try Data("<p>one</p>".utf8).write(to: URL(filePath: root + "/index.html"))
            let first = try #require(try await pages.get("/"))
            #expect(first.text == "<p>one</p>")
            #expect(first.headers[.contentSecurityPolicy] == ContentPolicy.text)
            try Data("<p>two</p>".utf8).write(to: URL(filePath: root + "/index.html"))
            #expect(try await pages.get("/")?.text == "<p>two</p>")
        }
    }

    @Test func `a web root that is not there is an error that names it`() {
        #expect(throws: WebUIFailure.noWebRoot(path: "/nowhere")) { try WebUIRoutes(webRoot: "/nowhere") }
    }
}
