extension ConnectorKind {
    static let git = ConnectorKind(
        name: "git", title: "Git repository", summary: "Files of a Git repository, at the newest commit of a branch.",
        statesPermissions: false,
        options: [
            OptionDeclaration(
                "url", .text, isRequired: true,
                "Address: https://git.example/team/docs.git, or git@git.example:team/docs.git for SSH."
            ),
            OptionDeclaration("branch", .text, "Branch; without one the repository's own choice."),
            OptionDeclaration(
                "username", .text, "User name that goes with the token; without one a word that most servers take."),
            OptionDeclaration("token", .secret, "Access token with the right to read the repository."),
            OptionDeclaration(
                "private_key", .secretLines, "For SSH: a private key of OpenSSH without a passphrase, made for this."),
            OptionDeclaration(
                "host_keys", .texts,
                "For SSH: the server's host keys, as ssh-keyscan prints them and its administrator confirms them."
            ),
            OptionDeclaration("folders", .texts, "Only files in these folders, such as docs/guide."),
            OptionDeclaration("include", .texts, "Only files that match one of these patterns, such as **/*.md."),
            OptionDeclaration("exclude", .texts, "No files that match one of these patterns."),
        ]
    ) { options, tools throws(SourceFailure) in
        var settings = GitSettings(url: options.text("url") ?? "", permissions: .everyone)
        settings.branch = options.text("branch")
        settings.username = options.text("username")
        settings.token = options.secret("token")
        settings.ssh.privateKey = options.secret("private_key")
        settings.ssh.hostKeys = options.texts("host_keys")
        settings.folders = options.texts("folders")
        settings.include = options.texts("include")
        settings.exclude = options.texts("exclude")
        return try GitConnector(settings, client: tools.client, clock: tools.clock)
    }
}
