import Foundation
import Glibc

/// What proc(5) tells about this process.
enum ProcessFigures {
    /// Of the moment.
    static var residentMebibytes: Int { status("VmRSS:") }
    /// Of that, what no file backs.
    static var heapMebibytes: Int { status("RssAnon:") }
    /// The largest so far.
    static var peakMebibytes: Int { status("VmHWM:") }

    /// The largest peak of any child that lives; with `ended`, of those too that were waited for.
    ///
    /// The kernel starts a child's peak of getrusage(2) at that of its parent, so a child that has ended counts only
    /// where it had more than this process.
    static func childrenPeakMebibytes(ended: Bool) -> Int {
        let living = children.map { status("VmHWM:", of: $0) }.max() ?? 0
        var usage = rusage()
        getrusage(RUSAGE_CHILDREN.rawValue, &usage)
        let peak = usage.ru_maxrss / 1024
        return ended && peak > peakMebibytes ? max(living, peak) : living
    }

    /// Processor time of this process and of its children, those that ended included, in seconds.
    static var processorSeconds: Double {
        let ticks = (["self"] + children).reduce(0) { sum, process in
            // utime, stime, cutime and cstime are the fields 14 to 17; the command is the second and ends with ")".
            let fields = words("/proc/\(process)/stat", after: ")").dropFirst(11).prefix(4)
            return fields.reduce(sum) { $0 + (Int($1) ?? 0) }
        }
        return Double(ticks) / Double(max(1, sysconf(Int32(_SC_CLK_TCK))))
    }

    private static var children: [String] {
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
        return threads.flatMap { words("/proc/self/task/\($0)/children").map(String.init) }
    }

    private static func status(_ name: String, of process: String = "self") -> Int {
        (words("/proc/\(process)/status", after: name).first.flatMap { Int($0) } ?? 0) / 1024
    }

    private static func words(_ path: String, after mark: String = "") -> [Substring] {
        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        guard !mark.isEmpty else { return text.split { $0.isWhitespace } }
        let rest = text.range(of: mark, options: mark == ")" ? .backwards : []).map { text[$0.upperBound...] }
        return (rest ?? "").split { $0.isWhitespace }
    }
}
