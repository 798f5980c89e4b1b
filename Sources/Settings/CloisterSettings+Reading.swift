extension CloisterSettings {
    init(_ reader: SettingReader) throws(SettingsFailure) {
        self.init(
            home: try reader.text("home"),
            data: Data(directory: try reader.text("data.directory")),
            keys: Keys(directory: try reader.text("keys.directory"), root: try reader.secret("keys.root")),
            storage: try reader.optionalSecret("storage.url").map { .postgres($0) } ?? .sqlite,
            server: try Server(reader),
            encoder: Encoder(
                directory: try reader.text("encoder.directory"),
                earlierDirectory: try reader.optionalText("encoder.earlier_directory"),
                threads: try reader.integer("encoder.threads")),
            search: Search(
                averageTerms: try reader.integer("search.average_terms"),
                segmentDocuments: try reader.integer("search.segment_documents")),
            jobs: Jobs(
                workers: try reader.integer("jobs.workers"), attempts: try reader.integer("jobs.attempts"),
                keepDays: try reader.integer("jobs.keep_days")),
            outside: Outside(
                hosts: try reader.list("outbound.hosts"), authorities: try reader.optionalText("outbound.authorities"),
                folders: try reader.list("sources.folders")),
            session: Session(
                idleMinutes: try reader.integer("session.idle_minutes"),
                absoluteHours: try reader.integer("session.absolute_hours")),
            limits: try Limits(reader),
            answers: Answers(
                threshold: try reader.number("answers.threshold"), reading: try reader.text("answers.reading"),
                model: Answers.Model(
                    url: try reader.optionalText("answers.model.url"), name: try reader.text("answers.model.name"),
                    key: try reader.optionalSecret("answers.model.key"))),
            logging: Logging(level: try reader.text("logging.level"))
        )
    }
}

extension CloisterSettings.Server {
    init(_ reader: SettingReader) throws(SettingsFailure) {
        self.init(
            host: try reader.text("server.host"), port: try reader.integer("server.port"),
            certificate: try reader.optionalText("server.tls.certificate"),
            key: try reader.optionalSecret("server.tls.key"),
            trustedProxy: try reader.optionalText("server.trusted_proxy"),
            hosts: try reader.list("server.hosts").map { $0.lowercased() },
            webRoot: try reader.optionalText("server.web_root"),
            embedders: try reader.list("web.embedders")
        )
    }
}

extension CloisterSettings.Limits {
    init(_ reader: SettingReader) throws(SettingsFailure) {
        self.init(
            bodyBytes: try reader.integer("limits.body_bytes"), uploadBytes: try reader.integer("limits.upload_bytes"),
            userRequestsPerSecond: try reader.integer("limits.user_requests_per_second"),
            tenantRequestsPerSecond: try reader.integer("limits.tenant_requests_per_second"),
            questionCharacters: try reader.integer("limits.question_characters"))
    }
}
