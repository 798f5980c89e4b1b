import Kit

extension ConnectorKind {
    static let mail = ConnectorKind(
        name: "imap", title: "Mailbox (IMAP)", summary: "Messages of a mailbox, read without marking them as read.",
        statesPermissions: false,
        options: [
            OptionDeclaration("host", .text, isRequired: true, "Name of the mail server, such as mail.example."),
            OptionDeclaration("port", .integer(1...65_535), "Its port; default is 993 with tls, else 143."),
            OptionDeclaration(
                "security", .choice(MailSettings.Security.allCases.map(\.rawValue)),
                "tls from the first byte (default), starttls, or none for a server on this machine."),
            OptionDeclaration("user", .text, isRequired: true, "Name of the account to sign in with."),
            OptionDeclaration("password", .secret, "Its password, unless access tokens are used."),
            OptionDeclaration(
                "token_url", .text,
                "For access tokens (OAuth): the token endpoint, such as https://login.example/oauth2/token."),
            OptionDeclaration("client_id", .text, "For access tokens: the client's id."),
            OptionDeclaration("client_secret", .secret, "For access tokens: the client's secret."),
            OptionDeclaration(
                "refresh_token", .secret,
                "For access tokens: a refresh token of the account; without one the client speaks for itself."),
            OptionDeclaration("scope", .text, "For access tokens: the scope to ask for."),
            OptionDeclaration("include", .texts, "Only folders that match one of these patterns, such as Archive/**."),
            OptionDeclaration("exclude", .texts, "No folders that match one of these patterns, such as Trash."),
        ]
    ) { options, tools throws(SourceFailure) in
        var settings = MailSettings(
            host: options.text("host") ?? "", user: options.text("user") ?? "",
            password: options.secret("password") ?? Secret(""))
        settings.oauth = try oauth(options)
        settings.port = options.integer("port")
        settings.security = options.text("security").flatMap(MailSettings.Security.init) ?? .tls
        settings.include = options.texts("include")
        settings.exclude = options.texts("exclude")
        settings.permissions = .everyone
        return try MailConnector(settings, client: tools.client, tokens: tools.tokens, clock: tools.clock)
    }

    private static func oauth(_ options: SourceOptions) throws(SourceFailure) -> OAuthSettings? {
        guard let url = options.text("token_url") else {
            guard ["client_id", "client_secret", "refresh_token", "scope"].allSatisfy({ options.text($0) == nil })
            else {
                throw .misconfigured("Access tokens need token_url.")
            }
            return nil
        }
        var settings = OAuthSettings(tokenURL: url, clientID: options.text("client_id") ?? "")
        settings.clientSecret = options.secret("client_secret")
        settings.refreshToken = options.secret("refresh_token")
        settings.scope = options.text("scope")
        return settings
    }
}
