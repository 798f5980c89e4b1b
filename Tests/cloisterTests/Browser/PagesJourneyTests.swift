import Foundation
import HTTPKit
import TestKit
import Testing

@testable import cloister

@Suite struct PagesJourneyTests {
    private static let pictures = ProcessInfo.processInfo.environment["CLOISTER_TEST_PICTURES"]

    @Test func `a person looks at the quoted page, asks why, and compares versions`() async throws {
        try await TestEnvironment.withTemporaryDirectory { folder in
            try await TestPlatform.run(on: .sqlite) { test in
                try await FirstTenant(access: test.platform.access).ensure()
                try await BrowserJourneyTests.serve(test.platform) { origin, link in
                    let journey = PagesJourney(
                        baseURL: origin, signInLink: link, folder: folder, pictures: Self.pictures)
                    try await journey.run()
                }
            }
        }
    }

    @Test func `an administrator keeps people, groups and keys, and searches the log`() async throws {
        try await TestPlatform.run(on: .sqlite) { test in
            try await FirstTenant(access: test.platform.access).ensure()
            try await BrowserJourneyTests.serve(test.platform) { origin, link in
                test.platform.readiness.markStarted()
                try await AdministrationJourney(baseURL: origin, signInLink: link, pictures: Self.pictures).run()
            }
        }
    }
}
