import Foundation
import Testing

/// A person deletes a document from its page, sees what goes, and sees the last question declined.
struct ForgetJourney {
    let baseURL: String
    let signInLink: String
    var pictures: String?

    func run() async throws {
        try await Browser.withBrowser { browser in
            try await browser.resize(width: PageLook.width, height: PageLook.height)
            try await browser.preferDark(false)
            let journey = BrowserJourney(baseURL: baseURL, signInLink: signInLink)
            try await journey.signIn(browser)
            try await journey.upload(browser)
            _ = try await browser.complaints()
            try await askAndOpen(browser)
            try await forget(browser)
            #expect(try await browser.complaints() == [], "The console must stay empty.")
        }
    }

    private func askAndOpen(_ browser: Browser) async throws {
        try await browser.open(baseURL + "/#/ask")
        try await browser.type(BrowserJourney.question + "\u{E007}", into: "#question")
        try await browser.click(".citation-chip")
        try await browser.click("#evidence a.button")
        try await browser.waitFor("#forget")
        let look = PageLook(browser: browser, pictures: pictures)
        try await look.check("source-with-delete", dark: false)
        try await look.picture("source-with-delete")
    }

    private func forget(_ browser: Browser) async throws {
        let look = PageLook(browser: browser, pictures: pictures)
        let chunks = try await browser.evaluate(
            "return fetch('/api/v1' + location.hash.slice(1).split('?')[0]).then((r) => r.json()).then((d) => d.chunks)"
        ).number
        try await browser.click("#forget")
        try await browser.click("dialog .danger")
        try await browser.waitFor(".forget-declined")
        #expect(try await number("passages", browser) == chunks.map { String(Int($0)) })
        #expect(try await number("key", browser) == "1")
        #expect(try await number("originals", browser) == "1")
        #expect(try await number("vectors", browser) == chunks.map { String(Int($0)) })
        #expect(Int(try await number("postings", browser) ?? "") ?? 0 > 10)
        #expect(try await number("tested", browser) == "0")
        #expect(try await number("recorded", browser)?.hasPrefix("#") == true)
        #expect(try await browser.text(of: ".forget-question") == BrowserJourney.question)
        #expect(try await browser.text(of: "h1")?.hasSuffix("is forgotten") == true)
        for dark in [false, true] {
            try await look.use(dark: dark)
            try await look.check("forgotten", dark: dark)
            try await look.picture("forgotten" + (dark ? "-dark" : ""))
        }
    }

    private func number(_ step: String, _ browser: Browser) async throws -> String? {
        try await browser.text(of: "[data-step=\(step)] .forget-number")
    }
}
