import Foundation
import Testing

/// A page of the intranet shows the question box in a frame: who reads it asks with their own rights; pages that the
/// operator did not name see nothing of it, and nobody sees any other page of ours in a frame.
struct EmbedJourney {
    /// Of Cloister, `http://localhost:38231`.
    let baseURL: String
    let signInLink: String
    /// Of the intranet, whose origin `http://localhost:PORT` the setting `web.embedders` names.
    let hostPort: Int
    var pictures: String?

    private static let duplicates = """
        const ids = [...document.querySelectorAll("[id]")].map((node) => node.id);
        return ids.filter((id, index) => ids.indexOf(id) !== index);
        """

    /// What the intranet answers: a page with the script, or with a frame of its own making.
    static func page(at origin: String, collection: String?, framed path: String?) -> String {
        let script = "<script src='\(origin)/widget.js'\(collection.map { " data-collection='\($0)'" } ?? "")></script>"
        let inside = path.map { "<iframe src='\(origin)\($0)' title='x'></iframe>" } ?? script
        return "<!doctype html><html lang='en'><title>Intranet</title><body style='font-family: serif'>"
            + "<h1>Ward intranet</h1><p>Ask before you call.</p>\(inside)</body></html>"
    }

    private func host(_ name: String = "localhost", _ query: String = "") -> String {
        "http://\(name):\(hostPort)/?at=\(baseURL)\(query)"
    }

    func run() async throws {
        try await Browser.withBrowser { browser in
            try await browser.resize(width: 900, height: 860)
            try await browser.preferDark(false)
            try await openFrame(browser, host())
            try await browser.waitFor("#open-sign-in")
            try await picture("embed-signed-out", browser)
            let journey = BrowserJourney(baseURL: baseURL, signInLink: signInLink)
            try await journey.signIn(browser)
            try await journey.upload(browser)
            _ = try await browser.complaints()
            try await ask(browser)
            try await lookAtEvidence(browser)
            #expect(try await browser.complaints() == [], "The console must stay empty.")
            try await askElsewhere(browser)
            try await refused(browser)
            try await checkIDs(browser)
        }
    }

    private func openFrame(_ browser: Browser, _ address: String) async throws {
        try await browser.open(address)
        try await browser.waitFor("iframe")
        try await browser.enterFrame()
    }

    private func ask(_ browser: Browser) async throws {
        try await openFrame(browser, host())
        try await browser.type(BrowserJourney.question + "\u{E007}", into: "#question")
        try await browser.waitUntil("document.querySelector('.answer')?.getAttribute('aria-busy') === 'false'")
        #expect(try await browser.text(of: ".answer-sentences")?.contains("eleven minutes") == true)
        #expect(try await browser.evaluate("return document.cookie").text == "")
        for dark in [false, true] {
            try await browser.preferDark(dark)
            try await browser.waitUntil("document.documentElement.dataset.theme === '\(dark ? "dark" : "light")'")
            #expect(try await PageAudit.findings(in: browser) == [])
            try await picture("embed-answer\(dark ? "-dark" : "")", browser)
        }
        try await browser.preferDark(false)
        try await browser.leaveFrame()
        #expect(try await browser.evaluate("return document.querySelector('iframe').contentDocument === null") == true)
        let markup = try await browser.evaluate("return document.documentElement.outerHTML").text ?? "clk_"
        #expect(!markup.contains("clk_") && !markup.contains("cls_"), "No key stands in the page.")
        try await browser.enterFrame()
    }

    /// By keyboard; the document itself opens in a page of its own that learns nothing of this one.
    private func lookAtEvidence(_ browser: Browser) async throws {
        try await browser.evaluate("document.querySelector('.citation-chip').focus()")
        try await browser.press("\u{E007}")
        try await browser.waitFor("#evidence-quote")
        let link = try await browser.evaluate(
            "const a = document.querySelector('#evidence a.button'); return `${a.target} ${a.rel} ${a.href}`")
        #expect(link.text?.hasPrefix("_blank noopener noreferrer \(baseURL)/#/documents/doc_") == true, "\(link)")
        try await picture("embed-evidence", browser)
        try await browser.press("\u{E00C}")
        try await browser.waitUntil("document.activeElement.matches('.citation-chip')")
    }

    /// A collection that does not exist answers as one that the reader may not read: nothing.
    private func askElsewhere(_ browser: Browser) async throws {
        let nobody = "col_" + String(repeating: "0", count: 25) + "1"
        for collection in [nobody, "nonsense"] {
            try await openFrame(browser, host("localhost", "&collection=\(collection)"))
            try await browser.type(BrowserJourney.question + "\u{E007}", into: "#question")
            try await browser.waitUntil("document.querySelector('.answer')?.getAttribute('aria-busy') === 'false'")
            #expect(try await browser.text(of: ".answer-sentences") == "", "\(collection)")
            #expect(try await browser.evaluate("return document.querySelector('.source-list') === null") == true)
        }
    }

    /// Another origin, though it is the same machine; and every other page of ours, for the named origin, too.
    private func refused(_ browser: Browser) async throws {
        let others = [
            host("127.0.0.1"), host("localhost", "&path=/"), host("localhost", "&path=/gallery"),
            host("localhost", "&path=/api/v1/session"),
        ]
        for address in others {
            try await openFrame(browser, address)
            #expect(try await browser.evaluate("return document.querySelector('#application') === null") == true)
            #expect(try await browser.evaluate("return document.body.innerText.includes('subject')") == false)
            try await browser.leaveFrame()
            let words = try await browser.complaints().joined()
            #expect(words.contains("frame-ancestors") || words.contains("X-Frame-Options"), "\(address): \(words)")
        }
    }

    private func checkIDs(_ browser: Browser) async throws {
        for (path, ready) in [("/gallery", ".gallery"), ("/embed", "#question"), ("/#/ask", "#question")] {
            try await browser.open(baseURL + path)
            try await browser.waitFor(ready)
            #expect(try await browser.evaluate(Self.duplicates).items.compactMap(\.text) == [], "\(path)")
        }
    }

    private func picture(_ name: String, _ browser: Browser) async throws {
        try await PageLook(browser: browser, pictures: pictures).picture(name)
    }
}
