import Foundation

/// One headless Chromium with one page, as a person would use it: open, find, click, type, look.
struct Browser: Sendable {
    /// How long a condition may take before the test fails; it is asked again and again and ends when it is true.
    static let watchdog = Duration.seconds(300)
    private static let elementKey = "element-6066-11e4-a52e-4f735466cecf"

    let driver: WebDriver

    /// Runs `body` with a fresh browser. `readsFiles` lets pages at file: addresses load modules from files.
    static func withBrowser<Value>(readsFiles: Bool = false, _ body: (Browser) async throws -> Value) async throws
        -> Value
    {
        let process = try await DriverProcess.start()
        let outcome: Result<Value, any Error>
        do {
            outcome = .success(try await withSession(WebDriver(base: process.base), readsFiles: readsFiles, body))
        } catch {
            outcome = .failure(error)
        }
        await process.stop()
        return try outcome.get()
    }

    private static func withSession<Value>(
        _ driver: WebDriver, readsFiles: Bool, _ body: (Browser) async throws -> Value
    ) async throws -> Value {
        var driver = driver
        let opened = try await driver.send("POST", "/session", ["capabilities": capabilities(readsFiles: readsFiles)])
        driver.session = "/session/" + (opened["sessionId"]?.text ?? "")
        let outcome: Result<Value, any Error>
        do {
            outcome = .success(try await body(Browser(driver: driver)))
        } catch {
            outcome = .failure(error)
        }
        // A browser that is gone already needs no good-bye.
        _ = try? await driver.send("DELETE", "")
        return try outcome.get()
    }

    private static func capabilities(readsFiles: Bool) -> JSON {
        let files: [JSON] = readsFiles ? ["--allow-file-access-from-files"] : []
        let arguments: [JSON] = [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1280,860",
        ]
        return [
            "alwaysMatch": [
                "browserName": "chrome",
                "goog:loggingPrefs": ["browser": "ALL"],
                "goog:chromeOptions": ["args": .list(arguments + files)],
            ]
        ]
    }
}

// MARK: - Doing

extension Browser {
    func open(_ address: String) async throws {
        try await driver.send("POST", "/url", ["url": .text(address)])
    }

    /// Waits for the element, brings it to the middle of the window, away from what sticks to the edges, and clicks it
    /// where a person would.
    func click(_ selector: String) async throws {
        for _ in 0..<10 {
            try await waitFor(selector)
            try await evaluate("document.querySelector(\(Self.quoted(selector)))?.scrollIntoView({ block: 'center' })")
            do {
                try await driver.send("POST", "/element/\(try await find(selector))/click")
                return
            } catch let failure where "\(failure)".contains("stale element") {
                // The page drew it anew between finding and clicking: nothing was clicked.
                continue
            }
        }
        throw BrowserFailure.neverTrue(condition: "click \(selector)", page: "drawn anew each time")
    }

    /// Types into the element; into a file input this chooses the file at that path.
    func type(_ text: String, into selector: String) async throws {
        try await driver.send("POST", "/element/\(try await find(selector))/value", ["text": .text(text)])
    }

    /// Presses keys wherever the focus is.
    func press(_ keys: String) async throws {
        let strokes = keys.flatMap { key -> [JSON] in
            [["type": "keyDown", "value": .text(String(key))], ["type": "keyUp", "value": .text(String(key))]]
        }
        let actions: JSON = [["type": "key", "id": "keyboard", "actions": .list(strokes)]]
        try await driver.send("POST", "/actions", ["actions": actions])
    }

    /// The size of the page in CSS pixels, phones included.
    func resize(width: Int, height: Int) async throws {
        try await command(
            "Emulation.setDeviceMetricsOverride",
            [
                "width": .number(Double(width)), "height": .number(Double(height)), "deviceScaleFactor": 1,
                "mobile": false,
            ])
    }

    /// What the system says about light and dark; and that nothing shall move, so that colours are final at once.
    func preferDark(_ dark: Bool) async throws {
        let colours: JSON = ["name": "prefers-color-scheme", "value": .text(dark ? "dark" : "light")]
        let motion: JSON = ["name": "prefers-reduced-motion", "value": "reduce"]
        try await command("Emulation.setEmulatedMedia", ["features": [colours, motion]])
    }

    /// What follows is done and looked at in the first frame of the page.
    func enterFrame() async throws { try await driver.send("POST", "/frame", ["id": 0]) }
    func leaveFrame() async throws { try await driver.send("POST", "/frame", ["id": .null]) }

    private func command(_ name: String, _ parameters: JSON) async throws {
        try await driver.send("POST", "/goog/cdp/execute", ["cmd": .text(name), "params": parameters])
    }
}

// MARK: - Looking

extension Browser {
    /// The value of a script's body, which must `return` it.
    @discardableResult
    func evaluate(_ script: String) async throws -> JSON {
        try await driver.send("POST", "/execute/sync", ["script": .text(script), "args": []])
    }

    /// The text of the first element that fits, as a script sees it: nothing trimmed.
    func text(of selector: String) async throws -> String? {
        try await evaluate("return document.querySelector(\(Self.quoted(selector)))?.textContent ?? null").text
    }

    /// Waits until an element fits `selector`.
    func waitFor(_ selector: String) async throws {
        try await waitUntil("document.querySelector(\(Self.quoted(selector))) !== null")
    }

    /// Waits until the expression is truthy and gives its value.
    @discardableResult
    func waitUntil(_ expression: String) async throws -> JSON {
        let deadline = ContinuousClock.now + Self.watchdog
        while ContinuousClock.now < deadline {
            let value = try await evaluate("return (\(expression))")
            if value.isTruthy { return value }
            try await Task.sleep(for: .milliseconds(50))
        }
        let page = try await evaluate("return location.href + '\\n' + document.body.innerText").text ?? ""
        throw BrowserFailure.neverTrue(condition: expression, page: String(page.prefix(2000)))
    }

    /// Warnings and errors that the page logged since the last call: refused scripts, failed requests, exceptions.
    func complaints() async throws -> [String] {
        try await driver.send("POST", "/se/log", ["type": "browser"]).items
            .filter { ["SEVERE", "WARNING"].contains($0["level"]?.text ?? "") }
            .compactMap { $0["message"]?.text }
    }

    /// A picture of the page as PNG.
    func screenshot() async throws -> Data {
        Data(base64Encoded: try await driver.send("GET", "/screenshot").text ?? "") ?? Data()
    }

    private func find(_ selector: String) async throws -> String {
        try await waitFor(selector)
        let found = try await driver.send("POST", "/element", ["using": "css selector", "value": .text(selector)])
        return found[Self.elementKey]?.text ?? ""
    }

    /// A text as a literal of a script.
    static func quoted(_ text: String) -> String {
        let data = (try? JSONEncoder().encode(text)) ?? Data()
        return String(decoding: data, as: UTF8.self)
    }
}
