import Kit
import TestKit
import Testing

@testable import Access

@Suite struct AccessTokenTests {
    private let randomness = Randomness.seeded(7)

    @Test func `a token is its prefix and 256 random bits, and reads back for its own purpose only`() {
        for kind in AccessToken.Kind.allCases {
            let token = AccessToken(kind, from: randomness)
            let text = token.text.reveal()
            #expect(text.hasPrefix(kind.rawValue) && text.utf8.count == 4 + 64)
            for other in AccessToken.Kind.allCases {
                #expect((AccessToken(text, as: other) != nil) == (other == kind))
            }
            #expect(AccessToken(text, as: kind)?.hash == token.hash)
        }
    }

    @Test func `ill-formed tokens are none`() {
        let digits = String(repeating: "a", count: 64)
        let bad = [
            "", "clk_", "clk_" + digits.dropLast(), "clk_" + digits + "a", "CLK_" + digits,
            "clk_" + digits.uppercased(), "clk_" + String(repeating: "é", count: 32), "clk_" + digits.dropLast() + " ",
        ]
        for text in bad { #expect(AccessToken(text, as: .apiKey) == nil) }
    }

    @Test func `the CSRF token belongs to its session and to no other`() {
        let (one, other) = (AccessToken(.session, from: randomness), AccessToken(.session, from: randomness))
        #expect(one.accepts(csrf: one.csrf))
        #expect(!one.accepts(csrf: other.csrf))
        for bad in [nil, "", "zz", String(one.csrf.dropLast(2)), one.csrf + "00", one.csrf.uppercased()] {
            #expect(!one.accepts(csrf: bad))
        }
        #expect(!one.text.reveal().contains(one.csrf))
    }

    @Test func `a token never prints itself`() {
        let token = AccessToken(.apiKey, from: randomness)
        #expect("\(token.text)" == "<secret>")
    }
}
