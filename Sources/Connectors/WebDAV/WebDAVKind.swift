extension ConnectorKind {
    static let webdav = ConnectorKind(
        name: "webdav", title: "WebDAV",
        summary: "Files of a WebDAV server such as Nextcloud, Alfresco, Apache or a NAS.", statesPermissions: false,
        options: [
            OptionDeclaration(
                "address", .text, isRequired: true,
                "Address of the collection, such as https://cloud.example/remote.php/dav/files/archive/."),
            OptionDeclaration("user", .text, "Name of the account to sign in with."),
            OptionDeclaration("password", .secret, "Its password, or better an app password made for this purpose."),
            OptionDeclaration("token", .secret, "A bearer token, instead of user and password."),
            OptionDeclaration("include", .texts, "Only paths that match one of these patterns, such as **/*.pdf."),
            OptionDeclaration("exclude", .texts, "No paths that match one of these patterns."),
        ]
    ) { options, tools throws(SourceFailure) in
        var settings = WebDAVSettings(address: options.text("address") ?? "")
        settings.include = options.texts("include")
        settings.exclude = options.texts("exclude")
        settings.permissions = .everyone
        switch (options.text("user"), options.secret("password"), options.secret("token")) {
        case (nil, nil, nil): break
        case (let user?, let password?, nil): settings.credentials = .basic(user: user, password: password)
        case (nil, nil, let token?): settings.credentials = .bearer(token)
        default: throw .misconfigured("Give user and password, or token, or none of them.")
        }
        return try WebDAVConnector(settings, client: tools.client)
    }
}
