import Foundation
import Testing

/// How a page looks: at every width, in light and dark, with pictures for a person.
struct PageLook {
    let browser: Browser
    /// When set, pictures of the pages are written into this directory.
    let pictures: String?

    static let width = 1280
    static let height = 860

    func use(dark: Bool) async throws {
        try await browser.preferDark(dark)
        try await browser.waitUntil("document.documentElement.dataset.theme === '\(dark ? "dark" : "light")'")
    }

    /// No broken rule, and nothing to scroll sideways at any width.
    func check(_ page: String, dark: Bool) async throws {
        #expect(try await PageAudit.findings(in: browser) == [], "\(page), \(dark ? "dark" : "light")")
        for width in [320, 360, 768, 3840] {
            try await browser.resize(width: width, height: 800)
            let overflow = try await browser.evaluate(
                "return document.documentElement.scrollWidth - document.documentElement.clientWidth")
            #expect(overflow == 0, "\(page) scrolls sideways at \(width) px.")
            try await picture("\(page)-\(width)\(dark ? "-dark" : "")")
        }
        try await browser.resize(width: Self.width, height: Self.height)
    }

    func picture(_ name: String) async throws {
        guard let pictures else { return }
        try await browser.screenshot().write(to: URL(filePath: "\(pictures)/\(name).png"))
    }
}
