import Kit
import Testing

@testable import Connectors
@testable import TestConnectors

/// A source lies in a folder that the operator opened (ATT-24).
@Suite struct FolderKindTests {
    @Test(arguments: [
        "/srv/docs", "/srv/docs/", "/srv/docs/a/b", "//srv//docs/a", "/srv/docs/..a", "/srv/docs/a\u{301}",
    ])
    func `inside is inside`(path: String) { #expect(ConnectorKind.isWithin(path, "/srv/docs")) }

    @Test(arguments: [
        "/srv", "/srv/docsx", "/srv/doc", "/", "", "srv/docs", "/srv/docs/..", "/srv/docs/../other", "/srv/docs/./a",
        "/srv/docs/../\u{301}x", "/srv/docs/..", "/srv/docs\u{301}/a", "/etc", "~/docs",
    ])
    func `outside is outside, whatever a path looks like`(path: String) {
        #expect(!ConnectorKind.isWithin(path, "/srv/docs"))
    }
}
