import Foundation
import Testing

@testable import Sandbox

/// The real converters in the jail, where they are installed.
@Suite(.timeLimit(.minutes(10))) struct JailedToolTests {
    private static let textTool = "/usr/bin/pdftotext"
    private static let imageTool = "/usr/bin/pdftoppm"
    private static let readingTool = "/usr/bin/tesseract"

    private static func isInstalled(_ path: String) -> Bool { access(path, X_OK) == 0 }

    private func tool(
        _ launcher: JailLauncher, memoryBytesMax: UInt64 = 1 << 30, processorSecondsMax: UInt64 = 60
    ) -> JailedTool {
        let policy = JailPolicy.converter(memoryBytesMax: memoryBytesMax, processorSecondsMax: processorSecondsMax)
        return JailedTool(policy: policy, launcher: launcher)
    }

    private func run(_ tool: JailedTool, _ command: [String], _ input: [UInt8] = [], max: Int = 8 << 20) throws
        -> String
    {
        let output = try tool.run(
            command[0], Array(command.dropFirst()), input: input, outputBytesMax: max, by: Probe.watchdog)
        return String(decoding: output, as: UTF8.self)
    }

    @Test(.enabled(if: isInstalled(textTool)), arguments: Probe.launchers)
    func `pdftotext reads a document and its character tables`(launcher: JailLauncher) throws {
        let text = try run(tool(launcher), [Self.textTool, "-", "-"], SmallDocuments.pdf("Paid leave is 30 days"))
        #expect(text.contains("Paid leave is 30 days"))
    }

    @Test(.enabled(if: isInstalled(imageTool)), arguments: Probe.launchers)
    func `pdftoppm draws a page with the system's fonts as it does outside`(launcher: JailLauncher) throws {
        let pdf = SmallDocuments.pdf("Paid leave")
        let command = [Self.imageTool, "-r", "50", "-gray", "-singlefile", "-"]
        let free = try JailedProcess(command: command, input: .bytes(pdf))
        let expected = try free.receiveAll(bytesMax: 8 << 20, by: Probe.watchdog)
        let image = try tool(launcher).run(
            command[0], Array(command.dropFirst()), input: pdf, outputBytesMax: 8 << 20, by: Probe.watchdog)
        #expect(image == expected && image.starts(with: Array("P5".utf8)))
    }

    @Test(.enabled(if: isInstalled(readingTool)), arguments: Probe.launchers)
    func `tesseract reads an image`(launcher: JailLauncher) throws {
        let text = try run(
            tool(launcher), [Self.readingTool, "-", "-", "--psm", "7"], SmallDocuments.image("HELLO"))
        #expect(text.contains("HELLO"))
    }

    @Test(.enabled(if: isInstalled(textTool))) func `a file that is no document is a failure with a reason`() throws {
        do {
            _ = try run(tool(Probe.direct), [Self.textTool, "-", "-"], Array("no document".utf8))
            Issue.record("it was read")
        } catch JailFailure.failed(let code, let errors) {
            #expect(code == 1 && errors.contains("PDF"))
        }
    }

    @Test(.enabled(if: isInstalled(textTool))) func `output is bounded`() throws {
        #expect(throws: JailFailure.outputTooLarge(bytesMax: 5)) {
            try run(tool(Probe.direct), [Self.textTool, "-", "-"], SmallDocuments.pdf("Paid leave"), max: 5)
        }
    }

    @Test(.enabled(if: isInstalled(readingTool))) func `a model that does not fit is out of memory`() throws {
        #expect(throws: JailFailure.outOfMemory) {
            try run(
                tool(Probe.direct, memoryBytesMax: 80 << 20), [Self.readingTool, "-", "-"],
                SmallDocuments.image("HELLO"))
        }
    }

    @Test func `a tool that is not installed is unavailable`() {
        #expect(throws: JailFailure.unavailable(reason: "/usr/bin/no-such-tool is not installed")) {
            try run(tool(Probe.direct), ["/usr/bin/no-such-tool"])
        }
    }

    @Test func `a tool that works for ever is ended`() {
        #expect(throws: JailFailure.timedOut) {
            try run(tool(Probe.direct, processorSecondsMax: 1), ["/bin/sh", "-c", "while :; do :; done"])
        }
        #expect(throws: JailFailure.timedOut) {
            try tool(Probe.direct).run(
                "/usr/bin/sleep", ["1000"], input: [], outputBytesMax: 1, by: .now + .milliseconds(300))
        }
    }
}
