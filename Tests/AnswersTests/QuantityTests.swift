import Testing

@testable import Answers

@Suite struct QuantityTests {
    private func quantities(_ text: String) -> [Quantity] {
        Quantity.quantities(in: StatementWord.words(in: ArraySlice(text.utf8)))
    }

    @Test(arguments: [
        ("sixteen weeks", "16 weeks"), ("16 wks", "sixteen week"), ("twenty-five days", "25 days"),
        ("one hundred and twenty euros", "€120"), ("1,250 patients", "1250 patients"), ("5 %", "5 percent"),
        ("5 per cent", "5%"), ("two million dollars", "$2 million"), ("5mg", "5 mg"), ("07:30", "7:30 am"),
        ("22:00", "10 pm"), ("1 March 2026", "2026-03-01"), ("March 1, 2026", "01.03.2026"),
        ("1 March", "1 March 2026"), ("3rd", "3"), ("1,5 ml", "1.5 ml"), ("12 beds", "twelve beds"),
        ("2.5 million euros", "€2,500,000"), ("37 °C", "37 celsius"),
    ])
    func `two notations of one quantity`(left: String, right: String) throws {
        let (one, other) = (try #require(quantities(left).first), try #require(quantities(right).first))
        #expect(one.isSaid(by: other), "\(one) by \(other)")
    }

    @Test(arguments: [
        ("16 weeks", "16 months"), ("16 weeks", "17 weeks"), ("5 mg", "5 ml"), ("5 %", "5 €"),
        ("1 March 2026", "1 March 2025"), ("1 March 2026", "1 March"), ("10 pm", "10:00"), ("1,250", "1,251"),
        ("2.5 million", "2.5"), ("5 mg", "50 mg"),
    ])
    func `two different quantities`(left: String, right: String) throws {
        let (one, other) = (try #require(quantities(left).first), try #require(quantities(right).first))
        #expect(!one.isSaid(by: other), "\(one) by \(other)")
    }

    @Test(arguments: ["no numbers here", "one of them", "a B2B portal", "nobody", "May I?", ""])
    func `no quantity`(text: String) { #expect(quantities(text).isEmpty) }

    @Test func `a number that nobody could mean is read to some end`() {
        let hundreds = Array(repeating: "hundred", count: 400).joined(separator: " ")
        #expect(!quantities("two \(hundreds) three").isEmpty)
        #expect(!quantities("two thousand \(hundreds) thousand three").isEmpty)
        #expect(!quantities(String(repeating: "9", count: 400) + " days").contains { $0.values.contains { $0.isNaN } })
    }
}
