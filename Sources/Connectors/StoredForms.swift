import Kit

// Stored forms, for a caller that remembers items; the field names of `SourceItem` are part of it.
extension SourcePermissions: Codable {
    private enum CodingKeys: String, CodingKey { case known, constraints }

    /// What is not exactly a stored form of permissions lets nobody in.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self =
            try container.decode(Bool.self, forKey: .known)
            ? SourcePermissions(try container.decode([SourceConstraint].self, forKey: .constraints)) : .unknown
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(isKnown, forKey: .known)
        try container.encode(isKnown ? constraints : [], forKey: .constraints)
    }
}

extension SourcePrincipal: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let form = try container.decode(String.self)
        guard let principal = SourcePrincipal(form: form) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a principal of a source")
        }
        self = principal
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(form)
    }

    /// Nil unless it is what `form` gives.
    package init?(form: String) {
        switch form {
        case "everyone": self = .everyone
        case "authenticated": self = .authenticated
        default:
            let parts = form.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { return nil }
            switch parts[0] {
            case "user": self = .user(ExactText(String(parts[1])))
            case "group": self = .group(ExactText(String(parts[1])))
            default: return nil
            }
        }
    }
}
