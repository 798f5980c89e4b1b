import Kit
import Sandbox
import TestKit
import Testing

@testable import Documents
@testable import cloister

/// The painter itself, with files that it cannot paint.
@Suite struct JailedPainterTests {
    private static func painter(_ change: (inout JailedPainter.Bounds) -> Void = { _ in }) -> PagePainter {
        var bounds = JailedPainter.Bounds()
        change(&bounds)
        return JailedPainter(bounds: bounds, launcher: JailLauncher(command: [Program.path])).painter
    }

    private static let tenant = Randomness.system.identifier(TenantID.self)

    private static func sheet(
        _ bytes: [UInt8], _ format: DocumentFormat, page: Int = 1, of tenant: TenantID = tenant
    ) throws -> PagePainter.Sheet {
        let shape = DocumentLayout.Page(number: 1, width: 612, height: 792, range: 0..<1)
        return PagePainter.Sheet(
            tenant: tenant, format: format, page: page, size: try #require(PictureSize(of: shape, width: 200))
        ) { bytes }
    }

    private static let document = PDFWriter.document(["One line."])

    @Test func `a page becomes a picture of the size that was asked for`() async throws {
        let picture = try await Self.painter().paint(Self.sheet(Self.document, .pdf))
        #expect(picture.starts(with: [0x89, 0x50, 0x4e, 0x47]) && picture.count < 1 << 20)
    }

    @Test func `what cannot be painted is refused, whatever it is`() async throws {
        let files: [([UInt8], DocumentFormat, Int)] = [
            ([], .pdf, 1), (Array("%PDF-1.7\n".utf8), .pdf, 1), (Array(Self.document.prefix(300)), .pdf, 1),
            (Self.document, .pdf, 2), (Self.document, .png, 1), ([0x89, 0x50, 0x4e, 0x47], .png, 1),
            (Array("GIF89a".utf8), .gif, 1), (Array("# Text".utf8), .markdown, 1),
        ]
        for (bytes, format, page) in files {
            await #expect(throws: ParseFailure.self, "\(format), \(bytes.count) bytes, page \(page)") {
                try await Self.painter().paint(Self.sheet(bytes, format, page: page))
            }
        }
    }

    @Test func `bounds hold: time, bytes, people who wait`() async throws {
        let sheet = try Self.sheet(Self.document, .pdf)
        await #expect(throws: PagePainter.Busy.self) {
            try await Self.painter { $0.waitingMax = 0 }.paint(sheet)
        }
        await #expect(throws: ParseFailure.timedOut) {
            try await Self.painter { $0.secondsMax = 0 }.paint(sheet)
        }
        await #expect(throws: ParseFailure.self) {
            try await Self.painter { $0.pictureBytesMax = 100 }.paint(sheet)
        }
    }

    /// Whoever is refused is of the tenant that asks for too much.
    @Test func `one tenant does not keep the others out`() async throws {
        let painter = Self.painter { $0.waitingPerTenantMax = 3 }
        let (own, other) = (
            try Self.sheet(Self.document, .pdf),
            try Self.sheet(Self.document, .pdf, of: Randomness.system.identifier())
        )
        await withTaskGroup(of: Void.self) { group in
            for (sheet, mustPass) in Array(repeating: (own, false), count: 6) + [(other, true)] {
                group.addTask {
                    do { _ = try await painter.paint(sheet) } catch {
                        #expect(error is PagePainter.Busy && !mustPass, "\(error)")
                    }
                }
            }
        }
        #expect(try await painter.paint(other).isEmpty == false)
        #expect(try await painter.paint(own).isEmpty == false, "Who has left is not counted any more.")
    }

    /// More at once than there are painters: the others wait their turn.
    @Test func `many look at once`() async throws {
        let painter = Self.painter { ($0.paintersMax, $0.secondsMax) = (1, 300) }
        let sheet = try Self.sheet(Self.document, .pdf)
        let pictures = try await withThrowingTaskGroup(of: [UInt8].self) { group in
            for _ in 0..<4 { group.addTask { try await painter.paint(sheet) } }
            return try await group.reduce(into: Set<[UInt8]>()) { $0.insert($1) }
        }
        #expect(pictures.count == 1, "The same page gives the same picture.")
    }
}
