import Foundation
import HTTPKit
import HTTPTypes
import Kit
import Storage
import TestKit
import Testing

@testable import JobQueue

@Suite(.timeLimit(.minutes(10))) struct JobRoutesTests {
    private struct Caller {
        let world: JobWorld
        let queue: JobQueue

        func call(
            _ method: HTTPRequest.Method, _ path: String, as person: Principal, job: String? = nil,
            query: [String: String] = [:], lastEvent: String? = nil
        ) async throws -> Reply {
            let route = try #require(JobRoutes(queue).routes.first { $0.method == method && $0.path == path })
            var request = HTTPRequest(method: method, scheme: "http", authority: "localhost", path: path)
            if let lastEvent { request.headerFields[HTTPField.Name("Last-Event-ID")!] = lastEvent }
            return try await route.handler(
                Exchange(
                    id: world.randomness.identifier(), request: request, parameters: job.map { ["job": $0] } ?? [:],
                    query: query, caller: person, body: [], receivedAt: world.time.now, peer: "local", revoked: {}))
        }

        func json(_ reply: Reply) throws -> [String: Any] {
            guard case .bytes(let bytes) = reply.body else { return [:] }
            return try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        }
    }

    /// One problem's status and code.
    private func problem(_ body: () async throws -> Reply) async -> (Int, String)? {
        do { _ = try await body() } catch {
            let problem = (error as? any ProblemConvertible)?.problem ?? error as? Problem
            return problem.map { ($0.status.code, $0.code) }
        }
        return nil
    }

    @Test func `every route demands a permission`() async throws {
        try await JobWorld.each { world in
            for route in JobRoutes(world.queue()).routes {
                let expected: RoutePolicy = route.method == .get ? .requires(.jobsRead) : .requires(.jobsCancel)
                #expect(route.policy == expected)
            }
        }
    }

    @Test func `jobs are listed and read by those who may`() async throws {
        try await JobWorld.each { world in
            let caller = Caller(world: world, queue: world.queue())
            let (anna, ben) = (world.person(), world.person())
            let id = try await world.enqueue(resource: "doc_1", title: "Report", as: anna, on: caller.queue)
            let job = try caller.json(try await caller.call(.get, "/api/v1/jobs/{job}", as: anna, job: id.description))
            #expect(job["id"] as? String == id.description && job["state"] as? String == "queued")
            #expect(job["title"] as? String == "Report" && job["resource"] as? String == "doc_1")
            #expect(job["done"] as? Int == 0 && job["created"] as? String == "2026-01-01T00:00:00.000Z")
            let list = try caller.json(
                try await caller.call(.get, "/api/v1/jobs", as: anna, query: ["state": "queued"]))
            #expect((list["items"] as? [Any])?.count == 1)
            #expect(list["next"] == nil || list["next"] is NSNull)
            let nothing = try caller.json(try await caller.call(.get, "/api/v1/jobs", as: ben))
            #expect((nothing["items"] as? [Any])?.isEmpty == true)
        }
    }

    @Test func `unknown, malformed and other people's jobs answer alike`() async throws {
        try await JobWorld.each { world in
            let caller = Caller(world: world, queue: world.queue())
            let id = try await world.enqueue(as: world.person(), on: caller.queue)
            let unknown = world.randomness.identifier(JobID.self)
            let stranger = world.person(admin: true, of: world.otherTenant)
            for (person, job) in [
                (world.person(), "\(id)"), (stranger, "\(id)"), (stranger, "\(unknown)"), (stranger, "x"),
            ] {
                for (method, path) in [
                    (HTTPRequest.Method.get, "/api/v1/jobs/{job}"), (.post, "/api/v1/jobs/{job}/cancel"),
                    (.post, "/api/v1/jobs/{job}/retry"),
                ] {
                    let found = await problem { try await caller.call(method, path, as: person, job: job) }
                    #expect(found?.0 == 404 && found?.1 == "request.not_found")
                }
            }
        }
    }

    @Test func `cancel and retry answer with the job, and conflicts say why`() async throws {
        try await JobWorld.each { world in
            let caller = Caller(world: world, queue: world.queue())
            caller.queue.register(kind: "test.work") { _ in }
            let anna = world.person()
            let id = try await world.enqueue(as: anna, on: caller.queue).description
            let early = await problem { try await caller.call(.post, "/api/v1/jobs/{job}/retry", as: anna, job: id) }
            #expect(early?.0 == 409 && early?.1 == "jobs.not_retryable")
            let cancelled = try await caller.call(.post, "/api/v1/jobs/{job}/cancel", as: anna, job: id)
            #expect(try caller.json(cancelled)["state"] as? String == "cancelled")
            let queued = try await caller.call(.post, "/api/v1/jobs/{job}/retry", as: anna, job: id)
            #expect(try caller.json(queued)["state"] as? String == "queued")
            #expect(try await caller.queue.performNext(of: world.tenant))
            let late = await problem { try await caller.call(.post, "/api/v1/jobs/{job}/cancel", as: anna, job: id) }
            #expect(late?.0 == 409 && late?.1 == "jobs.finished")
        }
    }

    @Test func `a wrong state or cursor names the field`() async throws {
        try await JobWorld.each { world in
            let caller = Caller(world: world, queue: world.queue())
            let anna = world.person()
            for query in [["state": "lost"], ["cursor": "!"], ["cursor": CursorPaging.cursor("x")]] {
                let found = await problem { try await caller.call(.get, "/api/v1/jobs", as: anna, query: query) }
                #expect(found?.0 == 400)
            }
        }
    }

    @Test func `events carry the job and the id to resume after`() async throws {
        try await JobWorld.each { world in
            let caller = Caller(world: world, queue: world.queue())
            let anna = world.person()
            let id = try await world.enqueue(as: anna, on: caller.queue)
            for last in [nil, "0", "not a number"] {
                let reply = try await caller.call(.get, "/api/v1/events", as: anna, lastEvent: last)
                guard case .stream(let chunks) = reply.body else { throw Watchdog(what: "no stream") }
                var first: [UInt8] = []
                for try await chunk in chunks where !chunk.starts(with: Array(":".utf8)) {
                    first = chunk
                    break
                }
                let text = String(decoding: first, as: UTF8.self)
                #expect(text.hasPrefix("id: 1\nevent: job\ndata: {"))
                #expect(text.contains(id.description))
            }
        }
    }

    @Test func `a handler's problem tells whether trying again helps`() {
        let notFound = JobRoutes.fault(of: Problem.notFound())
        #expect(notFound.isPermanent && notFound.code == "request.not_found")
        #expect(!JobRoutes.fault(of: Problem(.tooManyRequests, "x", "Later.")).isPermanent)
        #expect(!JobRoutes.fault(of: Problem(.serviceUnavailable, "x", "Later.")).isPermanent)
        #expect(JobRoutes.fault(of: JobWorld.Suspended()) == .failed)
    }
}
