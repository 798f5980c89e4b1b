import Kit

/// The settings of one source, checked against the declarations of its kind: nothing unknown, nothing missing, and
/// every value of its form.
package struct SourceOptions: Sendable {
    private let values: [String: OptionValue]

    /// Throws `.misconfigured` with a sentence that names the setting and never its value.
    package init(_ values: [String: OptionValue], of declarations: [OptionDeclaration]) throws(SourceFailure) {
        let byName = Dictionary(uniqueKeysWithValues: declarations.map { ($0.name, $0) })
        for (name, value) in values.sorted(by: { $0.key < $1.key }) {
            guard let declaration = byName[name] else { throw Self.unknown(name, declarations) }
            guard let wanted = declaration.form.refusal(of: value) else { continue }
            throw .misconfigured("The setting \(name) is \(wanted).")
        }
        for declaration in declarations where declaration.isRequired && values[declaration.name] == nil {
            throw .misconfigured("The setting \(declaration.name) is missing. \(declaration.help)")
        }
        self.values = values
    }

    package func text(_ name: String) -> String? {
        guard case .text(let text) = values[name] else { return nil }
        return text
    }

    package func secret(_ name: String) -> Secret? { text(name).map { Secret($0) } }

    /// One text is a list of one.
    package func texts(_ name: String) -> [String] {
        switch values[name] {
        case .texts(let texts): texts
        case .text(let text): [text]
        default: []
        }
    }

    package func flag(_ name: String) -> Bool {
        guard case .flag(let flag) = values[name] else { return false }
        return flag
    }

    package func integer(_ name: String) -> Int? {
        guard case .integer(let integer) = values[name] else { return nil }
        return integer
    }

    private static func unknown(_ name: String, _ declarations: [OptionDeclaration]) -> SourceFailure {
        let known = declarations.map(\.name).joined(separator: ", ")
        return .misconfigured("There is no setting \(name.shown(64)). Settings of this kind: \(known).")
    }
}

extension OptionDeclaration.Form {
    static let textBytesMax = 8192
    static let textsMax = 10_000

    /// What the value should have been, or nil when it is that.
    func refusal(of value: OptionValue) -> String? {
        switch (self, value) {
        case (.text, .text(let text)), (.secret, .text(let text)):
            Self.isOneLine(text) ? nil : "one line of text, not empty"
        case (.secretLines, .text(let text)):
            Self.isOneLine(text.replacing("\r\n", with: " ").replacing("\n", with: " ")) ? nil : "text, not empty"
        case (.texts, .text(let text)): Self.isOneLine(text) ? nil : "a list of texts"
        case (.texts, .texts(let texts)):
            texts.count <= Self.textsMax && texts.allSatisfy(Self.isOneLine)
                ? nil : "a list of at most \(Self.textsMax) texts, none empty"
        case (.flag, .flag): nil
        case (.integer(let range), .integer(let number)) where range.contains(number): nil
        case (.choice(let words), .text(let word)) where words.contains(word): nil
        case (.text, _): "a text"
        case (.secret, _), (.secretLines, _): "a text"
        case (.texts, _): "a list of texts"
        case (.flag, _): "true or false"
        case (.integer(let range), _): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case (.choice(let words), _): "one of \(words.joined(separator: ", "))"
        }
    }

    private static func isOneLine(_ text: String) -> Bool {
        (1...textBytesMax).contains(text.utf8.count) && !text.utf8.contains { $0 < 0x20 || $0 == 0x7f }
    }
}
