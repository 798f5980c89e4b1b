import Foundation
import Testing

/// A person looks at the page that an answer quotes, asks why it was found, reads it as text, and compares two versions
/// of another document.
struct PagesJourney {
    /// Without a slash at the end.
    let baseURL: String
    let signInLink: String
    /// Of files that are added.
    let folder: String
    var pictures: String?

    static let lines = ["The handbook of the Fernhill clinic.", "Every plumbus is cleaned on Mondays."]

    func run() async throws {
        try await Browser.withBrowser { browser in
            let look = PageLook(browser: browser, pictures: pictures)
            try await browser.resize(width: PageLook.width, height: PageLook.height)
            try await browser.preferDark(false)
            try await browser.open(signInLink)
            try await browser.waitFor("#question")
            try await addDocuments(browser)
            try await lookAtPage(browser, look)
            try await askWhy(browser, look)
            try await readAsText(browser)
            try await openSource(browser, look)
            try await compare(browser, look)
            let complaints = try await browser.complaints()
            #expect(complaints == [], "The console must stay empty.")
        }
    }

    private func addDocuments(_ browser: Browser) async throws {
        try await browser.open(baseURL + "/#/library")
        try await browser.click(".empty button")
        try await browser.type("Ward handbook", into: "#collection-name")
        try await browser.click("dialog .primary")
        try await browser.waitFor("#file-input")
        try await add("handbook.pdf", PDFWriter.document(Self.lines), browser)
        try await browser.waitUntil("document.querySelectorAll('[data-state=ready]').length === 1")
        let roster = { (time: String) in Array("# Night roster\n\nThe night shift begins at \(time).\n".utf8) }
        try await add("roster.md", roster("21:45"), browser)
        try await browser.waitUntil("document.querySelectorAll('[data-state=ready]').length === 2")
        try await add("roster.md", roster("22:15"), browser)
        try await browser.waitUntil(
            """
            Promise.all([...document.querySelectorAll(".document-row")].map((row) =>
              fetch(`/api/v1/documents/${row.dataset.document}/versions`).then((reply) => reply.json())))
              .then((all) => all.some(({ items: [newest] }) => newest.number === 2 && newest.current))
            """)
    }

    private func add(_ name: String, _ bytes: [UInt8], _ browser: Browser) async throws {
        let path = "\(folder)/\(name)"
        try Data(bytes).write(to: URL(filePath: path))
        try await browser.type(path, into: "#file-input")
    }

    /// The share of dark points of the picture in the box of the mark, and in a box of that size far below.
    private static let ink = """
        const image = document.querySelector(".page-image");
        const canvas = Object.assign(document.createElement("canvas"),
          { width: image.naturalWidth, height: image.naturalHeight });
        const drawing = canvas.getContext("2d", { willReadFrequently: true });
        drawing.drawImage(image, 0, 0);
        const scale = image.naturalWidth / (Number(image.getAttribute("width")) * 10);
        const [x, y, right, bottom] = document.querySelector(".page-marks path").getAttribute("d")
          .match(/\\d+/g).map((edge) => Number(edge) * scale);
        const share = (top) => {
          const { data } = drawing.getImageData(x, top, right - x, bottom - y);
          let dark = 0;
          for (let place = 0; place < data.length; place += 4) if (data[place] < 128) dark += 1;
          return dark / (data.length / 4);
        };
        return `${share(y) > 0.04} ${share(y + 300) === 0}`;
        """

    /// The marks lie on the quoted words and on nothing else; the keyboard turns pages.
    private func lookAtPage(_ browser: Browser, _ look: PageLook) async throws {
        try await browser.open(baseURL + "/#/ask")
        try await browser.type("When is a plumbus cleaned?", into: "#question")
        try await browser.click("#ask")
        try await browser.waitUntil("document.querySelector('.answer')?.getAttribute('aria-busy') === 'false'")
        try await browser.evaluate("document.querySelector('.citation-chip').focus()")
        try await browser.press("\u{E007}")
        try await browser.waitFor(".page-marks path")
        try await browser.waitUntil("document.querySelector('.page-image').naturalWidth > 0")
        #expect(try await browser.evaluate(Self.ink).text == "true true")
        #expect(try await browser.text(of: ".page-view .hint")?.hasPrefix("6 cited words") == true)
        #expect(
            try await browser.evaluate("return document.querySelector('.page-image').alt").text?.contains("Page 2")
                == true)
        for dark in [false, true] {
            try await look.use(dark: dark)
            try await look.check("page", dark: dark)
            try await look.picture("page\(dark ? "-dark" : "")")
        }
        try await look.use(dark: false)
        try await browser.evaluate("document.querySelector('[data-act=before]').focus()")
        try await browser.press("\u{E007}")
        try await browser.waitUntil("document.querySelector('.page-number').textContent === 'Page 1 of 2'")
        try await browser.waitUntil("document.querySelector('.page-view .hint')?.textContent.includes('another page')")
        try await browser.click("[data-act=after]")
        try await browser.waitFor(".page-marks path")
    }

    private func askWhy(_ browser: Browser, _ look: PageLook) async throws {
        try await browser.click("#inspector summary")
        try await browser.waitFor("#inspector dl")
        let words = try await browser.text(of: "#inspector") ?? ""
        #expect(words.contains("number 1 of") && words.contains("plumbu") && words.contains("by this rule"), "\(words)")
        #expect(try await PageAudit.findings(in: browser) == [])
        try await look.picture("inspector")
    }

    private func readAsText(_ browser: Browser) async throws {
        try await browser.click("#evidence .view-choice[data-view=text]")
        #expect(try await browser.text(of: "#evidence-quote") == Self.lines[1])
        try await browser.click("#evidence .view-choice[data-view=page]")
        try await browser.waitFor(".page-marks path")
    }

    private func openSource(_ browser: Browser, _ look: PageLook) async throws {
        try await browser.click("#evidence a.button")
        try await browser.waitUntil(
            "location.hash.startsWith('#/documents/') && document.querySelector('.page-marks path')")
        try await look.check("source-page", dark: false)
        try await look.picture("source-page")
        try await browser.evaluate(
            """
            const zoom = document.querySelector(".page-zoom");
            zoom.value = "200";
            zoom.dispatchEvent(new Event("change"));
            """)
        try await browser.waitUntil("document.querySelector('.page-sheet').dataset.zoom === '200'")
        try await look.check("source-page-zoomed", dark: false)
        try await browser.click(".view-choice[data-view=text]")
        #expect(try await browser.text(of: "#cited") == Self.lines[1])
    }

    private func compare(_ browser: Browser, _ look: PageLook) async throws {
        try await browser.click("nav a[href='#/library']")
        try await browser.waitFor(".document-row")
        try await browser.evaluate(
            "[...document.querySelectorAll('a.document-title')].find((one) => one.textContent === 'Night roster').click()"
        )
        try await browser.waitFor("#compare")
        try await browser.click("#compare")
        try await browser.waitFor(".comparison-text del")
        #expect(try await browser.text(of: ".comparison-text del") == "−removed: 21:45")
        #expect(try await browser.text(of: ".comparison-text ins") == "+added: 22:15")
        for dark in [false, true] {
            try await look.use(dark: dark)
            try await look.check("compare", dark: dark)
            try await look.picture("compare\(dark ? "-dark" : "")")
        }
        try await look.use(dark: false)
        try await browser.click(".view-choice[data-look=sides]")
        try await browser.waitUntil("document.querySelectorAll('.comparison-side').length === 2")
        try await look.check("compare-sides", dark: false)
        try await look.picture("compare-sides")
        try await browser.evaluate(
            """
            const later = document.querySelector("#compare-to");
            later.value = document.querySelector("#compare-from").value;
            later.dispatchEvent(new Event("change"));
            """)
        try await browser.waitUntil("document.querySelector('.empty-line')?.textContent.includes('word for word')")
    }
}
