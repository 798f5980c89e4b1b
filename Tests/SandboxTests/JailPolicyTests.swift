import Testing

@testable import Sandbox

@Suite struct JailPolicyTests {
    @Test func `a policy survives its text form, whatever its paths are called`() throws {
        let policy = JailPolicy(
            memoryBytesMax: 1 << 30, processorSecondsMax: 7, readable: ["/a:b", "/c%d", "/"], executable: ["/%3A:x"])
        let encoded = EncodedJailPolicy(policy: policy, parent: 4711)
        #expect(EncodedJailPolicy(encoded.text) == encoded)
    }

    @Test(arguments: [
        "", "1", "1:2:3", "2:1:1:0", "1:-1:1:0", "1:1:1:-5", "1:1:1:0:", "1:1:1:0:r", "1:1:1:0:rrelative",
        "1:1:1:0:w/tmp", "1:1:1:0:r/a%00", "1:1:1:0:r/a%", "1:1:1:0:r/a%3a", "01:1:1:0", "1:+1:1:0",
        "1:99999999999999999999:1:0",
    ])
    func `any other text is refused`(text: String) {
        #expect(EncodedJailPolicy(text) == nil)
    }

    @Test func `what the kernel lacks is said in a sentence`() {
        let nothing = JailAvailability(hasSeccomp: false, landlockVersion: 3)
        #expect(!nothing.runsParsers && !nothing.runsConverters && nothing.sentence.contains("refused"))
        let old = JailAvailability(hasSeccomp: true, landlockVersion: 0)
        #expect(old.runsParsers && !old.runsConverters && old.sentence.contains("converters are refused"))
        #expect(JailAvailability(hasSeccomp: true, landlockVersion: 4).sentence.contains("version 4"))
    }
}
