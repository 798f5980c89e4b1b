import Testing

@testable import Documents

@Suite struct PictureSizeTests {
    private static func page(_ width: Int, _ height: Int) -> DocumentLayout.Page {
        DocumentLayout.Page(number: 1, width: width, height: height, range: 0..<1)
    }

    @Test func `a picture has the page's shape and a bounded area`() throws {
        let sheet = try #require(PictureSize(of: Self.page(600, 800), width: 1200))
        #expect(sheet.width == 1200 && sheet.height == 1600)
        for (width, height) in [(1, 14_400), (14_400, 1), (600, 1_000_000), (1, Int.max), (Int.max, 1), (3, 3)] {
            for wanted in [Int.min, 0, 1, 1200, Int.max] {
                guard let size = PictureSize(of: Self.page(width, height), width: wanted) else { continue }
                #expect(size.width > 0 && size.height > 0 && size.width <= PictureSize.widths.upperBound)
                #expect(Double(size.width) * Double(size.height) <= PictureSize.pixelsMax, "\(width) \(height)")
            }
        }
        #expect(
            PictureSize(of: Self.page(0, 10), width: 100) == nil && PictureSize(of: Self.page(10, 0), width: 1) == nil)
    }

    @Test func `only a PNG tells its size`() {
        let start: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13] + Array("IHDR".utf8)
        let rest: [UInt8] = [0, 0, 1, 0, 0, 0, 2, 0] + [UInt8](repeating: 0, count: 9)
        #expect(PNGHeader.size(of: start + rest)?.width == 256 && PNGHeader.size(of: start + rest)?.height == 512)
        #expect(PNGHeader.size(of: start) == nil && PNGHeader.size(of: []) == nil)
        #expect(PNGHeader.size(of: Array("<svg onload=alert(1)>".utf8) + start + rest) == nil)
    }
}
