/// What the tokenizer does with an ASCII character, after the reference: control characters vanish, upper case
/// becomes lower case, every other printable character that is no letter and no digit stands alone.
enum ASCIIClass: UInt8 {
    case dropped, space, isolated, kept

    static let table: [ASCIIClass] = (0..<128).map { character in
        switch UInt8(character) {
        case 9, 10, 13, 32: .space
        case 0..<32, 127: .dropped
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            .kept
        default: .isolated
        }
    }
}
