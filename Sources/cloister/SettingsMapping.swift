import Access
import Answers
import Encoder
import Foundation
import HTTPKit
import JobQueue
import Library
import Logging
import Search
import Settings

/// What each capability needs of the settings, in its own words.
extension CloisterSettings {
    var access: AccessSettings {
        var access = AccessSettings()
        access.sessionIdle = .seconds(live.session.idleMinutes * 60)
        access.sessionAbsolute = .seconds(live.session.absoluteHours * 3600)
        return access
    }

    var jobQueue: JobSettings {
        let workers = jobs.workers > 0 ? jobs.workers : ProcessInfo.processInfo.activeProcessorCount + 2
        return JobSettings(
            workers: workers, rules: JobRules(attemptsMax: jobs.attempts), keepDays: jobs.keepDays,
            isExclusive: storage == .sqlite)
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
        settings.queryBytesMax = 4 * live.limits.questionCharacters
        return settings
    }

    var librarySettings: LibrarySettings {
        var settings = LibrarySettings()
        settings.uploadBytesMax = live.limits.uploadBytes
        return settings
    }

    var answerSettings: AnswerSettings {
        var settings = AnswerSettings()
        settings.threshold = Float(live.answers.threshold)
        settings.questionCharactersMax = live.limits.questionCharacters
        return settings
    }

    var logLevel: Logger.Level { Logger.Level(rawValue: live.logging.level) ?? .info }

    func http(role: Platform.Role) throws -> HTTPSettings {
        var http = HTTPSettings()
        http.host = server.host
        http.port = server.port
        http.socketPath = role == .server ? data.directory + "/socket" : nil
        if let tls = server.tls {
            guard case .file(let key) = tls.key else { throw SettingsMappingFailure.tlsKeyIsNoFile }
            http.tls = .init(certificateChainPath: tls.certificate, privateKeyPath: key)
        }
        http.isBehindProxy = server.trustedProxy != nil
        http.allowedHosts = Set(server.hosts)
        http.principalRate = RateLimit(
            perSecond: Double(live.limits.userRequestsPerSecond), burst: Double(4 * live.limits.userRequestsPerSecond))
        return http
    }
}

/// A setting that is valid by itself and that this release cannot use.
enum SettingsMappingFailure: Error, CustomStringConvertible {
    /// The key would be dropped, and with it TLS.
    case tlsKeyIsNoFile

    var description: String { "server.tls.key must be a file, written file:/path; nothing else is read yet." }
}
