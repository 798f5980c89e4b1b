import Foundation
import Kit
import TestKit
import Testing

@testable import Settings

/// Files are named by verdict: `.good.yaml` loads, `.bad.yaml` fails with exactly the message in this table.
@Suite struct SettingsFixtureTests {
    static let messages: [String: String] = [
        "port_negative": "cloister.yaml:2: server.port must be a whole number from 0 to 65535, not \"-1\"",
        "port_too_large": "cloister.yaml:2: server.port must be a whole number from 0 to 65535, not \"65536\"",
        "port_word": "cloister.yaml:3: server.port must be a whole number from 0 to 65535, not \"http\"",
        "port_fraction": "cloister.yaml:2: server.port must be a whole number from 0 to 65535, not \"8080.5\"",
        "port_missing": "cloister.yaml:2: server.port has no value; remove the key to use its default",
        "port_list": "cloister.yaml:2: server.port must be a whole number from 0 to 65535",
        "key_misspelt": "cloister.yaml:2: there is no setting server.prot; did you mean server.port?",
        "section_misspelt":
            "cloister.yaml:2: there is no setting sessoin.idle_minutes; did you mean session.idle_minutes?",
        "key_unlike_any":
            "cloister.yaml:1: there is no setting endpoint_of_vendor; cloister config reference lists them all",
        "section_without_keys": "cloister.yaml:1: server is a section; write its settings indented below it",
        "key_twice": "cloister.yaml:2: port stands twice in a section",
        "key_twice_dotted": "cloister.yaml:3: server.port is set twice; keep one of the two",
        "not_yaml": "cloister.yaml:2: this is not YAML: did not find expected ',' or ']'",
        "not_a_mapping": "cloister.yaml:1: settings are written as section: and key: value",
        "nested_too_deep": "cloister.yaml:3: server.tls.key is nested too deeply",
        "secret_literal": "cloister.yaml:2: keys.root holds a secret, which settings name but never contain; "
            + "put it into a file of mode 0600 and write file:/path, or write env:NAME",
        "storage_literal": "cloister.yaml:2: storage.url holds a secret, which settings name but never contain; "
            + "put it into a file of mode 0600 and write file:/path, or write env:NAME",
        "secret_list": "cloister.yaml:2: keys.root must be a reference file:/path or env:NAME",
        "root_key_in_data":
            "keys.root (/srv/cloister/root.key) must lie outside data.directory (/srv/cloister)",
        "root_key_in_keys": "keys.root (/srv/keys/root.key) must lie outside keys.directory (/srv/keys)",
        "keys_in_data": "keys.directory (/srv/cloister/keys) and data.directory (/srv/cloister) "
            + "must not lie inside one another",
        "host_without_tls": "server.host (0.0.0.0) is reachable from other machines; set server.tls.certificate and "
            + "server.tls.key, or server.trusted_proxy",
        "host_name": "cloister.yaml:2: server.host must be an IP address, not \"intranet.example.org\"",
        "tls_without_key": "server.tls needs both server.tls.certificate and server.tls.key, or neither",
        "hosts_wrong": "cloister.yaml:2: server.hosts must be a list of host names, not \"-bad\"",
        "embedder_wrong": "cloister.yaml:2: web.embedders must be a list of origins, such as https://wiki.example.org, "
            + "not \"https://wiki.example.org; script-src *\"",
        "proxy_wrong": "cloister.yaml:2: server.trusted_proxy must be an IP address or a network such as 10.0.0.0/8, "
            + "not \"10.0.0.0/33\"",
        "idle_longer_than_session":
            "session.idle_minutes (240) is longer than session.absolute_hours (2)",
        "user_above_tenant":
            "limits.user_requests_per_second (200) is more than limits.tenant_requests_per_second (100)",
        "size_too_large": "cloister.yaml:2: limits.upload_bytes must be a size from 1 KiB to 1 GiB, not \"2 GiB\"",
        "size_unit": "cloister.yaml:2: limits.upload_bytes must be a size from 1 KiB to 1 GiB, not \"32 MB\"",
        "threshold_above_one": "cloister.yaml:2: answers.threshold must be a number from 0.0 to 1.0, not \"1.5\"",
        "threshold_nan": "cloister.yaml:2: answers.threshold must be a number from 0.0 to 1.0, not \"nan\"",
        "level_unknown": "cloister.yaml:2: logging.level must be one of trace, debug, info, notice, warning, error, "
            + "critical, not \"verbose\"",
        "several": """
        cloister.yaml:3: there is no setting server.hots; did you mean server.host?
        cloister.yaml:2: server.port must be a whole number from 0 to 65535, not "70000"
        cloister.yaml:5: jobs.workers must be a whole number from 0 to 256, not "300"
        """,
    ]

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")

    static func names(_ verdict: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".\(verdict).yaml") }.map { String($0.dropLast(verdict.count + 6)) }.sorted()
    }

    static func loader(_ fixture: String) throws -> SettingsLoader {
        let text = try String(contentsOf: folder.appending(path: fixture), encoding: .utf8)
        return SettingsLoader(flags: [:], environment: ["HOME": "/home/anna"], yaml: text, workingDirectory: "/work")
    }

    @Test func `every bad file has a row and every row a file`() throws {
        #expect(try Self.names("bad") == Self.messages.keys.sorted())
    }

    @Test(arguments: messages.keys.sorted()) func `a bad file fails with its exact message`(name: String) throws {
        let loader = try Self.loader("\(name).bad.yaml")
        let refusal = #expect(throws: SettingsRefusal.self) { try loader.load() }
        #expect(refusal?.description == Self.messages[name])
    }

    @Test(arguments: try! names("good"))  // A missing folder fails the test run, as it should.
    func `a good file loads`(name: String) throws {
        _ = try Self.loader("\(name).good.yaml").load()
    }

    @Test func `no message repeats what stands where a secret belongs`() {
        for message in Self.messages.values {
            #expect(!message.contains("hunter2") && !message.contains("9f86d0"))
        }
    }
}
