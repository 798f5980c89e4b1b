import Kit
import Testing

@Suite struct ValueTests {
    @Test(arguments: [(Int.min, 1), (-1, 1), (0, 1), (1, 1), (50, 50), (200, 200), (201, 200), (Int.max, 200)])
    func `a page has 1 to 200 items, whatever is asked`(asked: Int, given: Int) {
        #expect(PageRequest(limit: asked).limit == given)
    }

    @Test func `a page asks for fifty from the start unless told otherwise`() {
        #expect(PageRequest().limit == 50)
        #expect(PageRequest().after == nil)
        #expect(PageRequest(after: "key").after == "key")
    }

    @Test func `a mapped page keeps its place`() {
        let page = Page(items: [1, 2], next: "key").map { String($0) }
        #expect(page.items == ["1", "2"])
        #expect(page.next == "key")
    }

    private struct Holder {
        let name = "holder"
        let secret = Secret("swordfish")
    }

    @Test func `no way of printing a secret shows it`() {
        let secret = Secret("swordfish")
        var dumped = ""
        dump(secret, to: &dumped)
        dump(Holder(), to: &dumped)
        dump([secret], to: &dumped)
        let printed = [
            "\(secret)", secret.description, secret.debugDescription, String(reflecting: secret), "\([secret])",
            "\(["key": secret])", "\(Optional(secret) as Any)", "\(Holder())", String(reflecting: Holder()), dumped,
            "\(Mirror(reflecting: secret).children.map { "\($0.value)" })",
        ]
        for text in printed { #expect(!text.contains("swordfish"), "\(text)") }
        #expect(printed[0] == "<secret>")
        #expect(secret.reveal() == "swordfish")
    }

    @Test func `labels rise in the order of their levels`() {
        #expect(Classification.allCases.sorted() == Classification.allCases)
        #expect(Classification.allCases.map(\.level) == [0, 1, 2, 3, 4])
        #expect(Classification(rawValue: "top_secret") == .topSecret)
        #expect(Classification(rawValue: "TOP_SECRET") == nil)
    }

    @Test func `a revocation touches its tenant, or one subject of it`() {
        let (here, there) = (TenantID(high: 1, low: 1), TenantID(high: 2, low: 2))
        let (ana, ben) = (SubjectID(high: 1, low: 1), SubjectID(high: 2, low: 2))
        let principal = Principal(
            tenant: here, subject: ana, groups: [], roles: [.user], clearance: .internal, purpose: .general,
            permissions: [], credential: .localOperator)
        #expect(Revocation(tenant: here, reach: .tenant).touches(principal))
        #expect(!Revocation(tenant: there, reach: .tenant).touches(principal))
        #expect(Revocation(tenant: here, reach: .subject(ana)).touches(principal))
        #expect(!Revocation(tenant: here, reach: .subject(ben)).touches(principal))
        #expect(!Revocation(tenant: there, reach: .subject(ana)).touches(principal))
    }
}
