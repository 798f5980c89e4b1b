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
            OptionDeclaration("password", .secret, isRequired: true, "Its password."),
            OptionDeclaration("include", .texts, "Only folders that match one of these patterns, such as Archive/**."),
            OptionDeclaration("exclude", .texts, "No folders that match one of these patterns, such as Trash."),
        ]
    ) { options, tools throws(SourceFailure) in
        var settings = MailSettings(
            host: options.text("host") ?? "", user: options.text("user") ?? "",
            password: options.secret("password") ?? Secret(""))
        settings.port = options.integer("port")
        settings.security = options.text("security").flatMap(MailSettings.Security.init) ?? .tls
        settings.include = options.texts("include")
        settings.exclude = options.texts("exclude")
        settings.permissions = .everyone
        return try MailConnector(settings, client: tools.client)
    }
}
