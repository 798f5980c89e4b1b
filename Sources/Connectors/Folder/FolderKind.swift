extension ConnectorKind {
    static let folder = ConnectorKind(
        name: "folder", title: "Folder",
        summary: "Files of a folder of this machine or of a mounted share, with their owners, groups and access lists.",
        statesPermissions: true,
        options: [
            OptionDeclaration(
                "path", .text, isRequired: true, "Absolute path, in a folder that the setting sources.folders opens."),
            OptionDeclaration("include", .texts, "Only files that match one of these patterns, such as **/*.pdf."),
            OptionDeclaration("exclude", .texts, "No files that match one of these patterns."),
        ]
    ) { options, tools throws(SourceFailure) in
        let path = options.text("path") ?? ""
        guard tools.folders.contains(where: { isWithin(path, $0) }) else {
            throw .misconfigured("The folder is in none that the operator opened with the setting sources.folders.")
        }
        return try FolderConnector(
            FolderSettings(path: path, include: options.texts("include"), exclude: options.texts("exclude")))
    }

    /// By its bytes, as the kernel cuts them: to a string, a slash with a mark behind it is another character. What
    /// links lead to is for the operator, who opened the folder.
    static func isWithin(_ path: String, _ root: String) -> Bool {
        let (parts, rootParts) = (segments(path), segments(root))
        return path.utf8.first == UInt8(ascii: "/") && parts.starts(with: rootParts) && !parts.contains("..")
            && !parts.contains(".")
    }

    private static func segments(_ path: String) -> [ExactText] {
        path.utf8.split(separator: UInt8(ascii: "/")).map { ExactText(String(decoding: $0, as: UTF8.self)) }
    }
}
