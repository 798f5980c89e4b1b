import Access
import Connectors
import HTTPKit
import HTTPTypes
import Kit
import Library

/// Sources over HTTP.
package struct IntakeRoutes: Sendable {
    let intake: Intake
    let access: AccessService

    package init(_ intake: Intake, access: AccessService) {
        self.intake = intake
        self.access = access
    }

    package var routes: [Route] {
        [
            Route(
                .get, "/api/v1/source-kinds", .requires(.sourcesRead), "The kinds of sources and their settings.",
                gives: .of(KindsBody.self), handler: listKinds),
            Route(
                .get, "/api/v1/sources", .requires(.sourcesRead), "The sources and how they are doing.",
                gives: .of(SourcesBody.self), handler: list),
            Route(
                .post, "/api/v1/sources", .requires(.sourcesManage), "Connect a source.", takes: .of(SourceDraft.self),
                gives: .of(SourceBody.self), handler: create),
            Route(
                .post, "/api/v1/sources/test", .requires(.sourcesManage), "Try a source before it is connected.",
                takes: .of(SourceDraft.self), gives: .of(ReportBody.self), handler: testDraft),
        ] + ofOne
    }

    private var ofOne: [Route] {
        [
            Route(
                .get, "/api/v1/sources/{source}", .requires(.sourcesRead), "One source.",
                gives: .of(SourceBody.self), handler: show),
            Route(
                .put, "/api/v1/sources/{source}", .requires(.sourcesManage),
                "Change a source; secrets that are left out stay.", takes: .of(SourceDraft.self),
                gives: .of(SourceBody.self), handler: update),
            Route(
                .delete, "/api/v1/sources/{source}", .requires(.sourcesManage),
                "Delete a source with all its documents; a job does it.", handler: remove),
            Route(
                .post, "/api/v1/sources/{source}/sync", .requires(.sourcesManage), "Sync now; also ends a pause.",
                gives: .of(SourceBody.self), handler: sync),
            Route(
                .post, "/api/v1/sources/{source}/pause", .requires(.sourcesManage), "Stop syncing until asked to.",
                gives: .of(SourceBody.self), handler: pause),
            Route(
                .post, "/api/v1/sources/{source}/confirm", .requires(.sourcesManage),
                "Let documents go that the source no longer names, although they are many.",
                gives: .of(SourceBody.self), handler: confirm),
            Route(
                .post, "/api/v1/sources/{source}/test", .requires(.sourcesManage), "Try the connection, step by step.",
                gives: .of(ReportBody.self), handler: test),
            Route(
                .post, "/api/v1/sources/{source}/hook",
                .anonymous(because: "a delivery is proved by the source's hook secret and asks only for what is due"),
                "A webhook of the source says that something changed there.", bodyBytesMax: HookDelivery.bodyBytesMax,
                handler: hook),
            Route(
                .get, "/api/v1/sources/{source}/problems", .requires(.sourcesManage),
                "Documents that could not be taken in, and why.", gives: .of(ProblemsBody.self), handler: problems),
            Route(
                .get, "/api/v1/sources/{source}/visible", .requires(.sourcesManage),
                "How much of the source ?subject= would see.", gives: .of(VisibleBody.self), handler: visible),
        ]
    }

    private func listKinds(_: Exchange) async throws -> Reply {
        try .json(KindsBody(items: intake.kinds.map(KindBody.init)))
    }

    private func list(_ exchange: Exchange) async throws -> Reply {
        let found = try await intake.sources(for: exchange.principal())
        return try .json(SourcesBody(items: found.map(body)))
    }

    private func create(_ exchange: Exchange) async throws -> Reply {
        let draft = try exchange.decode(SourceDraft.self).settings
        let made = try await intake.create(draft, by: exchange.principal(), request: exchange.id)
        return try .json(body(made), status: .created)
    }

    private func show(_ exchange: Exchange) async throws -> Reply {
        try .json(body(try await intake.source(exchange.identifier("source"), for: exchange.principal())))
    }

    private func update(_ exchange: Exchange) async throws -> Reply {
        let draft = try exchange.decode(SourceDraft.self).settings
        let changed = try await intake.update(
            exchange.identifier("source"), to: draft, by: exchange.principal(), request: exchange.id)
        return try .json(body(changed))
    }

    private func remove(_ exchange: Exchange) async throws -> Reply {
        try await intake.remove(exchange.identifier("source"), by: exchange.principal(), request: exchange.id)
        return Reply(.accepted)
    }

    private func sync(_ exchange: Exchange) async throws -> Reply {
        try .json(
            body(
                try await intake.sync(exchange.identifier("source"), by: exchange.principal(), request: exchange.id)))
    }

    private func hook(_ exchange: Exchange) async throws -> Reply {
        let id = exchange.parameters["source"].flatMap { SourceID($0) }
        try await intake.hint(id, by: HookDelivery(exchange), request: exchange.id)
        return Reply(.accepted)
    }

    private func pause(_ exchange: Exchange) async throws -> Reply {
        try .json(
            body(
                try await intake.pause(exchange.identifier("source"), by: exchange.principal(), request: exchange.id)))
    }

    private func confirm(_ exchange: Exchange) async throws -> Reply {
        let id: SourceID = try exchange.identifier("source")
        return try .json(
            body(try await intake.confirmRemovals(id, by: exchange.principal(), request: exchange.id)))
    }

    private func test(_ exchange: Exchange) async throws -> Reply {
        let id: SourceID = try exchange.identifier("source")
        return try .json(ReportBody(try await intake.test(id, for: exchange.principal())))
    }

    private func testDraft(_ exchange: Exchange) async throws -> Reply {
        let draft = try exchange.decode(SourceDraft.self).settings
        return try .json(ReportBody(try await intake.test(draft, for: exchange.principal())))
    }

    private func problems(_ exchange: Exchange) async throws -> Reply {
        let found = try await intake.problems(of: exchange.identifier("source"), for: exchange.principal())
        return try .json(ProblemsBody(items: found.map(ProblemBody.init)))
    }

    private func visible(_ exchange: Exchange) async throws -> Reply {
        let asker = try exchange.principal()
        guard let subject = exchange.query["subject"].flatMap({ SubjectID($0) }) else {
            throw Problem.invalid("subject", "Name somebody: ?subject=sub_...")
        }
        let reader = try await access.principal(of: subject, askedBy: asker)
        let seen = try await intake.visible(exchange.identifier("source"), to: reader, for: asker)
        return try .json(VisibleBody(subject: subject, visible: seen.visible, documents: seen.documents))
    }

    private func body(_ summary: SourceSummary) -> SourceBody {
        // Of a kind that this build does not know, nothing can be told from a secret.
        let kind = intake.kinds.first { $0.name == summary.record.settings.kind }
        let secrets = kind?.secrets ?? Array(summary.record.settings.options.keys)
        return SourceBody(summary, secrets: Set(secrets), now: intake.now)
    }
}

extension IntakeFailure: ProblemConvertible {
    package var problem: Problem {
        switch self {
        case .notFound: .notFound("intake.not_found")
        case .nameTaken: Problem(.conflict, "intake.name_taken", "A source of this name exists already.")
        case .badName:
            Problem(
                .badRequest, "intake.bad_name", "A name has 1 to 200 bytes, no slash and no control characters.")
        case .unknownKind(let known): .invalid("kind", "One of \(known.joined(separator: ", ")).")
        case .badInterval:
            Problem(
                .badRequest, "intake.bad_interval",
                "A source runs every 10 seconds to 7 days, and its permissions are stale after 1 to 720 hours.")
        case .tooManyAccounts:
            Problem(.badRequest, "intake.too_many_accounts", "At most 10,000 accounts can be named one by one.")
        case .settings(let failure):
            Problem(.badRequest, "intake.settings", "These settings cannot work.", detail: failure.sentence)
        case .tooMany(let limit): Problem(.conflict, "intake.too_many", "A tenant has at most \(limit) sources.")
        case .isRemoved: Problem(.conflict, "intake.is_removed", "The source is being deleted.")
        case .nothingHeld: Problem(.conflict, "intake.nothing_held", "Nothing waits to be confirmed.")
        case .cannotChange(let field):
            Problem(
                .conflict, "intake.cannot_change", "The \(field) of a source stays. Connect another source instead.")
        case .hookRefused:
            Problem(
                .unauthorized, "intake.hook_refused", "This delivery does not prove that it is the source's.",
                detail: "Check the address, and that both sides have the same hook secret.")
        case .superseded: Problem(.conflict, "intake.superseded", "Another run of the source took over.")
        }
    }
}

extension OptionValue: SchemaDescribed {
    package static var schema: SchemaNode { .any }
    package static var schemaSample: OptionValue { .text("") }
}

extension HookDelivery {
    fileprivate init(_ exchange: Exchange) {
        let headers = exchange.request.headerFields
        self.init(
            signatures: ["X-Hub-Signature-256", "X-Hub-Signature"].flatMap { headers[values: $0] },
            secrets: ["X-Cloister-Hook", "X-Gitlab-Token"].flatMap { headers[values: $0] }
                + headers[values: .authorization].compactMap(Self.bearer),
            body: exchange.body)
    }

    private static func bearer(_ value: String) -> String? {
        let parts = value.split(separator: " ", maxSplits: 1)
        return parts.count == 2 && parts[0].lowercased() == "bearer" ? String(parts[1]) : nil
    }
}

extension HTTPFields {
    /// None for what is no name of a header.
    fileprivate subscript(values name: String) -> [String] {
        HTTPField.Name(name).map { self[values: $0] } ?? []
    }
}
