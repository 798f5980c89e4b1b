import Foundation
import Kit
import TestKit
import Testing

@testable import Settings

private func loader(
    flags: [String: String] = [:], environment: [String: String] = [:], yaml: String? = nil
) -> SettingsLoader {
    SettingsLoader(
        flags: flags, environment: environment.merging(["HOME": "/home/anna"]) { own, _ in own }, yaml: yaml,
        workingDirectory: "/work")
}

@Suite struct SettingsLoaderTests {
    @Test func `defaults lie in the home folder`() throws {
        let settings = try loader().load()
        #expect(settings.home == "/home/anna/.cloister")
        #expect(settings.data.directory == "/home/anna/.cloister/data")
        #expect(settings.keys.directory == "/home/anna/.cloister/keys")
        #expect(settings.keys.root == .file("/home/anna/.cloister/root.key"))
        #expect(settings.encoder.directory == "/home/anna/.cloister/encoder")
        #expect(settings.storage == .sqlite)
        #expect(settings.server.host == "127.0.0.1" && settings.server.port == 8080)
        #expect(settings.server.hosts == ["localhost", "127.0.0.1", "::1"])
        #expect(settings.server.tls == nil && settings.server.webRoot == nil && settings.server.trustedProxy == nil)
        #expect(settings.session == CloisterSettings.Session(idleMinutes: 30, absoluteHours: 12))
        #expect(settings.limits.uploadBytes == 33_554_432)
    }

    @Test func `a flag beats the environment, which beats the file, which beats the default`() throws {
        let yaml = "jobs: {workers: 3, attempts: 3, keep_days: 3}"
        let environment = ["CLOISTER_JOBS_WORKERS": "4", "CLOISTER_JOBS_ATTEMPTS": "4"]
        let settings = try loader(flags: ["jobs.workers": "5"], environment: environment, yaml: yaml).load()
        #expect(settings.jobs == CloisterSettings.Jobs(workers: 5, attempts: 4, keepDays: 3))
        #expect(settings.search.segmentDocuments == 4096)
    }

    @Test func `moving home moves the places that were not set`() throws {
        let settings = try loader(flags: ["home": "elsewhere", "data.directory": "/data"]).load()
        #expect(settings.home == "/work/elsewhere")
        #expect(settings.data.directory == "/data")
        #expect(settings.keys.root == .file("/work/elsewhere/root.key"))
    }

    @Test func `a misspelt variable or flag is named with the nearest one`() {
        let refusal = #expect(throws: SettingsRefusal.self) {
            try loader(flags: ["server.porrt": "1"], environment: ["CLOISTER_SEVER_HOST": "1"]).load()
        }
        #expect(
            refusal?.failures == [
                .unknownVariable("CLOISTER_SEVER_HOST", nearest: "CLOISTER_SERVER_HOST"),
                .unknownKey("server.porrt", origin: .flag("server.porrt"), nearest: "server.port"),
            ])
        #expect(
            refusal?.description == """
                environment: there is no setting for the variable CLOISTER_SEVER_HOST; \
                did you mean CLOISTER_SERVER_HOST?
                flag server.porrt: there is no setting server.porrt; did you mean server.port?
                """)
    }

    @Test func `reserved variables, other people's variables and named secrets are no errors`() throws {
        let environment = [
            "CLOISTER_TEST_POSTGRES": "postgres://", "CLOISTER_TESTS": "x", "CLOISTER_DATA": "x",
            "CLOISTER_GOLDEN": "x",
            "CLOISTER_API_KEY": "x", "CLOISTER_URL": "x", "PATH": "x", "CLOISTER_ROOT_KEY": "x",
            "CLOISTER_ENCODER_DIRECTORY": "/models",
        ]
        let settings = try loader(flags: ["keys.root": "env:CLOISTER_ROOT_KEY"], environment: environment).load()
        #expect(settings.keys.root == .environment("CLOISTER_ROOT_KEY"))
        #expect(settings.encoder.directory == "/models")
    }

    @Test func `an empty variable takes an optional setting away and is an error for the others`() throws {
        let yaml = "server: {web_root: /srv/web}"
        #expect(try loader(environment: ["CLOISTER_SERVER_WEB_ROOT": ""], yaml: yaml).load().server.webRoot == nil)
        let refusal = #expect(throws: SettingsRefusal.self) {
            try loader(environment: ["CLOISTER_SERVER_PORT": " "]).load()
        }
        #expect(
            refusal?.description == "environment CLOISTER_SERVER_PORT: server.port has no value; "
                + "remove the key to use its default")
    }

    @Test func `a list in a variable is separated by commas`() throws {
        let settings = try loader(environment: ["CLOISTER_SERVER_HOSTS": "a.example.org , ::1"]).load()
        #expect(settings.server.hosts == ["a.example.org", "::1"])
    }

    @Test func `without HOME the message says which setting needs it`() {
        let loader = SettingsLoader(flags: [:], environment: [:], yaml: nil)
        let refusal = #expect(throws: SettingsRefusal.self) { try loader.load() }
        #expect(refusal?.failures.first == .homeUnknown(key: "home", origin: .standard))
    }

    @Test func `a symbolic link does not hide that the root key lies in the data folder`() async throws {
        try await TestEnvironment.withTemporaryDirectory { folder in
            try FileManager.default.createDirectory(atPath: folder + "/real", withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(
                atPath: folder + "/link", withDestinationPath: folder + "/real")
            try Data().write(to: URL(filePath: folder + "/real/root.key"))
            let flags = ["data.directory": folder + "/link", "keys.root": "file:\(folder)/real/root.key"]
            #expect(throws: SettingsRefusal.self) { try loader(flags: flags).load() }
        }
    }

    @Test func `every declared key reaches the typed settings`() throws {
        let text = try String(
            contentsOf: SettingsFixtureTests.folder.appending(path: "full.good.yaml"), encoding: .utf8)
        let entries = try SettingsFile(name: "full", yaml: text).entries
        #expect(Set(entries.map(\.key)) == Set(SettingsTable.byKey.keys))
        let standard = try loader().resolve().values.mapValues(\.value)
        let written = try loader(yaml: text).resolve().values.mapValues(\.value)
        let before = try CloisterSettings(SettingReader(values: standard))
        for key in SettingsTable.byKey.keys {
            var changed = standard
            changed[key] = written[key]
            #expect(try CloisterSettings(SettingReader(values: changed)) != before, "\(key) changes nothing")
        }
    }
}

@Suite struct SettingsPrintingTests {
    @Test func `print shows each value with its origin and a secret as its source`() throws {
        let printed = try loader(
            flags: ["server.port": "9000"],
            environment: ["CLOISTER_STORAGE_URL": "env:DATABASE_URL", "DATABASE_URL": "hunter2"],
            yaml: "limits:\n  upload_bytes: 2097152\n"
        ).resolve().printed()
        let lines = printed.split(separator: "\n").map { line in
            line.split(separator: " ").joined(separator: " ")
        }
        #expect(lines.count == SettingsTable.rows.count)
        #expect(lines.contains("server.port = 9000 # flag server.port"))
        #expect(lines.contains("storage.url = env:DATABASE_URL # environment CLOISTER_STORAGE_URL"))
        #expect(lines.contains("limits.upload_bytes = 2 MiB # cloister.yaml:2"))
        #expect(lines.contains("keys.root = file:/home/anna/.cloister/root.key # default"))
        #expect(lines.contains("server.web_root = - # default"))
        #expect(!printed.contains("hunter2"))
    }

    @Test func `the reference page is the one in docs`() throws {
        let path = TestEnvironment.packageRoot + "/docs/settings.md"
        let page = SettingsReference.page()
        if ProcessInfo.processInfo.environment["CLOISTER_GOLDEN"] == "write" {
            try FileManager.default.createDirectory(
                atPath: TestEnvironment.packageRoot + "/docs", withIntermediateDirectories: true)
            try page.write(toFile: path, atomically: true, encoding: .utf8)
        }
        let written = try String(contentsOfFile: path, encoding: .utf8)
        #expect(page == written, "run the tests with CLOISTER_GOLDEN=write and read the difference")
    }

    @Test func `the table gives each variable to one key and each default passes its own check`() throws {
        #expect(SettingsTable.byVariable.count == SettingsTable.rows.count)
        #expect(SettingsTable.rows.allSatisfy { $0.sentence.hasSuffix(".") })
        _ = try loader().resolve()
    }
}
