import Foundation

/// Basic rules of an accessible page, checked in the page itself. Not a full audit: the mistakes that are cheap to
/// make.
enum PageAudit {
    /// One sentence for each broken rule; empty when the page keeps all of them.
    static func findings(in browser: Browser) async throws -> [String] {
        try await browser.evaluate(script).items.compactMap(\.text)
    }

    private static let script = """
        const found = [];
        const visible = (node) => node.checkVisibility() && !node.closest("[aria-hidden=true]");
        const all = (selector) => [...document.querySelectorAll(selector)].filter(visible);
        const describe = (node) => `${node.tagName.toLowerCase()}#${node.id}.${node.getAttribute("class") ?? ""}`;
        const named = (node) => (node.getAttribute("aria-label") ?? node.textContent).trim() !== ""
          || node.labels?.length > 0 || document.getElementById(node.getAttribute("aria-labelledby")) !== null;

        if (!document.documentElement.lang) found.push("The page names no language.");
        if (document.title.trim() === "") found.push("The page has no title.");
        for (const [selector, count] of [["main", 1], ["h1", 1], ["header", 1]]) {
          const number = selector === "header" ? all("body header.shell-header").length : all(selector).length;
          if (number !== count) found.push(`There are ${number} of ${selector}, not ${count}.`);
        }
        for (const node of all("button, a, summary, input, textarea, select, dialog")) {
          if (!named(node)) found.push(`${describe(node)} has no name.`);
        }
        for (const node of all("nav, aside")) if (!named(node)) found.push(`${describe(node)} has no name.`);
        const names = all("nav").map((node) => node.getAttribute("aria-label"));
        if (new Set(names).size !== names.length) found.push("Two landmarks share a name.");
        const ids = [...document.querySelectorAll("[id]")].map((node) => node.id);
        for (const id of new Set(ids)) {
          if (ids.filter((other) => other === id).length > 1) found.push(`The id ${id} is used twice.`);
        }
        if (all("[role=status], [aria-live]").length === 0) found.push("There is no live region.");
        for (const node of all("[tabindex]")) {
          if (Number(node.getAttribute("tabindex")) > 0) found.push(`${describe(node)} jumps the order of focus.`);
        }
        for (const node of document.querySelectorAll("[style], script:not([src]), style")) {
          found.push(`${describe(node)} is inline script or style.`);
        }
        for (const node of all("button, nav a, select")) {
          const box = node.getBoundingClientRect();
          if (Math.min(box.width, box.height) < 24) found.push(`${describe(node)} is too small to hit.`);
        }

        const channels = (text) => text.match(/[\\d.]+/g).map(Number);
        const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
          .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
          .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
        const ground = (node) => {
          for (let one = node; one; one = one.parentElement) {
            const colour = channels(getComputedStyle(one).backgroundColor);
            if (colour.length < 4 || colour[3] > 0.99) return colour;
          }
          return [255, 255, 255];
        };
        const bare = (node) => [...node.childNodes].some((one) => one.nodeType === 3 && one.data.trim() !== "");
        for (const node of all("body *").filter(bare)) {
          if (node.matches(":disabled, .visually-hidden, option")) continue;
          const [a, b] = [light(channels(getComputedStyle(node).color)), light(ground(node))];
          const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
          if (contrast < 4.5 && !node.matches(".run-marker")) {
            found.push(`${describe(node)} has a contrast of ${contrast.toFixed(2)}.`);
          }
        }
        return [...new Set(found)];
        """
}
