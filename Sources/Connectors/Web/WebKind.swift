extension ConnectorKind {
    static let web = ConnectorKind(
        name: "web", title: "Web pages", summary: "Pages by their addresses and by sitemaps.", statesPermissions: false,
        options: [
            OptionDeclaration("addresses", .texts, "Addresses of pages or files."),
            OptionDeclaration("sitemaps", .texts, "Addresses of sitemaps, which name more pages of their own host."),
            OptionDeclaration("authorization", .secret, "Value of the Authorization header for the hosts named here."),
        ]
    ) { options, tools throws(SourceFailure) in
        var settings = WebSettings(
            addresses: options.texts("addresses"), sitemaps: options.texts("sitemaps"), permissions: .everyone)
        settings.authorization = options.secret("authorization")
        return try WebConnector(settings, client: tools.client)
    }
}
