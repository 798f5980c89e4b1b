extension ConnectorKind {
    static let rest = ConnectorKind(
        name: "rest", title: "JSON interface",
        summary: "Documents of any system that lists them in JSON, by a mapping written here.",
        statesPermissions: true, options: places + paging + access
    ) { options, tools throws(SourceFailure) in
        var settings = RestSettings(
            list: options.text("list") ?? "", id: options.text("id") ?? "", content: try content(options))
        settings.items = options.text("items") ?? ""
        settings.title = options.text("title")
        settings.path = options.text("path")
        settings.version = options.text("version")
        settings.modified = options.text("modified")
        settings.item = options.text("item")
        settings.paging = try paging(options)
        settings.readers = try readers(options)
        settings.secret = options.secret("secret")
        settings.header = options.text("header") ?? settings.header
        settings.origins = options.texts("origins")
        return try RestConnector(settings, client: tools.client)
    }

    private static let places = [
        OptionDeclaration(
            "list", .text, isRequired: true, "Address of the list, such as https://desk.example/api/v1/faq."),
        OptionDeclaration(
            "items", .text, "JSON pointer to the list in the answer, such as /data; none: the answer is it."),
        OptionDeclaration("id", .text, isRequired: true, "Pointer to the identifier in an item, such as /id."),
        OptionDeclaration("title", .text, "Pointer to the title."),
        OptionDeclaration("path", .text, "Pointer to what people know the item by; default is the title."),
        OptionDeclaration("version", .text, "Pointer to what changes whenever the item does."),
        OptionDeclaration("modified", .text, "Pointer to the time of the last change (RFC 3339, UTC)."),
        OptionDeclaration("text", .text, "Pointer to the text, where the item carries it."),
        OptionDeclaration(
            "text_type", .choice(RestSettings.mediaTypes.keys.sorted()), "What that text is; default is plain."),
        OptionDeclaration("content_address", .text, "Pointer to the address of the bytes, where the item names it."),
        OptionDeclaration("content", .text, "Address of the bytes with {id} in it."),
        OptionDeclaration("item", .text, "Address of one item with {id} in it; spares looking it up in the list."),
    ]

    private static let paging = [
        OptionDeclaration("next", .text, "Pointer to the address of the next answer, or to its cursor."),
        OptionDeclaration("next_parameter", .text, "Parameter that takes the cursor; without it, next is an address."),
        OptionDeclaration("page_parameter", .text, "Parameter that takes the number of the page."),
        OptionDeclaration("page_first", .integer(0...1), "Number of the first page; default is 1."),
    ]

    private static let access = [
        OptionDeclaration(
            "readers", .choice(["collection", "items"]), isRequired: true,
            "items where each item names its readers; collection where the rule of the collection alone counts."),
        OptionDeclaration("users", .text, "Pointer to the list of users who may read."),
        OptionDeclaration("users_are_emails", .flag, "Whether those are addresses that the source has verified."),
        OptionDeclaration("groups", .text, "Pointer to the list of groups who may read."),
        OptionDeclaration("secret", .secret, "Value of the header, such as Bearer and a token."),
        OptionDeclaration("header", .text, "Name of that header; default is Authorization."),
        OptionDeclaration("origins", .texts, "Other hosts from which content may come, such as https://files.example."),
    ]

    private static func content(_ options: SourceOptions) throws(SourceFailure) -> RestSettings.Content {
        let type = RestSettings.mediaTypes[options.text("text_type") ?? "plain"] ?? "text/plain"
        switch (options.text("text"), options.text("content_address"), options.text("content")) {
        case (let pointer?, nil, nil): return .text(pointer: pointer, mediaType: type)
        case (nil, let pointer?, nil): return .address(pointer: pointer)
        case (nil, nil, let template?): return .template(template)
        default: throw .misconfigured("Give exactly one of text, content_address and content.")
        }
    }

    private static func paging(_ options: SourceOptions) throws(SourceFailure) -> RestSettings.Paging {
        switch (options.text("next"), options.text("next_parameter"), options.text("page_parameter")) {
        case (nil, nil, nil): return .none
        case (let pointer?, nil, nil): return .address(pointer: pointer)
        case (let pointer?, let parameter?, nil): return .cursor(pointer: pointer, parameter: parameter)
        case (nil, nil, let parameter?):
            return .number(parameter: parameter, first: options.integer("page_first") ?? 1)
        default: throw .misconfigured("Give next, or next and next_parameter, or page_parameter alone.")
        }
    }

    private static func readers(_ options: SourceOptions) throws(SourceFailure) -> RestSettings.Readers {
        let (users, groups) = (options.text("users"), options.text("groups"))
        if options.text("readers") == "items" {
            return .items(users: users, groups: groups, usersAreEmails: options.flag("users_are_emails"))
        }
        guard users == nil, groups == nil else {
            throw .misconfigured("With users or groups, readers is items.")
        }
        return .collection
    }
}
