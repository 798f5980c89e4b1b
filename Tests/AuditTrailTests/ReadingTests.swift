import AuditTrail
import Foundation
import HTTPKit
import HTTPTypes
import Keyring
import Kit
import Storage
import TestKit
import Testing

@Suite struct ReadingTests {
    @Test func `pages go backwards through all years without gap or repetition`() async throws {
        try await AuditBench.each { bench in
            let tenant = try await bench.makeLog(7)
            bench.clock.advance(by: .seconds(366 * 86_400))
            for number in 8...12 { try await bench.trail.record(bench.entry(number), for: .tenant(tenant)) }
            let reader = Principal.reader(of: tenant)
            var (numbers, cursor): ([String], String?) = ([], nil)
            repeat {
                let page = try await bench.trail.entries(for: reader, page: PageRequest(limit: 3, after: cursor))
                numbers += page.items.compactMap(\.record.entry.facts["number"])
                cursor = page.next
            } while cursor != nil
            #expect(numbers == (1...12).reversed().map(String.init))
        }
    }

    @Test func `reading is recorded, also who read`() async throws {
        try await AuditBench.each { bench in
            let tenant = try await bench.makeLog(1)
            let reader = Principal.reader(of: tenant)
            _ = try await bench.trail.entries(for: reader, page: PageRequest())
            _ = try await bench.trail.verification(for: reader)
            let page = try await bench.trail.entries(for: reader, page: PageRequest())
            let acts = page.items.map(\.record.entry)
            #expect(acts.map(\.action) == ["audit.read", "audit.verify", "audit.read", "notes.write"])
            #expect(acts.dropLast().allSatisfy { $0.subject == reader.subject })
        }
    }

    @Test func `without audit.read nothing is shown and nothing written`() async throws {
        try await AuditBench.each { bench in
            let tenant = try await bench.makeLog(1)
            let user = Principal.reader(of: tenant, permissions: [.documentsRead])
            await #expect(throws: AuditFailure.forbidden) {
                try await bench.trail.entries(for: user, page: PageRequest())
            }
            await #expect(throws: AuditFailure.forbidden) { try await bench.trail.verification(for: user) }
            #expect(try await bench.trail.verify(.tenant(tenant)).size == 1)
        }
    }

    @Test func `a reader sees its own tenant only`() async throws {
        try await AuditBench.each { bench in
            let (tenant, other) = (try await bench.makeLog(2), try await bench.makeLog(5))
            let page = try await bench.trail.entries(for: .reader(of: tenant), page: PageRequest())
            #expect(page.items.count == 3)
            #expect(!page.items.contains { $0.record.log.scope == .tenant(other) })
        }
    }

    @Test(arguments: ["", "x", "2026", "2026/", "/1", "2026/1/1", "2026/x", "2026/99999999999999999999"])
    func `a cursor that no page gave is refused`(cursor: String) async throws {
        try await AuditBench.each { bench in
            let tenant = try await bench.makeLog(1)
            await #expect(throws: AuditFailure.unknownPage) {
                try await bench.trail.entries(for: .reader(of: tenant), page: PageRequest(after: cursor))
            }
        }
    }

    @Test func `the routes give records and the verdict as JSON`() async throws {
        try await AuditBench.each { bench in
            let tenant = try await bench.makeLog(3)
            let records = try await reply("/api/v1/audit", bench, .reader(of: tenant))
            #expect(records.contains("\"action\":\"notes.write\""))
            #expect(records.contains("\"log\":\"\(tenant)/2026\""))
            #expect(records.contains("\"time\":\"2026-01-01T00:00:00.000Z\""))
            let sound = try await reply("/api/v1/audit/verification", bench, .reader(of: tenant))
            #expect(sound.contains("\"sound\":true"))
            try await bench.tamper(["DELETE FROM audit_leaves WHERE owner = \(tenant) AND sequence = 2"])
            let broken = try await reply("/api/v1/audit/verification", bench, .reader(of: tenant))
            #expect(broken.contains("\"sound\":false"))
            #expect(broken.contains("\"message\":\"Record 2 of \(tenant)/2026: there is no such record"))
        }
    }

    @Test func `every route needs audit.read, but the public key is for all who sign in`() async throws {
        try await AuditBench.each { bench in
            for route in AuditRoutes(trail: bench.trail).table {
                let isKey = route.path == "/api/v1/audit/key"
                #expect(route.policy == (isKey ? .authenticated : .requires(.auditRead)))
            }
        }
    }

    private func reply(_ path: String, _ bench: AuditBench, _ principal: Principal) async throws -> String {
        let route = try #require(AuditRoutes(trail: bench.trail).table.first { $0.path == path })
        let exchange = Exchange(
            id: Randomness.system.identifier(),
            request: HTTPRequest(method: .get, scheme: "https", authority: "localhost", path: path), parameters: [:],
            query: [:], caller: principal, body: [], receivedAt: bench.clock.now, peer: "local", revoked: {})
        guard case .bytes(let bytes) = try await route.handler(exchange).body else { return "" }
        return String(decoding: bytes, as: UTF8.self)
    }
}
