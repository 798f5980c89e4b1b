import Foundation
import Testing

/// A platform engineer connects a folder, sees it become current, finds out why one file is not taken in, syncs, and
/// deletes the source.
struct SourcesJourney {
    /// Without a slash at the end.
    let baseURL: String
    let signInLink: String
    /// A folder that the setting `sources.folders` opens.
    let folder: String
    var pictures: String?

    static let name = "Fernhill files"

    func run() async throws {
        try write("roster.md", "# Night roster\n\nThe night shift begins at 21:45.\n")
        try Data([0x7f, 0x45, 0x4c, 0x46, 0]).write(to: URL(filePath: folder + "/program.bin"))
        try await Browser.withBrowser { browser in
            let look = PageLook(browser: browser, pictures: pictures)
            try await browser.resize(width: PageLook.width, height: PageLook.height)
            try await browser.preferDark(false)
            try await browser.open(signInLink)
            try await browser.waitFor("#question")
            try await chooseKind(browser, look)
            try await fillIn(browser, look)
            try await lookAtSource(browser, look)
            try await sync(browser)
            try await lookAtLibrary(browser)
            try await checkEveryPage(browser, look)
            try await delete(browser)
            // But for what the browser itself says of the settings that the server refused.
            let complaints = try await browser.complaints().filter { !$0.contains("/sources/test") }
            #expect(complaints == [], "The console must stay empty.")
        }
    }

    /// The empty page has one thing to do; it leads to the kinds.
    private func chooseKind(_ browser: Browser, _ look: PageLook) async throws {
        try await browser.click("nav a[href='#/sources']")
        try await browser.waitFor(".empty #connect")
        try await look.check("sources-empty", dark: false)
        try await browser.click("#connect")
        try await browser.waitFor("[data-kind=folder]")
        #expect(try await PageAudit.findings(in: browser) == [])
        try await look.picture("sources-kinds")
        try await browser.click("[data-kind=folder]")
        try await browser.waitFor("#source-submit")
    }

    /// What is wrong is said in the form; a test that passes names its steps.
    private func fillIn(_ browser: Browser, _ look: PageLook) async throws {
        try await browser.click("#new-collection")
        try await browser.type("Ward files", into: "#collection-name")
        try await browser.click("dialog .primary")
        try await browser.waitUntil("document.querySelector('#source-collection').value.startsWith('col_')")
        try await browser.type(Self.name, into: "#source-name")
        try await browser.type("/", into: "#source-option-path")
        try await browser.click("#source-test")
        try await browser.waitUntil("document.querySelector('.problem')?.textContent.includes('sources.folders')")
        try await browser.evaluate("document.querySelector('#source-option-path').value = ''")
        try await browser.type(folder, into: "#source-option-path")
        // The account that runs the tests is nobody who signs in here.
        try await browser.click("#source-obeys")
        try await browser.waitFor(".open-warning")
        try await browser.click("#source-test")
        try await browser.waitFor(".connection-steps .good")
        #expect(try await browser.text(of: ".connection-title") == "The connection works.")
        #expect(try await browser.evaluate("return document.querySelectorAll('.connection .bad').length") == 0)
        for dark in [false, true] {
            try await look.use(dark: dark)
            try await look.check("sources-form", dark: dark)
        }
        try await look.use(dark: false)
        try await browser.click("#source-submit")
    }

    private func lookAtSource(_ browser: Browser, _ look: PageLook) async throws {
        try await isCurrent(browser, documents: 1)
        try await browser.waitFor(".problem-list li")
        #expect(try await browser.text(of: ".problem-path") == "program.bin")
        #expect(try await browser.text(of: ".problem-reason")?.isEmpty == false)
        try await browser.evaluate(
            """
            const person = document.querySelector("#visible-person");
            person.selectedIndex = 1;
            person.dispatchEvent(new Event("change"));
            """)
        try await browser.waitUntil(
            "document.querySelector('.visible-answer')?.textContent.includes('sees 1 of 1 document')")
        #expect(try await PageAudit.findings(in: browser) == [])
    }

    private func sync(_ browser: Browser) async throws {
        try write("plan.md", "# Holiday plan\n\nThe plan is made in March.\n")
        try await browser.click("#sync")
        try await isCurrent(browser, documents: 2)
    }

    /// A document of a source is deleted at the source, not here.
    private func lookAtLibrary(_ browser: Browser) async throws {
        try await browser.open(baseURL + "/#/library")
        try await browser.waitUntil("document.querySelectorAll('[data-state=ready] .document-source').length === 2")
        #expect(try await browser.evaluate("return document.querySelector('.document-row .icon-button')") == .null)
        try await browser.click(".document-source")
        try await browser.waitFor("#facts-title")
    }

    private func checkEveryPage(_ browser: Browser, _ look: PageLook) async throws {
        for dark in [false, true] {
            try await look.use(dark: dark)
            try await browser.waitFor(".problem-list li")
            try await look.check("sources-one", dark: dark)
            try await browser.click("nav a[href='#/sources']")
            try await browser.waitFor(".sources-row")
            try await look.check("sources-list", dark: dark)
            try await look.picture("sources-list\(dark ? "-dark" : "")")
            // The number of problems leads to them.
            try await browser.click(".sources-problems")
            try await browser.waitUntil("document.activeElement.id === 'problems-title'")
        }
        try await look.use(dark: false)
    }

    private func delete(_ browser: Browser) async throws {
        try await browser.click("#delete")
        try await browser.waitFor("dialog")
        #expect(try await browser.text(of: "dialog")?.contains("2 documents") == true)
        try await browser.click("dialog .danger")
        try await browser.waitFor(".empty #connect")
        try await browser.open(baseURL + "/#/library")
        try await browser.waitFor(".drop-zone.large")
    }

    private func isCurrent(_ browser: Browser, documents: Int) async throws {
        try await browser.waitUntil(
            "document.querySelector('.sources-state')?.textContent === 'Current'"
                + " && document.querySelector('.facts')?.textContent.includes('Documents\(documents)')")
    }

    private func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(filePath: folder + "/" + name))
    }
}
