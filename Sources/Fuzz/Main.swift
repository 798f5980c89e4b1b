import Foundation
import FuzzTargets

/// `Fuzz list`; `Fuzz seeds TARGET FOLDER`; `Fuzz run TARGET [libFuzzer's options and folders]`.
@main
enum Main {
    nonisolated(unsafe) private static var target = FuzzTarget.all[0]  // Written once, before the first run.

    static func main() {
        let arguments = CommandLine.arguments
        guard arguments.count > 2, let found = FuzzTarget.all.first(where: { $0.name == arguments[2] }) else {
            return print(FuzzTarget.all.map(\.name).joined(separator: "\n"))
        }
        target = found
        arguments[1] == "run" ? run([arguments[0]] + arguments.dropFirst(3)) : writeSeeds(to: arguments[3])
    }

    private static func writeSeeds(to folder: String) {
        for (number, seed) in target.seeds.enumerated() {
            _ = FileManager.default.createFile(atPath: "\(folder)/seed-\(number)", contents: Data(seed))
        }
    }

    private static func run(_ arguments: [String]) {
        var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        var count = CInt(arguments.count)
        pointers.withUnsafeMutableBufferPointer { buffer in
            guard var start = buffer.baseAddress else { return }
            exit(
                runDriver(&count, &start) { bytes, count in
                    Main.check(Array(UnsafeBufferPointer(start: bytes, count: count)))
                    return 0
                })
        }
    }

    private static func check(_ bytes: [UInt8]) {
        // libFuzzer keeps the input of a run that traps.
        do { try target.run(bytes) } catch { fatalError("\(target.name): broken promise: \(error)") }
    }
}

/// Of compiler-rt: libFuzzer for who brings a `main` of their own.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ run: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt
