import Foundation

@testable import Documents

/// Runs the programs themselves, without a jail: only for files whose content is known.
enum DirectConverter {
    static var hasPoppler: Bool { FileManager.default.isExecutableFile(atPath: "/usr/bin/pdftotext") }
    static var hasRecogniser: Bool { FileManager.default.isExecutableFile(atPath: "/usr/bin/tesseract") }

    static func convert(_ conversion: Conversion, _ bytes: [UInt8]) throws(ParseFailure) -> [UInt8] {
        let (program, arguments) = command(conversion)
        guard let output = run(program, arguments, input: bytes) else { throw .converterMissing }
        guard output.status == 0 || !output.bytes.isEmpty else { throw .damaged }
        return output.bytes
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

    /// Nil when the program is not installed. The input is a file so that neither side waits for the other.
    private static func run(_ program: String, _ arguments: [String], input: [UInt8]) -> (
        status: Int32, bytes: [UInt8]
    )? {
        let file = FileManager.default.temporaryDirectory.appending(path: "converter-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        let output = Pipe()
        do {
            try Data(input).write(to: file)
            process.executableURL = URL(filePath: "/usr/bin/" + program)
            process.arguments = arguments
            process.standardInput = try FileHandle(forReadingFrom: file)
            process.standardOutput = output
            process.standardError = FileHandle.nullDevice
            try process.run()
        } catch {
            return nil
        }
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, [UInt8](bytes))
    }
}
