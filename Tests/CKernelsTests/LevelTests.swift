import CKernels
import Testing

@Suite struct LevelTests {
    @Test func `every processor runs the portable level, and the best one is supported`() {
        #expect(ck_level_supported(0) == 1)
        #expect(ck_level_supported(ck_level_best()) == 1)
        #expect(supportedLevels.last == ck_level_best())
    }

    @Test(arguments: [-1, 3, 99] as [Int32])
    func `a number that names no level is not supported`(level: Int32) {
        #expect(ck_level_supported(level) == 0)
        #expect(String(cString: ck_level_name(level)) == "unknown")
    }

    @Test func `levels have names`() {
        #expect((0..<3).map { String(cString: ck_level_name($0)) } == ["portable", "avx2", "avx512"])
    }
}
