import Kit
import Outbound
import Testing

@testable import Connectors

@Suite struct GitAddressTests {
    private static func address(_ text: String) -> SSHAddress? {
        guard case .ssh(let address)? = try? GitAddress(text) else { return nil }
        return address
    }

    @Test func `both forms of an SSH address are read`() throws {
        let cases = [
            ("ssh://git@git.example/team/docs.git", "git", "ssh://git.example", "/team/docs.git"),
            ("ssh://git@GIT.example:2222/a%20b", "git", "ssh://git.example:2222", "/a b"),
            ("ssh://git@[2001:db8::1]:22/a", "git", "ssh://[2001:db8::1]", "/a"),
            ("ssh://git@git.example/~me/docs.git", "git", "ssh://git.example", "~me/docs.git"),
            ("git@github.com:o/r.git", "git", "ssh://github.com", "o/r.git"),
            ("git@[2001:db8::1]:o/r.git", "git", "ssh://[2001:db8::1]", "o/r.git"),
            ("a.b-c_d@git.example:/srv/x:y@z", "a.b-c_d", "ssh://git.example", "/srv/x:y@z"),
        ]
        for (text, user, origin, path) in cases {
            let address = try #require(Self.address(text), "\(text)")
            #expect(address.user == user && "\(address.origin)" == origin && address.path == path, "\(text)")
        }
        guard case .web = try GitAddress("https://git.example/a@b:c") else {
            Issue.record("a web address")
            return
        }
    }

    @Test(arguments: [
        "ssh://git.example/a", "ssh://@git.example/a", "ssh://-oProxyCommand=x@git.example/a", "ssh://git@-oX/a",
        "ssh://a@b@git.example/a", "ssh://git:secret@git.example/a", "ssh://git@git.example", "ssh://git@git.example/",
        "ssh://git@git.example/a%00b", "ssh://git@git.example/a%0ab", "ssh://git@git.example/%zz",
        "ssh://git@git.example/%+1", "ssh://git@127.1/a", "ssh://git@git.example:0/a", "ssh://git@git.example:22:22/a",
        "ssh://git@git.example:a/b", "ssh://g it@git.example/a", "ssh://git@git.example./a", "git@git.example:",
        "git@git.example:-x", "git@git.example:a\nb", "git@git.example;x:a", "git@git.example$(x):a",
        "gıt@git.example:a",
        "-x@git.example:a", "git@:a", "git@git example:a", "git@fe80::1%eth0:a", "git@[fe80::1%eth0]:a", "file:///etc",
        "ext::sh -c x", "host:path", "git@host", "ssh+git://git@git.example/a", "ssh://git@git.example/\u{7f}",
    ]) func `what could be read in two ways is refused`(text: String) {
        #expect(throws: SourceFailure.self) { try GitAddress(text) }
    }

    @Test func `credentials that do not go with the address are refused`() {
        func refusal(_ url: String, _ change: (inout GitSettings) -> Void) -> SourceFailure? {
            var settings = GitSettings(url: url, permissions: .everyone)
            change(&settings)
            do throws(SourceFailure) { try settings.validate() } catch { return error }
            return nil
        }
        let far = "git@git.example:a.git"
        #expect(refusal(far) { $0.token = Secret("t") }?.sentence.contains("no token") == true)
        #expect(refusal(far) { _ in }?.sentence.contains("host_keys") == true)
        let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"
        #expect(refusal(far) { $0.ssh.hostKeys = [key] }?.sentence.contains("private_key") == true)
        #expect(refusal("https://git.example/a") { $0.ssh.hostKeys = [key] }?.sentence.contains("SSH") == true)
    }

    @Test func `host keys are read in every form in which they are handed on`() throws {
        let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"
        for line in [key, "github.com \(key)", "[host]:2222,1.2.3.4 \(key) comment words", "|1|abc=|def= \(key)"] {
            let read = try SSHPublicKey(line: line)
            #expect(read.text == key)
            // As GitHub publishes it for this key.
            #expect(read.fingerprint == "SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU")
        }
        for line in [
            "", "ssh-ed25519", "ssh-ed25519 AAAA", "@cert-authority * \(key)", "@revoked * \(key)", "a b \(key)",
            key.replacing("ssh-ed25519", with: "ssh-rsa"), key + "AAAA", "ssh-dss AAAA",
            "sk-ssh-ed25519@openssh.com AAAA",
        ] {
            #expect(throws: SourceFailure.self, "\(line)") { try SSHPublicKey(line: line) }
        }
    }

    @Test func `words of ssh have meanings, and only a fingerprint of them is shown`() {
        func meaning(_ code: Int32, _ words: String) -> SSHFault { SSHFault(exitCode: code, words: words, user: "git") }
        let hash = "SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU"
        #expect(meaning(255, "is\n\(hash).\nHost key verification failed.") == .hostKey(fingerprint: hash))
        #expect(meaning(255, "SHA256:<b>evil\nHost key verification failed.") == .hostKey(fingerprint: nil))
        #expect(meaning(255, "git@x: Permission denied (publickey).") == .refused(user: "git"))
        #expect(meaning(255, "ssh: connect to host 10.0.0.1 port 22: Connection refused") == .unreachable)
        #expect(meaning(255, "Connection timed out during banner exchange") == .timedOut)
        #expect(meaning(255, "No user exists for uid 1234") == .noAccount)
        #expect(meaning(255, "anything") == .lost)
        #expect(meaning(128, "secret") == .noRepository)
        #expect(meaning(7, "secret") == .failed)
    }
}
