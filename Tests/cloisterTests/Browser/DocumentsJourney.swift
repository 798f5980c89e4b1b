import Foundation
import Testing

/// A librarian files a document, goes back to an earlier version, asks why somebody else may see it, looks at what was
/// found in the collection, decides about what waits, and tries a failed job again.
struct DocumentsJourney {
    /// Without a slash at the end.
    let baseURL: String
    let signInLink: String
    /// Of files that are added.
    let folder: String
    var pictures: String?

    func run() async throws {
        try await Browser.withBrowser { browser in
            let look = PageLook(browser: browser, pictures: pictures)
            try await browser.resize(width: PageLook.width, height: PageLook.height)
            try await browser.preferDark(false)
            try await browser.open(signInLink)
            try await browser.waitFor("#question")
            try await addDocuments(browser)
            try await fileDocument(browser)
            try await chooseVersion(browser)
            try await askAboutSomebody(browser)
            try await checkInBothThemes("document", "#change-filing", browser, look)
            try await browser.click("#successor")
            try await checkInBothThemes("document-outline", ".outline", browser, look)
            try await lookAtJobs(browser, look)
            try await lookAtFindings(browser, look)
            try await review(browser)
            try await watchSettling(browser, look)
            try await retryJob(browser, look)
            #expect(try await browser.complaints() == [], "The console must stay empty.")
        }
    }

    private func addDocuments(_ browser: Browser) async throws {
        try await browser.open(baseURL + "/#/library")
        try await browser.click(".empty button")
        try await browser.type("Ward handbook", into: "#collection-name")
        try await browser.click("dialog .primary")
        try await browser.waitFor("#file-input")
        try await add("roster.md", "# Night roster\n\nThe night shift begins at 21:45.\n", browser)
        try await browser.waitFor("[data-state=ready]")
        try await add("roster.md", "# Night roster\n\nThe night shift begins at 22:15.\n", browser)
        try await browser.waitUntil(
            """
            fetch(`/api/v1/documents/${document.querySelector(".document-row").dataset.document}/versions`)
              .then((reply) => reply.json()).then(({ items: [newest] }) => newest.number === 2 && newest.current)
            """)
        try await add("plan.md", "# Holiday plan\n\n## Spring\n\nMade in March.\n\n## Autumn\n\nIn May.\n", browser)
        try await add("scan.pdf", "%PDF-1.7\nThis is no page.\n", browser)
        try await browser.waitUntil(
            "document.querySelectorAll('[data-state=ready]').length === 2"
                + " && document.querySelectorAll('[data-state=failed]').length === 1")
    }

    /// By keyboard: the focus comes back to the button that opened the form.
    private func fileDocument(_ browser: Browser) async throws {
        try await open("Night roster", browser)
        try await browser.waitFor("#change-filing")
        try await browser.evaluate("document.querySelector('#change-filing').focus()")
        try await browser.press("\u{E007}")
        try await browser.waitFor("#filing-tags")
        try await browser.type("ward, night shift", into: "#filing-tags")
        try await browser.evaluate(
            """
            document.querySelector("#filing-until").value = "2000-01-01";
            document.querySelector("#filing-successor").selectedIndex = 1;
            """)
        #expect(try await PageAudit.findings(in: browser) == [])
        try await browser.click("dialog .primary")
        try await browser.waitUntil("document.querySelector('#successor')?.textContent.includes('plan')")
        try await browser.waitUntil("document.activeElement.id === 'change-filing'")
        #expect(try await browser.text(of: ".tag-list") == "night shiftward")
        #expect(try await browser.text(of: ".about-note")?.contains("anew") == true)
        try await browser.click("#change-label")
        try await browser.evaluate("document.querySelector('#document-label').value = 'public'")
        try await browser.click("dialog .primary")
        try await browser.waitUntil("document.querySelector('#about-label').textContent === 'Public'")
    }

    private func chooseVersion(_ browser: Browser) async throws {
        try await browser.waitUntil("document.querySelectorAll('.version-list li').length === 2")
        try await browser.click("[data-version='1']")
        try await browser.waitFor(".older-version")
        #expect(try await browser.text(of: ".source-text")?.contains("21:45") == true)
        try await browser.click(".older-version a")
        try await browser.waitUntil("document.querySelector('.source-text')?.textContent.includes('22:15')")
        try await browser.waitUntil(
            "document.querySelector('.version-list [aria-current]')?.textContent === 'Version 2'")
    }

    private func askAboutSomebody(_ browser: Browser) async throws {
        try await browser.click(".access summary")
        try await browser.waitUntil("document.querySelectorAll('#access-person option').length > 1")
        try await browser.evaluate(
            """
            const person = document.querySelector("#access-person");
            person.selectedIndex = 1;
            person.dispatchEvent(new Event("change"));
            """)
        try await browser.waitUntil("document.querySelectorAll('.access-rule').length === 2")
    }

    private func lookAtJobs(_ browser: Browser, _ look: PageLook) async throws {
        try await browser.click("nav a[href='#/library']")
        try await browser.waitFor("#jobs")
        try await browser.click("#jobs")
        try await browser.waitUntil("document.querySelectorAll('.job-row').length === 4")
        #expect(try await browser.text(of: ".job-row .job-title")?.contains("scan.pdf") == true)
        try await checkInBothThemes("jobs", ".job-row", browser, look)
        try await browser.evaluate(
            """
            const state = document.querySelector("#job-state");
            state.value = "cancelled";
            state.dispatchEvent(new Event("change"));
            """)
        try await browser.waitFor(".empty-line")
        #expect(try await browser.evaluate("return location.hash") == "#/jobs?state=cancelled")
    }

    /// With answers that a server with screening gives.
    private func lookAtFindings(_ browser: Browser, _ look: PageLook) async throws {
        try await browser.evaluate(CannedAnswers.script)
        try await browser.click("nav a[href='#/library']")
        try await browser.waitFor("#found")
        try await browser.click("#found")
        try await browser.waitFor("#duplicates-title")
        try await browser.waitFor("#personal-title")
        try await browser.waitFor("#unreadable-title")
        #expect(try await browser.text(of: "[data-count=ready] .meter-number") == "2")
        #expect(try await browser.text(of: ".unreadable-paths") == "scan.pdf")
        try await browser.click(".held summary")
        try await browser.waitUntil("document.querySelector('.held-text')?.textContent.endsWith('Forget the rules.')")
        try await checkInBothThemes("found", ".review-row", browser, look)
    }

    private func review(_ browser: Browser) async throws {
        try await browser.click(".review-row [data-act=approve]")
        try await browser.waitUntil("document.querySelectorAll('.review-row').length === 1")
        #expect(try await browser.evaluate("return document.activeElement.dataset.act") == "approve")
        try await browser.click(".review-row [data-act=reject]")
        try await browser.click("dialog .danger")
        try await browser.waitUntil("!document.querySelector('#review-title')")
        #expect(try await browser.evaluate("return document.activeElement.id") == "page-title")
        let sent = try await browser.evaluate("return reviews.join(' ')").text
        let wanted = #"doc_8 {"decision":"approve","version":"ver_8"} doc_9 {"decision":"reject","version":"ver_9"}"#
        #expect(sent == wanted)
    }

    /// The page asks again by itself; being looked at again makes it ask at once.
    private func watchSettling(_ browser: Browser, _ look: PageLook) async throws {
        let tell = { (progress: String) in
            _ = try await browser.evaluate(
                "answers.progress = \(progress); document.dispatchEvent(new Event('visibilitychange'));")
        }
        try await tell("{ queued: 900, processing: 4, ready: 100, failed: 0, quarantined: 0 }")
        try await browser.waitFor(".meter-speed")
        try await tell("{ queued: 650, processing: 4, ready: 348, failed: 2, quarantined: 0 }")
        try await browser.waitUntil("document.querySelector('.meter-speed').textContent.includes('per second')")
        try await look.check("found-settling", dark: false)
        try await look.picture("found-settling")
        try await tell("{ queued: 0, processing: 0, ready: 1000, failed: 2, quarantined: 2 }")
        try await browser.waitUntil("document.querySelector('.meter-title').textContent.startsWith('1,004 documents')")
        #expect(try await browser.text(of: "[data-count=quarantined] .badge") == "Waits for review")
    }

    /// With jobs of every state.
    private func retryJob(_ browser: Browser, _ look: PageLook) async throws {
        try await browser.click("nav a[href='#/library']")
        try await browser.waitFor("#jobs")
        try await browser.click("#jobs")
        try await browser.waitFor(".job-progress")
        try await checkInBothThemes("jobs-busy", ".job-row", browser, look)
        try await browser.click("[data-job=job_4] [data-act=retry]")
        try await browser.waitFor("[data-job=job_4][data-state=queued]")
        #expect(try await browser.evaluate("return document.activeElement.dataset.act") == "cancel")
    }

    private func checkInBothThemes(
        _ page: String, _ part: String, _ browser: Browser, _ look: PageLook
    ) async throws {
        for dark in [false, true] {
            try await look.use(dark: dark)
            try await browser.waitFor(part)
            try await look.check(page, dark: dark)
            try await look.picture(page + (dark ? "-dark" : ""))
        }
        try await look.use(dark: false)
    }

    private func add(_ name: String, _ text: String, _ browser: Browser) async throws {
        let path = "\(folder)/\(name)"
        try Data(text.utf8).write(to: URL(filePath: path))
        try await browser.type(path, into: "#file-input")
        try await browser.waitUntil(
            "[...document.querySelectorAll('.document-row')].some((row) => row.textContent.includes('\(name)'))")
    }

    private func open(_ title: String, _ browser: Browser) async throws {
        try await browser.evaluate(
            "[...document.querySelectorAll('a.document-title')].find((one) => one.textContent === '\(title)').click()")
    }
}
