/// One setting of a kind of source: reading, checking, forms and help are made from it.
package struct OptionDeclaration: Hashable, Sendable {
    package enum Form: Hashable, Sendable {
        case text
        /// Some texts, each on a line of its own in a form.
        case texts
        case flag
        case integer(ClosedRange<Int>)
        case choice([String])
        /// Never shown again once it is stored.
        case secret
        /// The same in several lines, as files of keys have them.
        case secretLines
    }

    package var isSecret: Bool { form == .secret || form == .secretLines }

    package let name: String
    package let form: Form
    package let isRequired: Bool
    /// One sentence for the person who fills it in.
    package let help: String

    package init(_ name: String, _ form: Form, isRequired: Bool = false, _ help: String) {
        self.name = name
        self.form = form
        self.isRequired = isRequired
        self.help = help
    }
}

extension OptionDeclaration {
    /// What deliveries of the source's own webhooks are proved with. Every kind has it: whoever can send an HTTP
    /// request can say that something changed.
    package static let hookSecret = OptionDeclaration(
        "hook_secret", .secret,
        "Optional. With one, webhooks of the source may ask for a run at once; its page says how. 20 characters or "
            + "more."
    )
}

/// A value as a person wrote it, in JSON or YAML.
package enum OptionValue: Hashable, Sendable, Codable {
    case text(String)
    case texts([String])
    case integer(Int)
    case flag(Bool)

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let flag = try? container.decode(Bool.self) {
            self = .flag(flag)
        } else if let integer = try? container.decode(Int.self) {
            self = .integer(integer)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else {
            self = .texts(try container.decode([String].self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .texts(let texts): try container.encode(texts)
        case .integer(let integer): try container.encode(integer)
        case .flag(let flag): try container.encode(flag)
        }
    }
}
