import Crypto
import Kit
import TestKit
import Testing

@testable import Access

@Suite struct PrincipalCacheTests {
    private let start = Timestamp(microseconds: 1_000_000_000)
    private let key = SHA256.hash(data: [1])
    private let reader: Principal

    init() {
        var random = RandomACL(seed: 3)
        reader = random.reader()
    }

    private func filled(lifetime: Duration = .seconds(5), until: Duration = .seconds(100)) -> PrincipalCache {
        let cache = PrincipalCache(lifetime: lifetime, entriesMax: 4)
        cache.follow(true)
        cache.store(reader, key, since: cache.begin(), at: start, until: start + until)
        return cache
    }

    @Test func `an entry lives for its time and no longer than its credential`() {
        #expect(filled().find(key, at: start + .milliseconds(4999)) == reader)
        #expect(filled().find(key, at: start + .seconds(5)) == nil)
        #expect(filled(until: .seconds(2)).find(key, at: start + .seconds(2)) == nil)
        #expect(filled().find(key, at: start - .seconds(1)) == nil)
    }

    @Test func `a revocation drops whom it touches and nobody else`() {
        let cache = filled()
        cache.drop(Revocation(tenant: TenantID(high: 8, low: 8), reach: .tenant))
        cache.drop(Revocation(tenant: reader.tenant, reach: .subject(SubjectID(high: 8, low: 8))))
        #expect(cache.find(key, at: start) == reader)
        cache.drop(Revocation(tenant: reader.tenant, reach: .subject(reader.subject)))
        #expect(cache.find(key, at: start) == nil)
        let other = filled()
        other.drop(Revocation(tenant: reader.tenant, reach: .tenant))
        #expect(other.find(key, at: start) == nil)
    }

    @Test func `a principal read before a revocation is not stored after it`() {
        let cache = PrincipalCache(lifetime: .seconds(5), entriesMax: 4)
        cache.follow(true)
        let epoch = cache.begin()
        cache.drop(Revocation(tenant: reader.tenant, reach: .subject(reader.subject)))
        cache.store(reader, key, since: epoch, at: start, until: start + .seconds(9))
        #expect(cache.find(key, at: start) == nil)
    }

    @Test func `without a follower it answers nothing`() {
        let cache = PrincipalCache(lifetime: .seconds(5), entriesMax: 4)
        cache.store(reader, key, since: cache.begin(), at: start, until: start + .seconds(9))
        #expect(cache.find(key, at: start) == nil)
        let followed = filled()
        followed.follow(false)
        #expect(followed.find(key, at: start) == nil)
    }

    @Test func `it holds no more entries than it may`() {
        let cache = filled()
        for number in 2...50 {
            let other = SHA256.hash(data: [UInt8(number)])
            cache.store(reader, other, since: cache.begin(), at: start, until: start + .seconds(9))
        }
        let found = (1...50).filter { cache.find(SHA256.hash(data: [UInt8($0)]), at: start) != nil }
        #expect((1...4).contains(found.count))
    }
}
