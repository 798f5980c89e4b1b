import Access
import Answers
import HTTPKit
import HTTPTypes
import Kit
import Synchronization

/// Trying everything on with other people's eyes: who they are, a sign-in as one of them, and a question asked as one
/// of them beside one's own. They exist only for the people of a demonstration that `cloister serve --demonstration`
/// loaded; everywhere else they are not there.
final class DemonstrationRoutes: Sendable {
    struct Persona: Codable, Sendable {
        let name, displayName, persona: String
    }

    private let access: AccessService
    private let pipeline: AnswerPipeline
    private let personas = Mutex<[Persona]>([])

    init(access: AccessService, pipeline: AnswerPipeline) {
        self.access = access
        self.pipeline = pipeline
    }

    func open(for people: [TenantFile.Person]) {
        personas.withLock {
            $0 = people.map { Persona(name: $0.name, displayName: $0.displayName, persona: $0.persona) }
        }
    }

    var routes: [Route] {
        [
            Route(
                .get, "/api/v1/demonstration", .authenticated,
                "The people of the demonstration; nobody where none is loaded.", gives: .of(PersonasBody.self),
                handler: list),
            Route(
                .post, "/api/v1/demonstration/sign-in", .authenticated,
                "A one-time link that signs in as one of them.", takes: .of(PersonaBody.self),
                gives: .of(LinkBody.self), repetition: .refused, handler: signIn),
            Route(
                .post, "/api/v1/demonstration/ask", .requires(.answersAsk),
                "Ask as one of them, with exactly their rights.", takes: .of(PersonaQuestionBody.self),
                gives: .of(AnswerBody.self), repetition: .runsAgain, handler: ask),
        ]
    }

    private struct PersonasBody: Codable, Sendable { let items: [Persona] }
    private struct PersonaBody: Codable, Sendable { let persona: String }
    private struct LinkBody: Codable, Sendable { let token: String }
    private struct PersonaQuestionBody: Codable, Sendable {
        let persona, question: String
        let collections: [CollectionID]?
    }

    private func list(_ exchange: Exchange) async throws -> Reply {
        try .json(PersonasBody(items: personas.withLock(\.self)))
    }

    private func signIn(_ exchange: Exchange) async throws -> Reply {
        let body = try exchange.decode(PersonaBody.self)
        let owner = try await access.authenticate(PresentedCredentials(localTenant: FirstTenant.name))
        let subject = try await subject(of: body.persona, for: exchange.principal(), owner)
        let token = try await access.mintSignInLink(for: subject, as: owner, request: exchange.id)
        return try .json(LinkBody(token: token.reveal()), status: .created)
    }

    private func ask(_ exchange: Exchange) async throws -> Reply {
        let body = try exchange.decode(PersonaQuestionBody.self)
        let owner = try await access.authenticate(PresentedCredentials(localTenant: FirstTenant.name))
        let subject = try await subject(of: body.persona, for: exchange.principal(), owner)
        let persona = try await access.principal(
            tenant: owner.tenant, subject: subject, purpose: .general, job: Randomness.system.identifier())
        return try await AnswerRoutes(pipeline: pipeline).reply(
            to: AnswerPipeline.Asking(body.question, in: body.collections.map(Set.init), by: .reader),
            as: persona, exchange)
    }

    /// Only for people of the tenant where the demonstration is, at a screen: a key has the scopes that it was given,
    /// and no persona's.
    private func subject(
        of name: String, for principal: Principal, _ owner: Principal
    ) async throws -> SubjectID {
        guard principal.tenant == owner.tenant, principal.isPresent,
            personas.withLock({ $0.contains { $0.name == name } }),
            let user = try await access.users(PageRequest(limit: PageRequest.limitMax), as: owner).items
                .first(where: { $0.name == name })
        else { throw Problem.notFound("demonstration.not_found") }
        return user.id
    }
}

extension Principal {
    /// A person at a screen or the operator, no key and no job.
    fileprivate var isPresent: Bool {
        switch credential {
        case .session, .localOperator: true
        case .apiKey, .job: false
        }
    }
}
