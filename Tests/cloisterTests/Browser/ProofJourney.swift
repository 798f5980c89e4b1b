import Foundation
import Testing

/// Somebody gets a proof file and checks it: in a page from a disk, without a network, in a browser of their own.
struct ProofJourney {
    let baseURL: String
    let signInLink: String
    /// Of this test, empty.
    let folder: String
    var pictures: String?

    func run() async throws {
        try await Browser.withBrowser { browser in
            try await browser.resize(width: PageLook.width, height: PageLook.height)
            try await browser.preferDark(false)
            let journey = BrowserJourney(baseURL: baseURL, signInLink: signInLink)
            try await journey.signIn(browser)
            try await journey.upload(browser)
            _ = try await browser.complaints()
            try await download(browser)
            let proof = try await fetch("/api/v1/answers/\(try await answer(browser))/bundle", browser)
            try await keep("verify.html", try await fetch("/verify.html", browser))
            try await keep("proof.json", proof)
            try await seeLineage(browser)
            try await export(browser)
            try await compareKey(browser)
            try await checkServed(browser)
            try await checkFromDisk(browser, proof)
        }
    }

    private func fetch(_ path: String, _ browser: Browser) async throws -> [UInt8] {
        let text = try await browser.evaluate("return fetch('\(path)').then((reply) => reply.text())").text
        return Array(try #require(text).utf8)
    }

    private func keep(_ name: String, _ bytes: [UInt8]) async throws {
        try Data(bytes).write(to: URL(filePath: folder + "/" + name))
    }

    private func answer(_ browser: Browser) async throws -> String {
        let script = """
            return fetch('/api/v1/conversations').then((reply) => reply.json())
              .then(({ items }) => fetch(`/api/v1/conversations/${items[0].id}`)).then((reply) => reply.json())
              .then(({ turns }) => turns.at(-1).answer)
            """
        return try #require(try await browser.evaluate(script).text)
    }

    /// In the evidence of an answer.
    private func download(_ browser: Browser) async throws {
        try await browser.open(baseURL + "/#/ask")
        try await browser.type(BrowserJourney.question + "\u{E007}", into: "#question")
        try await browser.waitUntil("document.querySelector('.answer')?.getAttribute('aria-busy') === 'false'")
        try await browser.click(".citation-chip")
        try await browser.click("#download-proof")
        try await browser.waitUntil("document.body.textContent.includes('The proof is in your downloads.')")
        for dark in [false, true] {
            let look = PageLook(browser: browser, pictures: pictures)
            try await look.use(dark: dark)
            try await look.check("proof-evidence", dark: dark)
            try await look.picture("proof-evidence" + (dark ? "-dark" : ""))
        }
        try await browser.preferDark(false)
    }

    /// From the source back to the answers that rest on it, by somebody who may review them.
    private func seeLineage(_ browser: Browser) async throws {
        try await browser.open(baseURL + "/#/ask")
        try await browser.click("nav a[href='#/library']")
        try await browser.click("a.document-title")
        try await browser.click(".lineage summary")
        try await browser.waitUntil("(document.querySelector('.lineage-list span')?.textContent ?? '') !== ''")
        #expect(try await browser.text(of: ".lineage-count")?.hasPrefix("1 answer of 1 person.") == true)
        let look = PageLook(browser: browser, pictures: pictures)
        try await look.check("lineage", dark: false)
        try await look.picture("lineage")
    }

    private func export(_ browser: Browser) async throws {
        try await browser.open(baseURL + "/#/ask")
        try await browser.waitFor("#question")
        try await browser.type(BrowserJourney.question + "\u{E007}", into: "#question")
        try await browser.click("[data-format=markdown]")
        try await browser.waitUntil("document.body.textContent.includes('The conversation is in your downloads.')")
        let look = PageLook(browser: browser, pictures: pictures)
        try await look.check("conversation-export", dark: false)
        try await look.picture("conversation-export")
    }

    private func compareKey(_ browser: Browser) async throws {
        try await browser.open(baseURL + "/#/account")
        try await browser.waitFor("#proof-key")
        let key = try #require(try await browser.text(of: "#proof-key"))
        try await keep("key.txt", Array(key.utf8))
        #expect(key.count == 64)
    }

    private func checkServed(_ browser: Browser) async throws {
        try await browser.open(baseURL + "/verify.html")
        try await choose("proof.json", browser)
        #expect(try await verdict(browser) == "good")
        #expect(try await browser.complaints() == [], "The page's own policy must not stop it.")
    }

    // MARK: From the disk

    private func checkFromDisk(_ browser: Browser, _ proof: [UInt8]) async throws {
        try await browser.open("file://\(folder)/verify.html")
        try await choose("proof.json", browser)
        #expect(try await verdict(browser) == "good")
        #expect(try await browser.text(of: ".question") == BrowserJourney.question)
        #expect(try await browser.text(of: "mark")?.contains("eleven minutes") == true)
        #expect(try await browser.evaluate("return document.querySelectorAll('.checks li').length").number ?? 0 >= 9)
        try await look("verify-good", browser)
        try await checkKeys(browser)
        for (index, change) in try changes(of: proof).enumerated() {
            try await checkChanged(index, change, proof, browser)
        }
        try await keep("short.json", proof.dropLast(3))
        try await choose("short.json", browser)
        #expect(try await verdict(browser) == "bad")
        #expect(try await browser.complaints() == [], "The console must stay empty.")
    }

    /// The right fingerprint adds a check, a wrong one turns the page red.
    private func checkKeys(_ browser: Browser) async throws {
        let key = try String(contentsOfFile: folder + "/key.txt", encoding: .utf8)
        for (typed, expected) in [(key, "good"), (String(repeating: "0", count: 64), "bad"), ("", "good")] {
            let script = "const box = document.querySelector('#trusted'); box.value = '\(typed)';"
            try await browser.evaluate(script + "box.dispatchEvent(new Event('change'))")
            try await browser.waitUntil("document.querySelector('#result').dataset.verdict === '\(expected)'")
        }
    }

    struct Change {
        let name: String
        let place: Int
        /// Words that the page must say.
        let words: String
    }

    /// One byte in each kind of field.
    private func changes(of proof: [UInt8]) throws -> [Change] {
        let text = String(decoding: proof, as: UTF8.self)
        func after(_ marks: String..., more: Int = 0) throws -> Int {
            var start = text.startIndex
            for mark in marks {
                start = try #require(text.range(of: mark, range: start..<text.endIndex), "\(mark)").upperBound
            }
            return text.utf8.distance(from: text.startIndex, to: start) + more
        }
        let document = "Night roster of the Fernhill ward"
        return [
            Change(name: "text", place: try after("eleven "), words: "that document's text"),
            Change(name: "offset", place: try after(#""passages":"#, #""start":"#), words: document),
            Change(name: "hash", place: try after(#""passages":"#, #""sha256":""#, more: 20), words: document),
            Change(
                name: "source hash", place: try after(#""source":"#, #""sha256":""#, more: 3), words: "source.sha256"),
            Change(name: "rule", place: try after(#""rule":""#, more: 2), words: "access.rule"),
            Change(name: "rule's version", place: try after(#""rule":""#, #""version":"#), words: "access.version"),
            Change(name: "audit entry", place: try after(#""audit":"#, #""entry":""#, more: 12), words: "audit entry"),
            Change(name: "path", place: try after(#""audit":"#, #""path":[""#, more: 7), words: "audit entry"),
            Change(name: "tree head", place: try after(#""audit":"#, #""root":""#, more: 7), words: "audit entry"),
            Change(name: "question", place: try after(#""question":""#, more: 4), words: "the question"),
            Change(name: "time", place: try after(#""made":{"at":""#, more: 3), words: "made.at"),
            Change(name: "block hash", place: try after(#"{"blocks":[""#, more: 80), words: "block 2"),
            Change(name: "frame", place: 3, words: "the frame of the file"),
            Change(name: "signature", place: proof.count - 40, words: "the signature"),
            Change(name: "key", place: try after(#""key":""#, more: 10), words: "the public key"),
        ]
    }

    private func checkChanged(
        _ index: Int, _ change: Change, _ proof: [UInt8], _ browser: Browser
    ) async throws {
        var file = proof
        // Another digit where a digit stood, another letter where a letter stood.
        file[change.place] = proof[change.place] == UInt8(ascii: "7") ? UInt8(ascii: "8") : UInt8(ascii: "7")
        try await keep("changed-\(index).json", file)
        try await choose("changed-\(index).json", browser)
        #expect(try await verdict(browser) == "bad", "\(change.name)")
        let said = try await browser.text(of: ".verdict") ?? ""
        let expected = String(Character(Unicode.Scalar(proof[change.place])))
        #expect(said.contains("Byte \(change.place) of the file"), "\(change.name): \(said)")
        #expect(said.contains(change.words), "\(change.name): \(said)")
        #expect(said.contains("should be “\(expected)”") || proof[change.place] == 0x20, "\(change.name): \(said)")
        if change.name == "text" { try await look("verify-changed", browser) }
    }

    private func choose(_ name: String, _ browser: Browser) async throws {
        try await browser.evaluate("document.querySelector('#file').value = ''")
        try await browser.type(folder + "/" + name, into: "#file")
    }

    private func verdict(_ browser: Browser) async throws -> String? {
        try await browser.waitUntil("document.querySelector('#result').dataset.verdict").text
    }

    private func look(_ name: String, _ browser: Browser) async throws {
        let look = PageLook(browser: browser, pictures: pictures)
        for dark in [false, true] {
            try await browser.preferDark(dark)
            for width in [320, PageLook.width] {
                try await browser.resize(width: width, height: PageLook.height)
                let overflow = try await browser.evaluate(
                    "return document.documentElement.scrollWidth - document.documentElement.clientWidth")
                #expect(overflow == 0, "\(name) scrolls sideways at \(width) px.")
                try await look.picture("\(name)-\(width)\(dark ? "-dark" : "")")
            }
        }
        try await browser.preferDark(false)
    }
}
