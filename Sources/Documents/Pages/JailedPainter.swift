import Foundation
import Kit
import Sandbox
import Synchronization

/// Paints pages with poppler, each in a jailed process of its own, on threads of its own.
///
/// A file may take the painter over; all that it gains is the picture, which goes out only when it is a PNG of the size
/// that was asked for.
package final class JailedPainter: Sendable {
    package struct Bounds: Sendable {
        package var memoryBytesMax: UInt64 = 1 << 30
        /// One page, waiting included.
        package var secondsMax = 60
        package var pictureBytesMax = 32 << 20
        package var paintersMax = 2
        /// Of all tenants, and of one: nobody's readers keep all others waiting.
        package var waitingMax = 16
        package var waitingPerTenantMax = 4

        package init() {}
    }

    private let bounds: Bounds
    private let tool: JailedTool
    private let queue = OperationQueue()
    private let waiting = Mutex<[TenantID: Int]>([:])

    package init(bounds: Bounds = Bounds(), launcher: JailLauncher = .thisProgram) {
        self.bounds = bounds
        tool = JailedTool(
            policy: .converter(
                memoryBytesMax: bounds.memoryBytesMax, processorSecondsMax: UInt64(bounds.secondsMax)),
            launcher: launcher)
        queue.maxConcurrentOperationCount = bounds.paintersMax
    }

    package var painter: PagePainter { PagePainter { try await self.paint($0) } }

    private func paint(_ sheet: PagePainter.Sheet) async throws -> [UInt8] {
        try enter(sheet.tenant)
        defer { leave(sheet.tenant) }
        let original = try await sheet.original()
        let deadline = ContinuousClock.now + .seconds(bounds.secondsMax)
        return try await withCheckedThrowingContinuation { continuation in
            queue.addOperation { continuation.resume(with: Result { try self.painted(sheet, original, by: deadline) }) }
        }
    }

    private func enter(_ tenant: TenantID) throws {
        try waiting.withLock { counts in
            let own = counts[tenant, default: 0]
            guard own < bounds.waitingPerTenantMax, counts.values.reduce(0, +) < bounds.waitingMax else {
                throw PagePainter.Busy()
            }
            counts[tenant] = own + 1
        }
    }

    private func leave(_ tenant: TenantID) {
        waiting.withLock { counts in
            let rest = counts[tenant, default: 1] - 1
            counts[tenant] = rest > 0 ? rest : nil
        }
    }

    private func painted(
        _ sheet: PagePainter.Sheet, _ original: [UInt8], by deadline: ContinuousClock.Instant
    ) throws(ParseFailure) -> [UInt8] {
        guard sheet.format.isPaintable else { throw .unsupported }
        var (bytes, page) = (original, sheet.page)
        if sheet.format != .pdf {
            bytes = try run(PaintingCommand.wrap(page: page), bytes, by: deadline)
            page = 1
        }
        // Some versions of poppler count the size of a page that is turned (`/Rotate`) before they turn it.
        for size in [sheet.size, sheet.size.turned] {
            let picture = try run(PaintingCommand.paint(page: page, size), bytes, by: deadline)
            if PNGHeader.size(of: picture) == sheet.size { return picture }
        }
        throw .damaged
    }

    private func run(
        _ command: (program: String, arguments: [String]), _ bytes: [UInt8], by deadline: ContinuousClock.Instant
    ) throws(ParseFailure) -> [UInt8] {
        do {
            return try tool.run(
                "/usr/bin/" + command.program, command.arguments, input: bytes,
                outputBytesMax: bounds.pictureBytesMax, by: deadline)
        } catch {
            throw Conversion.failure(for: error)
        }
    }
}

/// Standard input to standard output. Pages are counted from 1.
enum PaintingCommand {
    /// An image of any kind as a PDF of one page. The recogniser writes one around the picture; told to read a single
    /// line (13), it does nearly nothing else.
    static func wrap(page: Int) -> (program: String, arguments: [String]) {
        ("tesseract", ["stdin", "stdout", "--psm", "13", "-c", "tessedit_page_number=\(page - 1)", "pdf"])
    }

    static func paint(page: Int, _ size: PictureSize) -> (program: String, arguments: [String]) {
        let pages = ["-f", "\(page)", "-l", "\(page)"]
        return ("pdftoppm", ["-png"] + pages + ["-scale-to-x", "\(size.width)", "-scale-to-y", "\(size.height)", "-"])
    }
}

/// The size that a PNG says of itself (ISO 15948, 5.2 and 11.2.2).
enum PNGHeader {
    private static let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
    private static let firstChunk: [UInt8] = [0, 0, 0, 13] + Array("IHDR".utf8)

    static func size(of bytes: [UInt8]) -> PictureSize? {
        guard bytes.count >= 33, bytes.starts(with: signature), bytes[8..<16].elementsEqual(firstChunk) else {
            return nil
        }
        func number(_ place: Int) -> Int { bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }
        return PictureSize(width: number(16), height: number(20))
    }
}

extension PictureSize {
    fileprivate init(width: Int, height: Int) { (self.width, self.height) = (width, height) }

    fileprivate var turned: PictureSize { PictureSize(width: height, height: width) }
}
