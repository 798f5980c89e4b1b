/// Check digits of numbers that are given to people and accounts. All take digits as numbers, 0 ... 9.
enum IdentityNumbers {
    /// ISO/IEC 7812-1, annex B.
    static func passesLuhn(_ digits: [Int]) -> Bool {
        let sum = digits.reversed().enumerated().reduce(0) { sum, next in
            let doubled = next.offset.isMultiple(of: 2) ? next.element : next.element * 2
            return sum + (doubled > 9 ? doubled - 9 : doubled)
        }
        return sum.isMultiple(of: 10)
    }

    /// Begins as the cards of the large networks do, has their length and its check digit.
    static func isPaymentCard(_ digits: [Int]) -> Bool {
        guard (13...19).contains(digits.count) else { return false }
        let head = number(digits.prefix(4))
        let lengths: ClosedRange<Int>? =
            switch head {
            case 4000...4999: 13...19
            case 5100...5599, 2221...2720: 16...16
            case 3400...3499, 3700...3799: 15...15
            case 3000...3059, 3600...3699, 3800...3899: 14...14
            case 3528...3589, 6011, 6440...6599, 6200...6299: 16...19
            default: nil
            }
        return lengths?.contains(digits.count) == true && passesLuhn(digits)
    }

    /// Areas, groups and serials that the Social Security Administration gives out.
    static func isSocialSecurityNumber(_ digits: [Int]) -> Bool {
        guard digits.count == 9 else { return false }
        let area = number(digits.prefix(3))
        return area != 0 && area != 666 && area < 900 && number(digits[3..<5]) != 0 && number(digits[5...]) != 0
    }

    /// Steuerliche Identifikationsnummer: ISO/IEC 7064 MOD 11,10, and of the first ten digits exactly one comes twice
    /// or three times.
    static func isGermanTaxNumber(_ digits: [Int]) -> Bool {
        guard digits.count == 11, digits[0] != 0 else { return false }
        var times = [Int](repeating: 0, count: 10)
        for digit in digits.prefix(10) { times[digit] += 1 }
        guard times.count(where: { $0 > 1 }) == 1, times.allSatisfy({ $0 <= 3 }) else { return false }
        var product = 10
        for digit in digits.prefix(10) {
            let sum = (digit + product) % 10
            product = (sum == 0 ? 10 : sum) * 2 % 11
        }
        return (11 - product) % 10 == digits[10]
    }

    /// NHS number: modulo 11 with the weights 10 ... 2; a remainder that would need the digit 10 is not given out.
    static func isBritishHealthNumber(_ digits: [Int]) -> Bool {
        guard digits.count == 10, digits.contains(where: { $0 != digits[0] }) else { return false }
        let sum = zip(digits.prefix(9), stride(from: 10, through: 2, by: -1)).reduce(0) { $0 + $1.0 * $1.1 }
        return (11 - sum % 11) % 11 == digits[9]
    }

    /// Numéro de sécurité sociale: sex, year, month, place, order, and 97 less the remainder of all that by 97.
    static func isFrenchSocialSecurityNumber(_ digits: [Int]) -> Bool {
        guard digits.count == 15, digits[0] == 1 || digits[0] == 2 else { return false }
        let month = number(digits[3..<5])
        return (1...12).contains(month) && 97 - number(digits.prefix(13)) % 97 == number(digits.suffix(2))
    }

    /// AHV number: country code 756 and the check digit of EAN-13.
    static func isSwissInsuranceNumber(_ digits: [Int]) -> Bool {
        guard digits.count == 13, number(digits.prefix(3)) == 756 else { return false }
        let sum = digits.enumerated().reduce(0) { $0 + $1.element * ($1.offset.isMultiple(of: 2) ? 1 : 3) }
        return sum.isMultiple(of: 10)
    }

    /// DNI: eight digits and the letter that their remainder by 23 chooses.
    static func isSpanishIdentityNumber(_ digits: [Int], letter: UInt8) -> Bool {
        guard digits.count == 8 else { return false }
        return Array("TRWAGMYFPDXBNJZSQVHLCKE".utf8)[number(digits) % 23] == letter
    }

    /// Codice fiscale: its form and its last letter (decree of 12 March 1974).
    static func isItalianTaxCode(_ code: [UInt8]) -> Bool {
        guard code.count == 16 else { return false }
        let isFormed = zip(code, "LLLLLLDDLDDLDDDL").allSatisfy { $1 == "L" ? $0.isCapital : $0.isDigit }
        guard isFormed else { return false }
        let odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23]
        let sum = code.prefix(15).enumerated().reduce(0) { sum, next in
            let value = next.element.isDigit ? next.element.digit : Int(next.element) - 0x41
            return sum + (next.offset.isMultiple(of: 2) ? odd[value] : value)
        }
        return sum % 26 == Int(code[15]) - 0x41
    }

    /// ISO 13616: the length that the country registered, and the remainder 1 by 97.
    static func isIBAN(_ code: [UInt8]) -> Bool {
        guard code.count >= 15, lengths[String(decoding: code.prefix(2), as: UTF8.self)] == code.count else {
            return false
        }
        let remainder = (code.dropFirst(4) + code.prefix(4)).reduce(0) { remainder, byte in
            byte.isDigit ? (remainder * 10 + byte.digit) % 97 : (remainder * 100 + Int(byte) - 0x41 + 10) % 97
        }
        return remainder == 1
    }

    /// SWIFT's IBAN registry: how many characters an IBAN of each country has.
    static let lengths: [String: Int] = [
        "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BR": 29, "BY": 28,
        "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18,
        "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22,
        "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20,
        "LU": 20, "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MR": 27, "MT": 31, "MU": 30, "NL": 18,
        "NO": 15, "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22, "SA": 24, "SC": 31, "SE": 24,
        "SI": 19, "SK": 24, "SM": 27, "ST": 25, "SV": 28, "TL": 23, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24,
        "XK": 20,
    ]

    /// Of at most 18 digits.
    static func number(_ digits: some Sequence<Int>) -> Int { digits.reduce(0) { $0 * 10 + $1 } }
}
