import Foundation
import Testing

/// An administrator adds a person, puts them into a group, suspends and removes them, finds all of that in the log, and
/// sees every main page in the pseudo-locale.
struct AdministrationJourney {
    /// Without a slash at the end.
    let baseURL: String
    let signInLink: String
    var pictures: String?

    func run() async throws {
        try await Browser.withBrowser { browser in
            let look = PageLook(browser: browser, pictures: pictures)
            try await browser.resize(width: PageLook.width, height: PageLook.height)
            try await browser.preferDark(false)
            try await browser.open(signInLink)
            try await browser.waitFor("#question")
            try await addPerson(browser)
            try await makeGroup(browser)
            try await changePerson(browser)
            try await openCollection(browser)
            try await searchLog(browser)
            try await makeKey(browser)
            try await checkEveryPage(browser, look)
            try await removePerson(browser)
            try await turnRound(browser, look)
            let complaints = try await browser.complaints()
            #expect(complaints == [], "The console must stay empty.")
        }
    }

    private func row(_ name: String) -> String {
        "[...document.querySelectorAll('.listing-table tbody tr')].find((one) => one.textContent.includes('\(name)'))"
    }

    private func addPerson(_ browser: Browser) async throws {
        try await browser.click("nav a[href='#/administration/people']")
        try await browser.click("#new-person")
        try await browser.type("ada", into: "#person-name")
        try await browser.type("Ada Byron", into: "#person-display")
        #expect(try await PageAudit.findings(in: browser) == [])
        try await browser.click("dialog .primary")
        try await browser.waitUntil(row("Ada Byron"))
    }

    private func makeGroup(_ browser: Browser) async throws {
        try await browser.click("a[href='#/administration/groups']")
        try await browser.waitFor(".empty-line")
        try await browser.click("#new-group")
        try await browser.type("Night ward", into: "#group-name")
        try await browser.click("dialog .primary")
        try await browser.waitUntil("document.querySelector('h1').textContent === 'Night ward'")
        try await browser.click("#add-member")
        try await browser.waitFor("#member")
        try await browser.evaluate(
            """
            const member = document.querySelector("#member");
            member.selectedIndex = [...member.options].findIndex((one) => one.textContent === "Ada Byron");
            """)
        try await browser.click("dialog .primary")
        try await browser.waitUntil(row("Ada Byron") + " ?? " + row("ada"))
    }

    private func changePerson(_ browser: Browser) async throws {
        try await browser.click("a[href='#/administration/people']")
        try await browser.waitUntil(row("Ada Byron"))
        try await browser.evaluate("\(row("Ada Byron")).querySelector('[data-act=change]').click()")
        try await browser.click("dialog input[value=developer]")
        try await browser.click("dialog .primary")
        try await browser.waitUntil("\(row("Ada Byron")).textContent.includes('Developer')")
        try await browser.evaluate("\(row("Ada Byron")).querySelector('[data-act=suspend]').click()")
        try await browser.click("dialog .danger")
        try await browser.waitUntil("\(row("Ada Byron")).textContent.includes('Suspended')")
    }

    /// Whoever manages a collection says who may read it, by name.
    private func openCollection(_ browser: Browser) async throws {
        try await browser.click("a[href='#/administration/collections']")
        try await browser.click("#new-collection")
        try await browser.type("Handbook", into: "#collection-name")
        try await browser.click("dialog .danger, dialog .primary")
        try await browser.waitUntil(row("Handbook"))
        try await browser.waitUntil(row("Handbook") + "?.querySelector('[data-act=access]')")
        try await browser.evaluate("\(row("Handbook")).querySelector('[data-act=access]').click()")
        try await browser.waitFor("dialog input[name=allow]")
        #expect(try await PageAudit.findings(in: browser) == [])
        try await browser.evaluate(
            """
            for (const box of document.querySelectorAll("dialog input[name=allow]")) {
              box.checked = box.closest("label").textContent === "Night ward";
            }
            """)
        try await browser.click("dialog .danger")
        try await browser.waitUntil("\(row("Handbook")).textContent.includes('Night ward')")
    }

    /// The entries of these acts, by act and by day, and the check of the whole log.
    private func searchLog(_ browser: Browser) async throws {
        try await browser.click("a[href='#/administration/audit']")
        try await browser.waitFor(".listing-table")
        try await browser.type("users", into: "#audit-action")
        try await browser.click("#audit-go")
        let acts = "[...document.querySelectorAll('td:nth-child(3) .hint')].map((one) => one.textContent)"
        try await browser.waitUntil("\(acts).length >= 3 && \(acts).every((one) => one.startsWith('users.'))")
        #expect(try await browser.evaluate("return location.hash") == "#/administration/audit?action=users")
        let numbers = try await browser.evaluate(
            "return [...document.querySelectorAll('td:first-child')].map((one) => Number(one.textContent))")
        #expect(numbers.items.compactMap(\.number).allSatisfy { $0 >= 0 })
        try await browser.evaluate("document.querySelector('#audit-until').value = '2000-01-01'")
        try await browser.click("#audit-go")
        try await browser.waitUntil("document.querySelector('.empty-line')?.textContent === 'No entry fits.'")
        try await browser.click("#audit-verify")
        try await browser.waitFor(".verdict.good")
        try await browser.evaluate("document.querySelector('#audit-until').value = ''")
        try await browser.click("#audit-go")
        try await browser.waitFor(".listing-table")
    }

    private func makeKey(_ browser: Browser) async throws {
        try await browser.open(baseURL + "/#/account")
        try await browser.click("#new-key")
        try await browser.type("Nightly import", into: "#key-name")
        try await browser.click("dialog .primary")
        try await browser.waitFor("#new-secret")
    }

    private func checkEveryPage(_ browser: Browser, _ look: PageLook) async throws {
        for dark in [false, true] {
            try await look.use(dark: dark)
            for name in ["people", "groups", "collections", "keys", "audit", "health"] {
                try await browser.open(baseURL + "/#/administration/\(name)")
                try await browser.waitFor(name == "health" ? ".health .card" : ".listing-table")
                try await look.check("administration-\(name)", dark: dark)
                try await look.picture("administration-\(name)\(dark ? "-dark" : "")")
            }
        }
        try await look.use(dark: false)
        try await browser.open(baseURL + "/#/administration/keys")
        try await browser.waitUntil(row("Nightly import"))
        try await browser.evaluate("\(row("Nightly import")).querySelector('button').click()")
        try await browser.click("dialog .danger")
        try await browser.waitUntil("\(row("Nightly import")).textContent.includes('Revoked')")
    }

    private func removePerson(_ browser: Browser) async throws {
        try await browser.click("a[href='#/administration/people']")
        try await browser.waitUntil(row("Ada Byron"))
        try await browser.evaluate("\(row("Ada Byron")).querySelector('[data-act=remove]').click()")
        try await browser.click("dialog .danger")
        try await browser.waitUntil("!(\(row("Ada Byron")))")
    }

    /// From right to left and in longer words: nothing is forgotten, and nothing scrolls sideways.
    private func turnRound(_ browser: Browser, _ look: PageLook) async throws {
        let pages = [
            ("ask", "#question"), ("library", "#file-input"), ("jobs", "h1"), ("sources", "h1"),
            ("account", "#sign-out"),
            ("administration/people", ".listing-table"), ("administration/groups", ".listing-table"),
            ("administration/collections", ".listing-table"), ("administration/keys", ".listing-table"),
            ("administration/audit", ".listing-table"),
            ("administration/health", ".health .card"),
        ]
        for (page, ready) in pages {
            try await browser.open("about:blank")
            try await browser.open(baseURL + "/?lang=ar-XB#/" + page)
            try await browser.waitFor(ready)
            try await browser.waitUntil("document.querySelector('h1').textContent.includes('⟦')")
            let forgotten = try await browser.evaluate(
                "return import('/assets/js/base/pseudoLocale.js').then((module) => module.forgotten(document.body))")
            #expect(forgotten.items.compactMap(\.text) == [], "\(page)")
            #expect(try await browser.evaluate("return getComputedStyle(document.body).direction") == "rtl")
            try await look.check("rtl-" + page.replacing("/", with: "-"), dark: false)
        }
    }
}
