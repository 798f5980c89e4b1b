import AuditTrail
import Kit
import Storage
import TestKit
import Testing

@Suite struct FilterTests {
    private static func numbers(
        _ bench: AuditBench, _ tenant: TenantID, _ filter: AuditFilter, limit: Int = 3
    ) async throws -> [String] {
        var (numbers, cursor): ([String], String?) = ([], nil)
        repeat {
            let page = try await bench.trail.entries(
                for: .reader(of: tenant), page: PageRequest(limit: limit, after: cursor), matching: filter)
            #expect(page.items.count <= limit)
            numbers += page.items.compactMap(\.record.entry.facts["number"])
            cursor = page.next
        } while cursor != nil
        return numbers
    }

    @Test func `acts, people and times are found, over all pages and years`() async throws {
        try await AuditBench.each { bench in
            let tenant = try bench.makeTenant()
            let person = Randomness.system.identifier(SubjectID.self)
            let start = bench.clock.now
            for number in 1...12 {
                let action = ["notes.write", "notes.delete", "notesbook.write"][number % 3]
                let entry = AuditEntry(
                    action: action, subject: number % 2 == 0 ? person : nil, resource: "note",
                    facts: ["number": "\(number)"])
                try await bench.trail.record(entry, for: .tenant(tenant))
                bench.clock.advance(by: .seconds(60 * 86_400))
            }
            func day(_ number: Int) -> Timestamp { start + .seconds(number * 60 * 86_400) }
            #expect(
                try await Self.numbers(bench, tenant, AuditFilter(action: "notes.delete")) == ["10", "7", "4", "1"])
            #expect(
                try await Self.numbers(bench, tenant, AuditFilter(action: "notes"))
                    == ["12", "10", "9", "7", "6", "4", "3", "1"])
            #expect(try await Self.numbers(bench, tenant, AuditFilter(action: "note")).isEmpty)
            #expect(
                try await Self.numbers(bench, tenant, AuditFilter(subject: person)) == ["12", "10", "8", "6", "4", "2"])
            #expect(
                try await Self.numbers(bench, tenant, AuditFilter(since: day(4), before: day(7))) == ["7", "6", "5"])
            #expect(
                try await Self.numbers(
                    bench, tenant, AuditFilter(action: "notes", subject: person, since: day(3))) == [
                        "12", "10", "6", "4",
                    ])
        }
    }

    @Test func `another tenant's acts are never found`() async throws {
        try await AuditBench.each { bench in
            let (tenant, other) = (try await bench.makeLog(2), try await bench.makeLog(5))
            #expect(try await Self.numbers(bench, tenant, AuditFilter(action: "notes")) == ["2", "1"])
            #expect(try await Self.numbers(bench, other, AuditFilter(action: "notes")).count == 5)
        }
    }
}
