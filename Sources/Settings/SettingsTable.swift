/// The declared table: every key of the product, once. Loading, checking, printing and the reference page read it.
package enum SettingsTable {
    package static let variablePrefix = "CLOISTER_"

    /// Variables of this prefix that are for tests, clients and the command line, not settings.
    package static let reservedVariables: [String: String] = [
        "CLOISTER_CONFIG": "path of the settings file, read by the command line",
        "CLOISTER_URL": "server that the command line talks to",
        "CLOISTER_API_KEY": "key that the command line presents",
        "CLOISTER_DATA": "folder of evaluation data for tests",
        "CLOISTER_GOLDEN": "`write` rewrites golden files in tests",
        "CLOISTER_SOAK": "1 runs the long form of tests",
        "CLOISTER_SCIFACT": "`full` measures the whole of SciFact in tests",
        "CLOISTER_SEEDS": "how many seeds property tests try",
        "CLOISTER_TESTS": "which test targets are built",
    ]
    package static let reservedPrefix = "CLOISTER_TEST_"

    /// In the order of the reference page.
    package static let rows: [SettingDeclaration] =
        placesAndKeys + server + session + engines + jobs + outside + limits + answersAndLogging

    package static let byKey = Dictionary(uniqueKeysWithValues: rows.map { ($0.key, $0) })
    package static let byVariable = Dictionary(uniqueKeysWithValues: rows.map { ($0.variable, $0) })

    private static let placesAndKeys: [SettingDeclaration] = [
        .row("home", .path, default: "~/.cloister", "Folder that the other places are relative to by default."),
        .row(
            "data.directory", .path, default: "<home>/data",
            "Folder of the database, blobs, index and audit log; one process at a time locks it."),
        .row(
            "keys.directory", .path, default: "<home>/keys",
            "Folder of the wrapped keys. It lies outside the data folder, so that no copy of the data carries keys."),
        .row(
            "keys.root", .secret, default: "file:<home>/root.key",
            "Root key that wraps all others. Its file lies outside the data folder and the keys folder."),
        .row(
            "storage.url", .database, default: "sqlite",
            "Database: the word sqlite for one machine, or a reference to a postgres:// URL for many."),
    ]

    private static let server: [SettingDeclaration] = [
        .row(
            "server.host", .address, default: "127.0.0.1",
            "Address to listen on. Off the loopback it needs TLS or a trusted proxy."),
        .row("server.port", .integer(0...65535), default: "8080", "TCP port; 0 lets the system choose one."),
        .row("server.tls.certificate", .path, default: nil, "PEM file of the certificate chain."),
        .row("server.tls.key", .secret, default: nil, "PEM private key of the certificate."),
        .row(
            "server.trusted_proxy", .network, default: nil,
            "Address or network of the TLS proxy in front. Its word about clients counts; nobody else may connect."),
        .row(
            "server.hosts", .hostNames, default: "localhost, 127.0.0.1, ::1",
            "Host names that requests may name; any other Host header is refused."),
        .row(
            "server.web_root", .path, default: nil,
            "Folder to serve web assets from in place of the embedded ones, for development."),
        .row(
            "web.embedders", .origins, default: nil,
            "Origins whose pages may show Cloister's question box in a frame; without any, none may."),
    ]

    private static let session: [SettingDeclaration] = [
        .row(
            "session.idle_minutes", .integer(1...1440), default: "30", unit: "minutes",
            "A session unused for this long ends."),
        .row(
            "session.absolute_hours", .integer(1...168), default: "12", unit: "hours",
            "A session ends after this long in any case."),
    ]

    private static let engines: [SettingDeclaration] = [
        .row(
            "encoder.directory", .path, default: "<home>/encoder",
            "Folder of model.safetensors and vocab.txt of the embedding model."),
        .row(
            "encoder.earlier_directory", .path, default: nil,
            "The same of the model of before. Documents are found by it until `cloister library reembed` has read "
                + "all of them by the new one."),
        .row(
            "encoder.threads", .integer(0...256), default: "0", "Threads that embed text; 0 is one for each core."),
        .row(
            "search.average_terms", .integer(1...100_000), default: "160", unit: "terms",
            "Average chunk length that BM25 assumes: a constant, so that unseen documents cannot move a score."),
        .row(
            "search.segment_documents", .integer(1...1_000_000), default: "4096", unit: "documents",
            "Documents after which an index segment is closed and sealed."),
    ]

    private static let jobs: [SettingDeclaration] = [
        .row(
            "jobs.workers", .integer(0...256), default: "0",
            "Jobs that run at once in this process; 0 is one for each core and two more."),
        .row(
            "jobs.attempts", .integer(1...100), default: "5",
            "Attempts before a job that keeps failing goes to the dead-letter list."),
        .row(
            "jobs.keep_days", .integer(1...3650), default: "30", unit: "days", "Finished jobs are listed for this long."
        ),
    ]

    private static let outside: [SettingDeclaration] = [
        .row(
            "outbound.hosts", .connections, default: nil,
            "Where sources may connect to: https hosts, or others with scheme and port. Behind -> stand the internal "
                + "networks in which a host may be. Nothing is connected to that is not named here. "
                + "In a variable, a semicolon separates entries."
        ),
        .row(
            "outbound.authorities", .path, default: nil,
            "PEM file of certificate authorities to trust besides those of the system."),
        .row("sources.folders", .paths, default: nil, "Folders of this machine that sources may read."),
    ]

    private static let limits: [SettingDeclaration] = [
        .row(
            "limits.body_bytes", .bytes(1024...67_108_864), default: "1 MiB",
            "Largest body of a request that is no upload."),
        .row(
            "limits.upload_bytes", .bytes(1024...1_073_741_824), default: "32 MiB",
            "Largest document that can be uploaded."),
        .row(
            "limits.user_requests_per_second", .integer(1...100_000), default: "10", unit: "requests per second",
            "Requests that one user may send."),
        .row(
            "limits.tenant_requests_per_second", .integer(1...1_000_000), default: "100", unit: "requests per second",
            "Requests that all users of a tenant may send together."),
        .row(
            "limits.question_characters", .integer(1...100_000), default: "10000", unit: "characters",
            "Longest question or search."),
    ]

    private static let answersAndLogging: [SettingDeclaration] = [
        .row(
            "answers.threshold", .number(0...1), default: "0.72",
            "How much of a question the reader's evidence must cover; below it the answer is that the documents do not "
                + "say."),
        .row(
            "answers.reading", .choice(["alignment", "head"]), default: "alignment",
            "How the built-in reader finds what answers: by aligning their words, or with a trained head (faster)."),
        .row(
            "answers.model.url", .word, default: nil,
            "Base of an OpenAI-compatible API, such as http://127.0.0.1:8080/v1; outbound.hosts must name its host. "
                + "Without it the built-in reader answers."),
        .row("answers.model.name", .word, default: "default", "The model that is asked there."),
        .row("answers.model.key", .secret, default: nil, "The key that is sent to it."),
        .row(
            "logging.level", .choice(["trace", "debug", "info", "notice", "warning", "error", "critical"]),
            default: "info", "Least severe message that is logged."),
    ]
}
