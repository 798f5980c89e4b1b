extension ConnectorKind {
    static let s3 = ConnectorKind(
        name: "s3", title: "S3 bucket", summary: "Objects of a bucket of Amazon S3 or of a store that speaks like it.",
        statesPermissions: false,
        options: [
            OptionDeclaration(
                "endpoint", .text, isRequired: true,
                "Address of the store, such as https://s3.eu-central-1.amazonaws.com."),
            OptionDeclaration("bucket", .text, isRequired: true, "Name of the bucket."),
            OptionDeclaration("region", .text, isRequired: true, "Region, such as eu-central-1."),
            OptionDeclaration(
                "style", .choice(S3Settings.Style.allCases.map(\.rawValue)),
                "path for most stores of one's own (default), virtualHost for Amazon."),
            OptionDeclaration("access_key", .text, "Access key; without one the bucket is read without signing."),
            OptionDeclaration("secret_key", .secret, "Secret key."),
            OptionDeclaration("prefixes", .texts, "Only keys that begin with one of these."),
            OptionDeclaration("include", .texts, "Only keys that match one of these patterns, such as **/*.pdf."),
            OptionDeclaration("exclude", .texts, "No keys that match one of these patterns."),
        ]
    ) { options, tools throws(SourceFailure) in
        var settings = S3Settings(
            endpoint: options.text("endpoint") ?? "", bucket: options.text("bucket") ?? "",
            region: options.text("region") ?? "",
            style: options.text("style").flatMap(S3Settings.Style.init) ?? .path)
        settings.credentials = try credentials(options)
        settings.prefixes = options.texts("prefixes")
        settings.include = options.texts("include")
        settings.exclude = options.texts("exclude")
        settings.permissions = .everyone
        return try S3Connector(settings, client: tools.client, clock: tools.clock)
    }

    private static func credentials(_ options: SourceOptions) throws(SourceFailure) -> S3Credentials? {
        switch (options.text("access_key"), options.secret("secret_key")) {
        case (nil, nil): return nil
        case (let access?, let secret?): return S3Credentials(accessKey: access, secretKey: secret)
        default: throw .misconfigured("Give both access_key and secret_key, or neither.")
        }
    }
}
