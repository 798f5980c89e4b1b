import Access
import Answers
import Connectors
import Documents
import Encoder
import Foundation
import HTTPKit
import Intake
import JobQueue
import Kit
import Library
import Logging
import Outbound
import Search
import Settings

/// What each capability needs of the settings, in its own words.
extension CloisterSettings {
    var access: AccessSettings {
        var access = AccessSettings()
        access.sessionIdle = .seconds(session.idleMinutes * 60)
        access.sessionAbsolute = .seconds(session.absoluteHours * 3600)
        return access
    }

    var jobQueue: JobSettings {
        let workers = jobs.workers > 0 ? jobs.workers : ProcessInfo.processInfo.activeProcessorCount + 2
        return JobSettings(
            workers: workers, rules: JobRules(attemptsMax: jobs.attempts), keepDays: jobs.keepDays,
            isExclusive: storage == .sqlite)
    }

    /// A place for each job that may read a file, so that none waits for its time to run out.
    var parserBounds: ParserPool.Bounds {
        var bounds = ParserPool.Bounds()
        bounds.workersMax = jobQueue.workers
        return bounds
    }

    var encoderSettings: EncoderSettings {
        var settings = EncoderSettings()
        if encoder.threads > 0 { settings.batchThreads = encoder.threads }
        return settings
    }

    var searchSettings: SearchSettings {
        var settings = SearchSettings()
        settings.averageTerms = Double(search.averageTerms)
        settings.segmentDocuments = search.segmentDocuments
        // A question may have as many characters, each of up to four bytes.
        settings.queryBytesMax = 4 * limits.questionCharacters
        return settings
    }

    /// With the fingerprints of what makes vectors now, and of what made them before.
    func searchSettings(encoder: String, earlier: String?) -> SearchSettings {
        var settings: SearchSettings = searchSettings
        (settings.encoder, settings.earlierEncoder) = (encoder, earlier)
        return settings
    }

    var librarySettings: LibrarySettings {
        var settings = LibrarySettings()
        settings.uploadBytesMax = limits.uploadBytes
        return settings
    }

    /// Throws `SettingsFailure` for an entry that is no connection.
    func connectorTools(clock: WallClock, randomness: Randomness) throws -> ConnectorTools {
        var entries: [PolicyEntry] = []
        for text in outside.hosts {
            do throws(PolicyFault) {
                entries.append(try PolicyEntry(text))
            } catch {
                throw SettingsFailure.conflict(key: "outbound.hosts", reason: "(\(text)): \(error.sentence)")
            }
        }
        let client = try OutboundClient(
            policy: try OutboundPolicy(entries), authoritiesPath: outside.authorities, clock: clock)
        return ConnectorTools(
            client: RetryingClient(client, clock: clock, randomness: randomness), folders: outside.folders,
            clock: clock)
    }

    var intakeSettings: IntakeSettings {
        var settings = IntakeSettings()
        settings.itemBytesMax = limits.uploadBytes
        return settings
    }

    /// Nil where the built-in reader answers.
    func chatModel(_ tools: ConnectorTools) throws -> ChatModel? {
        guard let url = answers.model.url else { return nil }
        do {
            return try ChatModel(
                name: answers.model.name, base: url, key: try answers.model.key?.resolve().reveal(),
                client: tools.client)
        } catch let fault as URLFault {
            throw SettingsFailure.conflict(key: "answers.model.url", reason: "(\(url)): \(fault.sentence)")
        }
    }

    var answerSettings: AnswerSettings {
        var settings = AnswerSettings()
        settings.threshold = Float(answers.threshold)
        settings.reading = ReadingMethod(rawValue: answers.reading) ?? .alignment
        settings.questionCharactersMax = limits.questionCharacters
        return settings
    }

    var logLevel: Logger.Level { Logger.Level(rawValue: logging.level) ?? .info }

    func http(role: Platform.Role) throws -> HTTPSettings {
        var http = HTTPSettings()
        http.host = server.host
        http.port = server.port
        http.socketPath = role == .server ? data.directory + "/socket" : nil
        if let tls = server.tls, role == .server {
            http.tls = .init(certificateChainPath: tls.certificate, privateKey: try tls.key.resolve())
        }
        http.proxy = server.trustedProxy.flatMap(NetworkRange.init)
        http.allowedHosts = Set(server.hosts)
        http.bodyBytesMax = limits.bodyBytes
        http.principalRate = Self.rate(limits.userRequestsPerSecond)
        http.tenantRate = Self.rate(limits.tenantRequestsPerSecond)
        return http
    }

    /// A page of the web application asks for several things at once: four seconds' worth may come together.
    private static func rate(_ perSecond: Int) -> RateLimit {
        RateLimit(perSecond: Double(perSecond), burst: Double(4 * perSecond))
    }
}
