import TestKit
import Testing

@Suite struct JavaScriptTests {
    /// The tests of Tests/WebUITests/js run in the browser that the application runs in. They import the very files
    /// that
    /// are embedded; nothing is served and no other interpreter is needed.
    @Test func `every JavaScript test passes in the browser`() async throws {
        let results = try await Browser.withBrowser(readsFiles: true) { browser in
            try await browser.open("file://\(TestEnvironment.packageRoot)/Tests/WebUITests/js/run.html")
            return try await browser.waitUntil(
                "document.querySelector('#results') && JSON.parse(document.querySelector('#results').textContent)")
        }
        #expect(results.items.count >= 110)
        for result in results.items where result["passed"] != true {
            Issue.record("\(result["name"]?.text ?? "?"): \(result["message"]?.text ?? "")")
        }
    }
}
