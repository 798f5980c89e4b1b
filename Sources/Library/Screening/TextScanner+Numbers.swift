/// Groups of digits with at most two separators between any two.
struct NumberPhrase {
    struct Group {
        let digits: [Int]
        /// Before it: the separator, or `several`; 0 before the first.
        let separator: UInt8
    }

    static let groupsMax = 16
    /// A longer run is no number that anybody was given.
    static let digitsMax = 24
    static let several: UInt8 = 0xff

    let start: Int
    var groups: [Group] = []
    var hasPlus = false
    var hasParenthesis = false
    /// The letter that follows at once; 0 when none does.
    var letter: UInt8 = 0

    /// The digits of as many groups as `shape` has, where they have its lengths, stand `separators` apart, all the
    /// same, and belong to no longer number. Nil otherwise.
    func digits(_ first: Int, _ shape: [Int], _ separators: String = "") -> [Int]? {
        let last = first + shape.count
        guard last <= groups.count, isWhole(first, last) else { return nil }
        let chosen = groups[first..<last]
        guard zip(chosen, shape).allSatisfy({ $0.digits.count == $1 }) else { return nil }
        let between = Set(chosen.dropFirst().map(\.separator))
        guard between.count <= 1, between.allSatisfy(separators.utf8.contains) else { return nil }
        return chosen.flatMap(\.digits)
    }

    /// Neither joined to a group before or after, nor to a letter.
    func isWhole(_ first: Int, _ last: Int) -> Bool {
        let joins = "-./".utf8
        if first > 0, joins.contains(groups[first].separator) { return false }
        return last == groups.count ? letter == 0 : !joins.contains(groups[last].separator)
    }
}

extension TextScanner {
    /// Fewer make no number that is given to a person or an account.
    private static let digitsMin = 7

    mutating func number() {
        guard let phrase = phrase() else { return place += 1 }
        // Most numbers in a text are years, amounts and section numbers.
        let digits = phrase.groups.reduce(0) { $0 + $1.digits.count }
        guard digits >= Self.digitsMin || isNear(.birth, phrase.start) else { return }
        var first = 0
        while first < phrase.groups.count {
            guard let (kind, groups) = recognise(phrase, first) else {
                first += 1
                continue
            }
            count(kind)
            first += groups
        }
    }

    /// Moves behind it. Nil, without moving, where no digit follows a sign.
    private mutating func phrase() -> NumberPhrase? {
        var phrase = NumberPhrase(start: place)
        var index = place
        let before = byte(place - 1)
        phrase.hasPlus = byte(index) == 0x2b && !before.isAlphanumeric
        while [0x2b, 0x28].contains(byte(index)), index < place + 2 {
            if byte(index) == 0x28 { phrase.hasParenthesis = true }
            index += 1
        }
        guard byte(index).isDigit else { return nil }
        var separator: UInt8 = 0
        repeat {
            let digits = digits(from: &index)
            // Too long for any number: passed over as a whole.
            guard let digits else { break }
            phrase.groups.append(.init(digits: digits, separator: separator))
            separator = takeSeparator(&index)
        } while separator != 0 && phrase.groups.count < NumberPhrase.groupsMax
        let next = byte(index)
        phrase.letter = next.isLetter || next == 0x5f ? next : 0
        place = index
        return phrase
    }

    private mutating func digits(from index: inout Int) -> [Int]? {
        let start = index
        var digits: [Int] = []
        while true {
            let next = byte(index)
            guard next.isDigit else { break }
            if digits.count < NumberPhrase.digitsMax { digits.append(next.digit) }
            index += 1
        }
        return index - start <= NumberPhrase.digitsMax ? digits : nil
    }

    /// 0, without moving, where no digit follows soon.
    private mutating func takeSeparator(_ index: inout Int) -> UInt8 {
        var length = 0
        while length < 3, " -./()".utf8.contains(byte(index + length)) { length += 1 }
        guard length > 0, byte(index + length).isDigit else { return 0 }
        defer { index += length }
        return length == 1 ? byte(index) : NumberPhrase.several
    }

    private mutating func recognise(_ phrase: NumberPhrase, _ first: Int) -> (FindingKind, groups: Int)? {
        if let groups = paymentCard(phrase, first) { return (.paymentCard, groups) }
        if let found = identity(phrase, first) { return found }
        if let groups = dateOfBirth(phrase, first) { return (.dateOfBirth, groups) }
        if let groups = phoneNumber(phrase, first) { return (.phoneNumber, groups) }
        return nil
    }

    private struct Form: Sendable {
        let kind: FindingKind
        /// How many digits each group has, and what may stand between groups.
        let shape: [Int]
        var separators = ""
        /// The word that must stand near.
        var cue: Cue?
        let check: @Sendable ([Int]) -> Bool
    }

    private static let cardShapes =
        [[4, 4, 4, 4, 3], [4, 4, 4, 4], [4, 6, 5], [4, 6, 4]] + (13...19).map { [$0] }

    private static let forms: [Form] = {
        let french: @Sendable ([Int]) -> Bool = { IdentityNumbers.isFrenchSocialSecurityNumber($0) }
        let swiss: @Sendable ([Int]) -> Bool = { IdentityNumbers.isSwissInsuranceNumber($0) }
        let german: @Sendable ([Int]) -> Bool = { IdentityNumbers.isGermanTaxNumber($0) }
        let american: @Sendable ([Int]) -> Bool = { IdentityNumbers.isSocialSecurityNumber($0) }
        let british: @Sendable ([Int]) -> Bool = { IdentityNumbers.isBritishHealthNumber($0) }
        let security = FindingKind.usSocialSecurityNumber
        return [
            Form(kind: .frenchSocialSecurityNumber, shape: [15], check: french),
            Form(kind: .frenchSocialSecurityNumber, shape: [13, 2], separators: " ", check: french),
            Form(kind: .frenchSocialSecurityNumber, shape: [1, 2, 2, 2, 3, 3, 2], separators: " ", check: french),
            Form(kind: .swissInsuranceNumber, shape: [13], check: swiss),
            Form(kind: .swissInsuranceNumber, shape: [3, 4, 4, 2], separators: ". ", check: swiss),
            Form(kind: .germanTaxNumber, shape: [2, 3, 3, 3], separators: " ", check: german),
            Form(kind: .germanTaxNumber, shape: [11], cue: .tax, check: german),
            Form(kind: security, shape: [3, 2, 4], separators: "-", check: american),
            Form(kind: security, shape: [3, 2, 4], separators: " ", cue: .socialSecurity, check: american),
            Form(kind: security, shape: [9], cue: .socialSecurity, check: american),
            // Its check is that of ISBN-10, and a telephone number of ten digits passes it one time in eleven.
            Form(kind: .britishHealthNumber, shape: [3, 3, 4], separators: " -", cue: .health, check: british),
            Form(kind: .britishHealthNumber, shape: [10], cue: .health, check: british),
        ]
    }()

    private func paymentCard(_ phrase: NumberPhrase, _ first: Int) -> Int? {
        Self.cardShapes.first { phrase.digits(first, $0, " -").map(IdentityNumbers.isPaymentCard) ?? false }?.count
    }

    private func identity(_ phrase: NumberPhrase, _ first: Int) -> (FindingKind, groups: Int)? {
        for form in Self.forms where form.cue.map({ isNear($0, phrase.start) }) ?? true {
            guard let digits = phrase.digits(first, form.shape, form.separators), form.check(digits) else { continue }
            return (form.kind, form.shape.count)
        }
        let last = phrase.groups[first]
        guard first == phrase.groups.count - 1, isNear(.identity, phrase.start),
            IdentityNumbers.isSpanishIdentityNumber(last.digits, letter: phrase.letter)
        else { return nil }
        return (.spanishIdentityNumber, 1)
    }

    /// A full date of the last 130 years soon after a word for birth; a year alone is none.
    private func dateOfBirth(_ phrase: NumberPhrase, _ first: Int) -> Int? {
        guard isNear(.birth, phrase.start) else { return nil }
        if isDate(phrase, first) { return 3 }
        let isYear = (1900...2030).contains(IdentityNumbers.number(phrase.groups[first].digits.prefix(4)))
        let isAfterMonth = isNear(.month, phrase.start, within: 8)
        return isYear && isAfterMonth && phrase.groups[first].digits.count == 4 ? 1 : nil
    }

    private func isDate(_ phrase: NumberPhrase, _ first: Int) -> Bool {
        guard first + 3 <= phrase.groups.count else { return false }
        let groups = phrase.groups[first..<first + 3]
        let separators = groups.dropFirst().map(\.separator)
        guard "-./".utf8.contains(separators[0]) || separators[0] == NumberPhrase.several else { return false }
        guard separators[0] == separators[1] else { return false }
        let lengths = groups.map(\.digits.count)
        let numbers = groups.map { IdentityNumbers.number($0.digits) }
        let (year, rest) = lengths[0] == 4 ? (numbers[0], numbers[1...]) : (numbers[2], numbers[..<2])
        let isShort = lengths.count { $0 == 4 } == 1 && lengths.allSatisfy { $0 <= 4 && $0 != 3 }
        return isShort && (1900...2030).contains(year) && rest.allSatisfy { (1...31).contains($0) }
            && rest.contains { $0 <= 12 }
    }

    /// International with its plus, North American in its own form, and any after a word for it.
    private func phoneNumber(_ phrase: NumberPhrase, _ first: Int) -> Int? {
        if phrase.hasPlus, first == 0, phrase.groups[0].digits[0] != 0 { return groups(of: phrase, first, 8...15) }
        if isNorthAmerican(phrase, first) { return 3 }
        guard first == 0, isNear(.phone, phrase.start, within: 24), !isDate(phrase, first) else { return nil }
        return groups(of: phrase, first, 7...15)
    }

    /// How many groups hold as many digits as a telephone number may have.
    private func groups(of phrase: NumberPhrase, _ first: Int, _ allowed: ClosedRange<Int>) -> Int? {
        var (total, used) = (0, 0)
        for group in phrase.groups[first...] where total + group.digits.count <= allowed.upperBound {
            total += group.digits.count
            used += 1
        }
        let isWhole = first + used < phrase.groups.count || phrase.letter == 0
        return allowed.contains(total) && isWhole ? used : nil
    }

    private func isNorthAmerican(_ phrase: NumberPhrase, _ first: Int) -> Bool {
        guard first + 3 <= phrase.groups.count else { return false }
        let groups = phrase.groups[first..<first + 3]
        let separators = groups.dropFirst().map(\.separator)
        let isTrunk = first == 1 && phrase.groups[0].digits == [1]
        let isBegin = first == 0 || isTrunk || phrase.groups[first].separator == 0x20
        let isEnd =
            first + 3 == phrase.groups.count
            ? phrase.letter == 0 : !"-./".utf8.contains(phrase.groups[first + 3].separator)
        let isApart =
            "-.".utf8.contains(separators[1])
            && (separators[0] == separators[1] || (phrase.hasParenthesis && separators[0] == NumberPhrase.several))
        return isBegin && isEnd && isApart && groups.map(\.digits.count) == [3, 3, 4]
            && groups.prefix(2).allSatisfy { $0.digits[0] >= 2 }
    }
}
