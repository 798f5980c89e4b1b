import Foundation
import TestKit

@testable import Documents

/// Runs the programs themselves, without a jail: only for files whose content is known.
enum DirectConverter {
    static var hasPoppler: Bool { FileManager.default.isExecutableFile(atPath: "/usr/bin/pdftotext") }
    static var hasRecogniser: Bool { FileManager.default.isExecutableFile(atPath: "/usr/bin/tesseract") }

    static func convert(_ conversion: Conversion, _ bytes: [UInt8]) throws(ParseFailure) -> [UInt8] {
        let (program, arguments) = command(conversion)
        guard let (code, output) = ChildProcess.run("/usr/bin/" + program, arguments, input: bytes) else {
            throw .converterMissing
        }
        guard code == 0 || !output.isEmpty else { throw .damaged }
        return output
    }

    static func command(_ conversion: Conversion) -> (program: String, arguments: [String]) {
        switch conversion {
        case .pdfLayout: ("pdftotext", ["-bbox-layout", "-", "-"])
        case .pdfFonts: ("pdftohtml", ["-xml", "-i", "-zoom", "1", "-stdout", "-", "page"])
        case .pdfInformation: ("pdfinfo", ["-"])
        case .pdfPage(let number, let dotsPerInch):
            ("pdftoppm", ["-gray", "-png", "-f", "\(number)", "-l", "\(number)", "-r", "\(dotsPerInch)"])
        case .imageWords: ("tesseract", ["stdin", "stdout", "tsv"])
        }
    }
}
