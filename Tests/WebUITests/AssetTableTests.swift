import Foundation
import TestKit
import Testing

@testable import WebUI

@Suite struct AssetTableTests {
    private static let webRoot = TestEnvironment.packageRoot + "/Sources/CWebAssets/web"

    @Test func `the table that is compiled in lists every file under web`() throws {
        let found = try FileManager.default.subpathsOfDirectory(atPath: Self.webRoot).filter { path in
            WebAsset.contentType(of: path) != nil
        }
        #expect(Set(EmbeddedAssets().assets.keys) == Set(found), "Run scripts/embed-assets.")
    }

    @Test func `every embedded file has the bytes that lie under web`() throws {
        for (path, asset) in EmbeddedAssets().assets where !path.hasSuffix(".html") {
            let file = try #require(FileManager.default.contents(atPath: Self.webRoot + "/" + path))
            #expect(asset.bytes == [UInt8](file), "\(path)")
        }
    }

    @Test func `assets.c is what scripts/embed-assets writes`() throws {
        let check = ChildProcess.run(TestEnvironment.packageRoot + "/scripts/embed-assets", ["--check"])
        #expect(check?.code == 0, "Run scripts/embed-assets.")
    }

    @Test func `no file names an address outside this server`() {
        let allowed = ["http://www.w3.org/2000/svg"]
        for (path, asset) in EmbeddedAssets().assets {
            var text = String(decoding: asset.bytes, as: UTF8.self)
            for address in allowed { text = text.replacing(address, with: "") }
            #expect(!text.contains("http://") && !text.contains("https://"), "\(path)")
        }
    }

    @Test func `no file turns text into markup or script`() {
        let forbidden = [
            "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", " style=\"",
            " onclick=\"",
        ]
        for (path, asset) in EmbeddedAssets().assets {
            let text = String(decoding: asset.bytes, as: UTF8.self)
            for word in forbidden { #expect(!text.contains(word), "\(path) has \(word)") }
        }
    }

    @Test func `a page links every style sheet, in the version that it belongs to`() throws {
        let embedded = EmbeddedAssets()
        let page = try #require(embedded.assets["gallery.html"])
        let text = String(decoding: page.bytes, as: UTF8.self)
        for path in embedded.assets.keys where path.hasPrefix("css/") && path != "css/embed.css" {
            #expect(text.contains("\"/assets/\(embedded.fingerprint)/\(path)\""), "\(path)")
        }
        let framed = String(decoding: embedded.assets["embed.html"]?.bytes ?? [], as: UTF8.self)
        #expect(framed.contains("/css/embed.css\""))
    }
}
