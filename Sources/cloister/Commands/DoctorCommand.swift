import ArgumentParser
import Encoder
import Foundation
import Sandbox
import Settings

/// Says what is missing and how to get it, without changing anything.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check this machine and installation; say what is missing and how to get it.",
        discussion: "  cloister doctor --home /srv/cloister")

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        let settings = try options.settings()
        let findings = Examination(settings).findings()
        for finding in findings {
            Terminal.printData("\(finding.isGood ? "ok      " : "missing ") \(finding.what)")
            if let remedy = finding.remedy { Terminal.printData("         \(remedy)") }
        }
        if findings.contains(where: { !$0.isGood }) { throw ExitCode(1) }
    }
}

/// One look at everything that serving needs.
private struct Examination {
    struct Finding {
        let what: String
        var remedy: String?
        var isGood: Bool { remedy == nil }
    }

    let settings: CloisterSettings

    init(_ settings: CloisterSettings) { self.settings = settings }

    func findings() -> [Finding] {
        [encoder, rootKey, folder(settings.data.directory), folder(settings.keys.directory), memory, coreDumps, jail]
            + converters
    }

    private var encoder: Finding {
        let directory = settings.encoder.directory
        do {
            let encoder = try Encoder(directory: directory)
            encoder.close()
            return Finding(what: "encoder weights in \(directory)")
        } catch {
            return Finding(
                what: "encoder weights in \(directory)", remedy: "Run: scripts/fetch-encoder \(directory)")
        }
    }

    private var rootKey: Finding {
        guard case .file(let path) = settings.keys.root else { return Finding(what: "root key by reference") }
        let isThere = FileManager.default.fileExists(atPath: path)
        if isThere || !Ground.hasKeys(settings) {
            return Finding(what: "root key at \(path)" + (isThere ? "" : " (made at the first start)"))
        }
        return Finding(
            what: "root key at \(path)", remedy: "Put the root key back from your safe; without it nothing opens.")
    }

    private func folder(_ path: String) -> Finding {
        var parent = path
        while !FileManager.default.fileExists(atPath: parent), parent != "/", !parent.isEmpty {
            parent = (parent as NSString).deletingLastPathComponent
        }
        let isWritable = FileManager.default.isWritableFile(atPath: parent)
        return Finding(what: "folder \(path)", remedy: isWritable ? nil : "Make \(parent) writable for this user.")
    }

    private var memory: Finding {
        let gibibytes = ProcessInfo.processInfo.physicalMemory >> 30
        return Finding(
            what: "\(gibibytes) GiB of memory, \(ProcessInfo.processInfo.activeProcessorCount) cores",
            remedy: gibibytes < 1 ? "At least 1 GiB of memory is needed." : nil)
    }

    private var jail: Finding {
        let availability = Jail.availability()
        return Finding(
            what: availability.sentence,
            remedy: availability.runsConverters ? nil : "Use a kernel with seccomp and Landlock (Linux 5.13 or newer).")
    }

    /// Foreign programs without which some kinds of files are refused.
    private var converters: [Finding] {
        [("pdftotext", "poppler-utils", "PDF"), ("tesseract", "tesseract-ocr", "scanned pages and images")].map {
            program, package, kinds in
            let isThere = FileManager.default.isExecutableFile(atPath: "/usr/bin/" + program)
            return Finding(
                what: "\(program), which reads \(kinds)",
                remedy: isThere ? nil : "Install the Debian package \(package).")
        }
    }

    private var coreDumps: Finding { Finding(what: "core dumps are switched off while serving") }
}
