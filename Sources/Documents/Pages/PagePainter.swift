import Kit

/// Turns one page of a file into a picture, for a person who wants to see the cited words where they stand:
/// `JailedPainter` in the product.
///
/// Pictures are painted for each look and kept nowhere, so that nothing is left of a document that was deleted.
/// Throws `ParseFailure` for what is wrong with the file, `Busy` when too many look at once.
package struct PagePainter: Sendable {
    /// A PNG of exactly the size that the sheet asks for.
    package let paint: @Sendable (Sheet) async throws -> [UInt8]

    package init(paint: @escaping @Sendable (Sheet) async throws -> [UInt8]) { self.paint = paint }

    /// For a machine, or a test, that paints nothing.
    package static let none = PagePainter { _ throws(ParseFailure) in throw .converterMissing }

    package struct Busy: Error {}

    /// A page to be painted.
    package struct Sheet: Sendable {
        /// Whose reader looks at it.
        package let tenant: TenantID
        /// The file, read when there is a place for it.
        package let original: @Sendable () async throws -> [UInt8]
        package let format: DocumentFormat
        /// As the parser counted them, from 1.
        package let page: Int
        package let size: PictureSize

        package init(
            tenant: TenantID, format: DocumentFormat, page: Int, size: PictureSize,
            original: @escaping @Sendable () async throws -> [UInt8]
        ) {
            self.tenant = tenant
            self.original = original
            self.format = format
            self.page = page
            self.size = size
        }
    }
}

/// Width and height of a page's picture in pixels, with its shape and of bounded area.
package struct PictureSize: Hashable, Sendable {
    package static let widths = 100...2400
    static let pixelsMax = 8_000_000.0

    package let width: Int
    package let height: Int

    /// As wide as asked for, or as a very long page allows. Nil for a page without area.
    package init?(of page: DocumentLayout.Page, width: Int) {
        guard page.width > 0, page.height > 0 else { return nil }
        let shape = Double(page.height) / Double(page.width)
        let wanted = Double(min(max(width, Self.widths.lowerBound), Self.widths.upperBound))
        let allowed = min(wanted, (Self.pixelsMax / shape).squareRoot())
        (self.width, self.height) = (max(1, Int(allowed)), max(1, Int(allowed * shape)))
        guard Double(self.width) * Double(self.height) <= Self.pixelsMax else { return nil }
    }
}

extension DocumentFormat {
    /// Whether its pages are pictures that can be painted; slides have places for words, and no painter.
    package var isPaintable: Bool {
        switch self {
        case .pdf, .png, .jpeg, .tiff, .gif, .bmp, .webp: true
        default: false
        }
    }
}
