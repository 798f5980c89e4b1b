import Documents
import Keyring
import Kit
import Storage

/// The pages of a version, for people who look at the document itself.
package struct VersionPages: Sendable {
    package let text: DocumentText
    package let format: DocumentFormat

    package var pages: [DocumentLayout.Page] { text.layout.pages }
    /// Whether their pictures can be painted.
    package var haveImages: Bool { format.isPaintable && !pages.isEmpty }
}

/// One page with the places of its words.
package struct PageWords: Sendable {
    package let page: DocumentLayout.Page
    package let words: [DocumentLayout.Word]
}

extension DocumentLibrary {
    /// More words than any reader can look at.
    static let wordsPerPageMax = 20_000

    /// Empty for a file without pages.
    package func pages(
        of id: DocumentID, version: VersionID, for principal: Principal
    ) async throws -> VersionPages {
        let text = try await text(of: id, version: version, for: principal)
        let record = try await parts.database.read { [versions] in try versions.version(version, for: principal, in: $0)
        }
        guard let record, record.document == id else { throw LibraryFailure.notFound }
        return VersionPages(text: text, format: record.format)
    }

    /// The words of a page that touch `range` of the text, all of them without one.
    package func page(
        _ number: Int, of id: DocumentID, version: VersionID, touching range: Range<Int>?, for principal: Principal
    ) async throws -> PageWords {
        let text = try await text(of: id, version: version, for: principal)
        guard let page = text.layout.pages.first(where: { $0.number == number }) else { throw LibraryFailure.notFound }
        let wanted = range?.clamped(to: page.range) ?? page.range
        let words = try await parts.database.read { [versions] in try versions.words(of: text, for: principal, in: $0) }
        let touched = words.lazy.filter { Int($0.start) < wanted.upperBound && wanted.lowerBound < Int($0.end) }
        return PageWords(page: page, words: Array(touched.prefix(Self.wordsPerPageMax)))
    }

    /// A PNG of a page, painted now; nothing keeps it. Rights are asked before and after, because painting takes time.
    package func image(
        ofPage number: Int, of id: DocumentID, version: VersionID, width: Int, for principal: Principal
    ) async throws -> [UInt8] {
        let pages = try await pages(of: id, version: version, for: principal)
        guard pages.haveImages, let page = pages.pages.first(where: { $0.number == number }) else {
            throw LibraryFailure.notFound
        }
        guard let size = PictureSize(of: page, width: width) else { throw LibraryFailure.noPicture(.damaged) }
        let record = try await parts.database.read { [versions] in try versions.version(version, for: principal, in: $0)
        }
        guard let record else { throw LibraryFailure.notFound }
        let document = pages.text.document
        let sheet = PagePainter.Sheet(
            tenant: principal.tenant, format: pages.format, page: number, size: size
        ) { [self] in try await original(record, of: document, for: principal) }
        let picture = try await painted(sheet)
        _ = try await text(of: id, version: version, for: principal)
        return picture
    }

    private func painted(_ sheet: PagePainter.Sheet) async throws -> [UInt8] {
        do {
            return try await parts.painter.paint(sheet)
        } catch let failure as ParseFailure {
            throw LibraryFailure.noPicture(failure)
        } catch is PagePainter.Busy {
            throw LibraryFailure.painterBusy
        }
    }
}
