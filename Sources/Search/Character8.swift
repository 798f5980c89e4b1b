import Foundation

/// One character of UTF-8 text as the analyser sees it.
package struct Character8 {
    package enum Kind {
        /// Letters, marks and digits of scripts that put spaces between words.
        case word
        /// Letters of scripts that do not.
        case unspaced
        /// Joins the parts of a part number, a version or a file name.
        case connector
        case apostrophe
        case other
    }

    package let kind: Kind
    /// 1 ... 4.
    package let bytes: Int

    @inline(__always)
    package init(_ text: UnsafeBufferPointer<UInt8>, at index: Int) {
        let byte = text[index]
        if byte < 128 {
            kind = Self.ascii[Int(byte)]
            bytes = 1
        } else {
            self = Self.decoded(text, at: index)
        }
    }

    private init(kind: Kind, bytes: Int) {
        self.kind = kind
        self.bytes = bytes
    }

    static func isDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 }

    /// Normalised (NFKC) and lower-cased.
    static func folded(_ word: some Sequence<UInt8>) -> [UInt8] {
        let text = String(decoding: Array(word), as: UTF8.self)
        let folded = text.precomposedStringWithCompatibilityMapping.lowercased().replacing("\u{2019}", with: "'")
        return Array(folded.precomposedStringWithCanonicalMapping.utf8)
    }

    private static let ascii: [Kind] = (0..<128).map { (byte: UInt8) in
        switch byte {
        case 48...57, 65...90, 97...122: .word
        case UInt8(ascii: "'"): .apostrophe
        case _ where "-/._:+#,".utf8.contains(byte): .connector
        default: .other
        }
    }

    /// Bytes that are no UTF-8 separate words.
    private static func decoded(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Self {
        var decoder = UTF8()
        var rest = text[index..<min(index + 4, text.count)].makeIterator()
        guard case .scalarValue(let scalar) = decoder.decode(&rest) else { return Self(kind: .other, bytes: 1) }
        return Self(kind: kind(of: scalar), bytes: UTF8.width(scalar))
    }

    private static func kind(of scalar: Unicode.Scalar) -> Kind {
        if scalar == "\u{2019}" { return .apostrophe }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
            .spacingMark, .enclosingMark, .decimalNumber, .letterNumber, .otherNumber:
            return isUnspaced(scalar) ? .unspaced : .word
        default: return .other
        }
    }

    /// Han, Kana, Thai, Lao, Myanmar and Khmer.
    private static func isUnspaced(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF, 0x3040...0x30FF, 0x31F0...0x31FF: true
        default: scalar.properties.isIdeographic
        }
    }
}
