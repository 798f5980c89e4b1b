/// Windows that together may support a statement.
struct SupportCandidate: Sendable {
    let parts: [(window: SupportWindow, source: SupportSource)]
    private let facts: StatementFacts
    private let context: StatementFacts

    init(_ parts: [(window: SupportWindow, source: SupportSource)]) {
        self.parts = parts
        if parts.count == 1 {
            (facts, context) = (parts[0].window.facts, parts[0].source.context)
        } else {
            facts = StatementFacts(joining: parts.map(\.window.facts))
            context = StatementFacts(joining: parts.map(\.source.context))
        }
    }

    var text: [UInt8] { Array(parts.map(\.window.text).joined(separator: [UInt8(ascii: "\n")])) }

    var places: [Answer.Place] {
        parts.flatMap { part in part.window.ranges.map(part.source.evidence.place) }
    }

    func score(of claim: StatementFacts, cosine: Double) -> SupportScore {
        SupportScore(of: claim, in: facts, context: context, cosine: cosine)
    }

    /// The first rule that speaks against it.
    func fault(of claim: StatementFacts) -> Verdict.Fault? {
        let core = core(of: claim)
        let stated = context.quantities.filter { $0.unit == nil || $0.unit == .date } + core.quantities
        if !claim.quantities.allSatisfy({ quantity in stated.contains { quantity.isSaid(by: $0) } }) {
            return .quantity
        }
        if !claim.names.allSatisfy(isNamed) { return .name }
        if Opposites.conflict(claim, core) { return .contrary }
        if Negation.conflict(claim, core) || !isEquallyNegated(claim, core) { return .negation }
        return nil
    }

    /// A claim with a "not" needs one in its evidence; one in the evidence's own words needs as many.
    private func isEquallyNegated(_ claim: StatementFacts, _ core: StatementFacts) -> Bool {
        if claim.negations > 0, core.negations == 0 { return false }
        let score = SupportScore(of: claim, in: core, context: context, cosine: 0)
        return score.recall < 0.95 || score.order < 0.9 || claim.negations == core.negations
    }

    /// The facts of the narrowest window within that says nearly as much of the claim: a "not" of the sentence beside
    /// must not excuse one that was put in, nor a number there one that was changed.
    private func core(of claim: StatementFacts) -> StatementFacts {
        guard parts.count == 1, let whole = parts[0].window.ranges.first else { return facts }
        let wanted = 0.9 * Double(facts.stemSet.intersection(claim.stemSet).count)
        let within = parts[0].source.windows.filter { window in
            window.ranges.count == 1 && whole.lowerBound <= window.ranges[0].lowerBound
                && window.ranges[0].upperBound <= whole.upperBound
                && Double(window.facts.stemSet.intersection(claim.stemSet).count) >= wanted
        }
        return within.min { $0.text.count < $1.text.count }?.facts ?? facts
    }

    private func isNamed(_ name: String) -> Bool {
        [facts, context].contains {
            $0.words.contains(name) || $0.initials.contains(name)
                || StatementStemmer.stem(ofName: name).map($0.stemSet.contains) ?? false
        }
    }
}
