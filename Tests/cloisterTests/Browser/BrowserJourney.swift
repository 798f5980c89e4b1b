import Foundation
import Testing

/// A person's first minutes with a running Cloister: sign in by link, add a document, ask, look at the evidence.
///
///     try await BrowserJourney(baseURL: "http://127.0.0.1:8080", signInLink: link).run()
///
/// `signInLink` is the whole address that the program prints; it is used up.
struct BrowserJourney {
    /// Without a slash at the end.
    let baseURL: String
    let signInLink: String
    /// When set, pictures of the pages are written into this directory.
    var pictures: String?

    static let document = """
        # Night roster of the Fernhill ward

        The night shift on the Fernhill ward begins at 21:45 and ends at 06:15.

        ## Handover

        The handover from evening to night takes eleven minutes and is held at the Fernhill nurses' desk – in person.

        """
    static let question = "How long does the handover on the Fernhill ward take?"

    func run() async throws {
        try await Browser.withBrowser { browser in
            try await browser.resize(width: 1280, height: 860)
            try await browser.preferDark(false)
            try await signIn(browser)
            try await upload(browser)
            try await ask(browser)
            try await lookAtEvidence(browser)
            try await lookAtSource(browser)
            try await checkEveryPage(browser)
            try await decline(browser)
            // But for what the browser itself says of the file that the server refused.
            let complaints = try await browser.complaints().filter { !$0.contains("path=program.bin") }
            #expect(complaints == [], "The console must stay empty.")
            try await signOut(browser)
        }
    }

    func signIn(_ browser: Browser) async throws {
        try await browser.open(signInLink)
        try await browser.waitFor("#question")
        #expect(try await browser.evaluate("return location.href").text?.contains("token") == false)
        #expect(try await browser.evaluate("return document.cookie").text == "", "A script must not see the session.")
    }

    /// Opens the Library, adds the document and a file that cannot be read, and waits until the former is ready.
    func upload(_ browser: Browser) async throws {
        let directory = NSTemporaryDirectory() + "cloister-journey-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let (good, bad) = (directory + "/fernhill-roster.md", directory + "/program.bin")
        try Data(Self.document.utf8).write(to: URL(filePath: good))
        try Data([0x7f, 0x45, 0x4c, 0x46, 0]).write(to: URL(filePath: bad))

        try await browser.open(baseURL + "/#/library")
        try await createCollectionIfNone(browser)
        try await browser.type(good + "\n" + bad, into: "#file-input")
        try await browser.waitUntil("document.querySelector('.upload-problems')?.textContent.includes('program.bin')")
        try await browser.waitUntil(
            "[...document.querySelectorAll('[data-state=ready]')].some((row) => row.textContent.includes('fernhill-roster'))"
        )
        try await picture("library", browser)
    }

    private func createCollectionIfNone(_ browser: Browser) async throws {
        let state = try await browser.waitUntil(
            "document.querySelector('#file-input') ? 'open' : document.querySelector('.empty button') ? 'none' : ''")
        guard state == "none" else { return }
        try await browser.click(".empty button")
        try await browser.type("Ward handbook", into: "#collection-name")
        try await browser.click("dialog .primary")
        try await browser.waitFor("#file-input")
    }

    private func ask(_ browser: Browser) async throws {
        try await browser.open(baseURL + "/#/ask")
        try await browser.type(Self.question, into: "#question")
        try await browser.click("#ask")
        try await browser.waitUntil("document.querySelector('.answer')?.getAttribute('aria-busy') === 'false'")
        let answer = try await browser.text(of: ".answer-sentences") ?? ""
        #expect(answer.contains("eleven minutes"))
        try await picture("answer", browser)
    }

    /// The evidence opens by keyboard, quotes the sentence word for word, closes by Escape and gives the focus back.
    private func lookAtEvidence(_ browser: Browser) async throws {
        try await browser.evaluate("document.querySelector('.citation-chip').focus()")
        try await browser.press("\u{E007}")
        try await browser.waitFor("#evidence-quote")
        let sentence = try await browser.text(of: ".sentence .sentence-text")
        #expect(try await browser.text(of: "#evidence-quote") == sentence)
        #expect(try await browser.text(of: "#evidence .evidence-path")?.contains("fernhill-roster.md") == true)
        #expect(try await PageAudit.findings(in: browser) == [])
        try await picture("evidence", browser)
        try await browser.press("\u{E00C}")
        try await browser.waitUntil("document.activeElement.matches('.citation-chip')")
        try await browser.click(".citation-chip")
    }

    /// "Open in source" shows the whole text, with exactly the quoted words marked.
    private func lookAtSource(_ browser: Browser) async throws {
        let quote = try await browser.text(of: "#evidence-quote")
        try await browser.click("#evidence a.button")
        try await browser.waitFor("#cited")
        #expect(try await browser.text(of: "#cited") == quote)
        let text = try await browser.evaluate(
            "return fetch('/api/v1' + location.hash.slice(1).replace('?', '/text?')).then((r) => r.json()).then((b) => b.text)"
        )
        #expect(try await browser.text(of: ".source-text") == text.text)
        #expect(text.text?.contains("begins at 21:45 and ends at 06:15.\n\nHandover") == true)
        try await browser.click(".access summary")
        try await browser.waitFor(".access-rule")
        try await picture("source", browser)
    }

    /// Every page, narrow and wide, light and dark: nothing to scroll sideways, no broken rule.
    private func checkEveryPage(_ browser: Browser) async throws {
        for dark in [false, true] {
            try await PageLook(browser: browser, pictures: pictures).use(dark: dark)
            for (page, ready) in [("ask", "#question"), ("library", ".document-row"), ("account", "#sign-out")] {
                try await browser.open(baseURL + "/#/" + page)
                try await browser.waitFor(ready)
                try await PageLook(browser: browser, pictures: pictures).check(page, dark: dark)
            }
        }
        try await browser.preferDark(false)
        try await browser.click("#theme")
        try await browser.waitUntil("document.documentElement.dataset.theme === 'dark'")
    }

    private func decline(_ browser: Browser) async throws {
        try await browser.open(baseURL + "/#/ask")
        try await browser.type("Which comet did the astronomer Zwicklhuber photograph in Patagonia?", into: "#question")
        try await browser.click("#ask")
        try await browser.waitUntil("document.querySelector('.answer')?.getAttribute('aria-busy') === 'false'")
        #expect(try await browser.text(of: ".outcome-title") == "Not in your documents")
    }

    private func signOut(_ browser: Browser) async throws {
        try await browser.open(baseURL + "/#/account")
        try await browser.click("#sign-out")
        try await browser.waitFor("#password")
        try await browser.open(baseURL + "/#/library")
        try await browser.waitFor("#password")
        #expect(try await browser.evaluate("return location.hash").text == "#/sign-in?return=%2Flibrary")
    }

    private func picture(_ name: String, _ browser: Browser) async throws {
        try await PageLook(browser: browser, pictures: pictures).picture(name)
    }
}
