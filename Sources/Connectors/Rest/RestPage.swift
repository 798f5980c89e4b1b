import Kit
import Outbound

/// Where a list goes on. The mark is what the paging of the source needs: an address, a cursor or a number.
struct RestPlace: Equatable, Sendable {
    /// Empty: the beginning.
    var mark: ExactText = ""
    /// The first identifier of the page before, by which a list that begins again is found out.
    var first: ExactText = ""
    var count = 0

    init() {}

    init(_ cursor: SourceCursor?, _ form: CursorForm) throws(SourceFailure) {
        guard let cursor else { return }
        let fields = try form.fields(of: cursor, count: 3)
        (mark, first, count) = (fields[0], fields[1], try fields[2].number())
    }

    func cursor(_ form: CursorForm) throws(SourceFailure) -> SourceCursor {
        try form.cursor([mark, first, ExactText(count)])
    }
}

/// One answer of the list: its records and the place after it.
struct RestPage: Sendable {
    let records: [RestRecord]
    /// Elements without an identifier.
    let nameless: Int
    let next: RestPlace?

    /// Throws `.misconfigured` where a pointer leads to nothing in an answer, and `.misbehaved` for a circle.
    init(_ answer: JSONValue, _ mapping: RestMapping, _ settings: RestSettings, _ place: RestPlace, at url: OutboundURL)
        throws(SourceFailure)
    {
        guard case .array(let elements) = mapping.items.value(in: answer) else {
            throw .misconfigured("The answer has no list at \"\(mapping.items.text)\" (setting items).")
        }
        guard elements.count <= settings.limits.itemsMax - place.count else {
            throw .limit(.items(settings.limits.itemsMax))
        }
        records = elements.compactMap { RestRecord($0, mapping, at: url) }
        nameless = elements.count - records.count
        guard !records.isEmpty || elements.isEmpty else {
            throw .misconfigured("No element has a text or number at \"\(mapping.id.text)\" (setting id).")
        }
        let first = records.first?.id ?? ""
        guard first.text.isEmpty || first != place.first else {
            throw .misbehaved("The list gives the same page again. Check how it goes on (next, page_parameter).")
        }
        var next = place
        // A page without items must not be free: it would make the list endless.
        (next.first, next.count) = (first, place.count + max(1, elements.count))
        guard let mark = try Self.mark(answer, mapping, settings, place, isEmpty: elements.isEmpty) else {
            self.next = nil
            return
        }
        guard mark != place.mark else { throw .misbehaved("The list says that it goes on where it already is.") }
        next.mark = mark
        guard next.count <= settings.limits.itemsMax else { throw .limit(.items(settings.limits.itemsMax)) }
        self.next = next
    }

    /// Nil at the end of the list.
    private static func mark(
        _ answer: JSONValue, _ mapping: RestMapping, _ settings: RestSettings, _ place: RestPlace, isEmpty: Bool
    ) throws(SourceFailure) -> ExactText? {
        if case .number(_, let first) = settings.paging {
            guard !isEmpty else { return nil }
            let now = place.mark.text.isEmpty ? first : try place.mark.number()
            return ExactText(now + 1)
        }
        guard let pointer = mapping.next else { return nil }
        switch pointer.value(in: answer) {
        case nil, .null, .boolean(false), .string(""): return nil
        case let value?:
            guard let text = value.plainText else {
                throw .misconfigured("At \"\(pointer.text)\" (setting next) there is no text.")
            }
            return ExactText(text)
        }
    }
}
