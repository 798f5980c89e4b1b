import Connectors
import Kit

/// JSON of the routes of sources. Field names are the API.
struct SourceDraft: Codable, Sendable {
    let name: String
    let kind: String
    let collection: CollectionID
    let options: [String: OptionValue]
    let label: Classification?
    /// Seconds between runs; 300 when nil.
    let every: Int?
    let people: PeopleDraft?

    var settings: SourceSettings {
        SourceSettings(
            name: name, kind: kind, options: options, collection: collection, label: label,
            every: every ?? SourceSettings.everyDefault, people: people?.settings ?? PeopleSettings())
    }
}

struct PeopleDraft: Codable, Sendable {
    /// Whether permissions of the source count; true when nil.
    let obeysSource: Bool?
    /// `email` when nil, `username` or `none`.
    let match: PeopleSettings.Match?
    let accounts: [String: String]?
    /// 24 when nil.
    let staleHours: Int?
    /// Whether the source itself is asked before something of a page is shown; false when nil. Where it cannot be
    /// asked (only Confluence Cloud can), nothing changes.
    let asksSource: Bool?

    init(_ settings: PeopleSettings) {
        asksSource = settings.asksSource
        obeysSource = settings.obeysSource
        match = settings.match
        accounts = settings.accounts
        staleHours = settings.staleHours
    }

    var settings: PeopleSettings {
        PeopleSettings(
            obeysSource: obeysSource ?? true, match: match ?? .email, accounts: accounts ?? [:],
            staleHours: staleHours ?? 24, asksSource: asksSource ?? false)
    }
}

struct SourcesBody: Codable, Sendable {
    let items: [SourceBody]
}

struct SourceBody: Codable, Sendable {
    let id: SourceID
    let name: String
    let kind: String
    let collection: CollectionID
    /// Without secrets.
    let options: [String: OptionValue]
    /// Names of secrets that are set.
    let secrets: [String]
    let label: Classification?
    let every: Int
    let people: PeopleDraft
    let state: SourceState
    /// Why the last run failed, or what is waited for.
    let problem: String?
    let failures: Int
    let documents: Int
    /// Documents that could not be taken in.
    let problems: Int
    /// Documents that are hidden until somebody confirms that they may go.
    let held: Int
    /// Accounts of the source, and how many of them are somebody here; 0 where it names none.
    let accounts: Int
    let recognised: Int
    /// Everything that changed at the source before this time is here.
    let current: String?
    let lagSeconds: Int?

    init(_ summary: SourceSummary, secrets names: Set<String>, now: Timestamp) {
        let (record, settings) = (summary.record, summary.record.settings)
        id = record.id
        name = settings.name
        kind = settings.kind
        collection = settings.collection
        options = settings.options.filter { !names.contains($0.key) }
        secrets = settings.options.keys.filter(names.contains).sorted()
        label = settings.label
        every = settings.every
        people = PeopleDraft(settings.people)
        state = record.state
        problem = record.problem
        failures = record.failures
        documents = summary.documents
        problems = summary.problems
        held = record.heldCount
        accounts = record.accounts
        recognised = record.recognised
        current = record.currentAt?.text
        lagSeconds = record.lag(at: now).map { Int($0.components.seconds) }
    }
}

struct KindsBody: Codable, Sendable {
    let items: [KindBody]
}

struct KindBody: Codable, Sendable {
    struct Option: Codable, Sendable {
        let name: String
        /// `text`, `texts`, `flag`, `integer`, `choice` or `secret`.
        let form: String
        let required: Bool
        let help: String
        let choices: [String]?
        let min: Int?
        let max: Int?
    }

    let name: String
    let title: String
    let summary: String
    let statesPermissions: Bool
    let options: [Option]

    init(_ kind: ConnectorKind) {
        name = kind.name
        title = kind.title
        summary = kind.summary
        statesPermissions = kind.statesPermissions
        options = kind.options.map(Option.init)
    }
}

extension KindBody.Option {
    init(_ option: OptionDeclaration) {
        let (form, choices, range): (String, [String]?, ClosedRange<Int>?) =
            switch option.form {
            case .text: ("text", nil, nil)
            case .texts: ("texts", nil, nil)
            case .flag: ("flag", nil, nil)
            case .secret, .secretLines: ("secret", nil, nil)
            case .choice(let words): ("choice", words, nil)
            case .integer(let range): ("integer", nil, range)
            }
        self.init(
            name: option.name, form: form, required: option.isRequired, help: option.help, choices: choices,
            min: range?.lowerBound, max: range?.upperBound)
    }
}

struct ReportBody: Codable, Sendable {
    struct Step: Codable, Sendable {
        let step: String
        let good: Bool
        let sentence: String
    }

    let good: Bool
    let steps: [Step]

    init(_ report: ConnectionReport) {
        good = report.isGood
        steps = report.steps.map { Step(step: $0.kind.rawValue, good: $0.isGood, sentence: $0.sentence) }
    }
}

struct ProblemsBody: Codable, Sendable {
    let items: [ProblemBody]
}

struct ProblemBody: Codable, Sendable {
    let path: String
    let reason: String
    let attempts: Int
    /// When it is tried again; nil: not before it changes at the source.
    let retry: String?

    init(_ problem: SourceProblem) {
        path = problem.path
        reason = problem.sentence
        attempts = problem.attempts
        retry = problem.retryAt?.text
    }
}

struct VisibleBody: Codable, Sendable {
    let subject: SubjectID
    let visible: Int
    let documents: Int
}
