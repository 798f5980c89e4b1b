import Kit

extension ConnectorKind {
    static let confluence = ConnectorKind(
        name: "confluence", title: "Confluence",
        summary: "Pages, blog posts, attachments and comments of a Confluence site, with who may read them.",
        statesPermissions: true,
        options: [
            OptionDeclaration(
                "url", .text, isRequired: true,
                "Address of the site, such as https://example.atlassian.net or https://wiki.example/confluence."),
            OptionDeclaration(
                "edition", .choice(ConfluenceSettings.Edition.allCases.map(\.rawValue)), isRequired: true,
                "cloud for atlassian.net, datacenter for a server of one's own."),
            OptionDeclaration("email", .text, "E-mail address of the account that reads; for the cloud only."),
            OptionDeclaration(
                "token", .secret, isRequired: true,
                "An API token of that account (cloud), or a personal access token (Data Center)."),
            OptionDeclaration("spaces", .texts, "Keys of the spaces to read; none for all that the account sees."),
            OptionDeclaration("include_archived", .flag, "Whether archived pages and spaces are read, too."),
            OptionDeclaration("without_attachments", .flag, "Whether attachments are left out."),
            OptionDeclaration("without_comments", .flag, "Whether comments are left out."),
            OptionDeclaration(
                "requests_per_minute", .integer(1...10_000), "How often the site is asked per minute; 400 if not set."),
        ]
    ) { options, tools throws(SourceFailure) in
        var settings = ConfluenceSettings(
            url: options.text("url") ?? "",
            edition: options.text("edition").flatMap(ConfluenceSettings.Edition.init) ?? .cloud,
            email: options.text("email"), token: options.secret("token") ?? Secret(""))
        settings.spaces = options.texts("spaces")
        settings.includesArchived = options.flag("include_archived")
        settings.readsAttachments = !options.flag("without_attachments")
        settings.readsComments = !options.flag("without_comments")
        settings.requestsPerMinute = options.integer("requests_per_minute") ?? settings.requestsPerMinute
        return try ConfluenceConnector(settings, client: tools.client, clock: tools.clock)
    }
}
