import CJail
import Glibc
import Sandbox

/// What the probe can be asked to be: one that behaves, one that tries to escape, and many that misbehave.
enum ProbeWorkers {
    static var all: [String: () -> Never] {
        [
            "echo": { WorkerChannel.standard.serve { $0 } },
            "attempt": {
                WorkerChannel.standard.serve { Array(Attempts.perform(String(decoding: $0, as: UTF8.self)).utf8) }
            },
            "victim": victim,
            "endless": { while true { burn() } },
            "greedy": greedy,
            "flood": { while true { WorkerChannel.standard.write([UInt8](repeating: 65, count: 1 << 20)) } },
            "noisy": noisy,
            "silent": { exit(0) },
            "failing": { exit(7) },
            "crashing": { abort() },
            "stopped": stopped,
            "half": answering([0, 0, 0, 10, 1, 2, 3]),
            "garbage": answering([0xff, 0xff, 0xff, 0xff, 1, 2, 3]),
            "talkative": answering([0, 0, 0, 1, 65, 66, 67]),
            "threads": threads,
            "charsets": charsets,
        ]
    }

    /// Waits to be attacked, with every permission that a process can give.
    private static func victim() -> Never {
        // PR_SET_PTRACER, anybody: where the kernel would otherwise protect it.
        _ = cjail_syscall(Int(SYS_prctl), 0x5961_6d61, -1, 0, 0, 0, 0)
        WorkerChannel.standard.serve { $0 }
    }

    private static func burn() {
        var sum: UInt64 = 1
        for number in 0..<UInt64(100_000) { sum = sum &* 31 &+ number }
        if sum == 0 { exit(9) }
    }

    private static func greedy() -> Never {
        var kept: [[UInt8]] = []
        while true { kept.append([UInt8](repeating: UInt8(kept.count & 255), count: 8 << 20)) }
    }

    private static func noisy() -> Never {
        let line = [UInt8](repeating: 69, count: 65_536)
        for _ in 0..<64 { _ = write(STDERR_FILENO, line, line.count) }
        _ = write(STDERR_FILENO, "the end\n", 8)
        WorkerChannel.standard.serve { $0 }
    }

    private static func stopped() -> Never {
        _ = cjail_syscall(Int(SYS_tgkill), Int(getpid()), Int(getpid()), Int(SIGSTOP), 0, 0, 0)
        while true { burn() }
    }

    private static func answering(_ bytes: [UInt8]) -> () -> Never {
        {
            while WorkerChannel.standard.readFrame() != nil { WorkerChannel.standard.write(bytes) }
            exit(0)
        }
    }

    /// Four threads of the C library, which allocate and end.
    private static func threads() -> Never {
        WorkerChannel.standard.serve { request in
            var handles: [pthread_t] = []
            for _ in 0..<4 {
                var handle = pthread_t()
                let body: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { _ in
                    let many = (0..<1000).map { [Int](repeating: $0, count: 100) }
                    return UnsafeMutableRawPointer(bitPattern: many.joined().reduce(0, +))
                }
                guard pthread_create(&handle, nil, body, nil) == 0 else { return Array("no thread".utf8) }
                handles.append(handle)
            }
            var sum = 0
            for handle in handles {
                var result: UnsafeMutableRawPointer?
                pthread_join(handle, &result)
                sum += Int(bitPattern: result)
            }
            return Array(String(sum).utf8)
        }
    }

    /// Shift-JIS to UTF-8, for which the C library loads a table.
    private static func charsets() -> Never {
        WorkerChannel.standard.serve { request in
            guard let converter = iconv_open("UTF-8", "SHIFT_JIS"), Int(bitPattern: converter) != -1 else {
                return Array("no converter, error \(errno)".utf8)
            }
            var input = request.map { CChar(bitPattern: $0) }
            var output = [CChar](repeating: 0, count: 256)
            let left = input.withUnsafeMutableBufferPointer { input in
                output.withUnsafeMutableBufferPointer { output in
                    var (from, to) = (input.baseAddress, output.baseAddress)
                    var (fromLeft, toLeft) = (input.count, output.count)
                    iconv(converter, &from, &fromLeft, &to, &toLeft)
                    return toLeft
                }
            }
            return output.prefix(output.count - left).map { UInt8(bitPattern: $0) }
        }
    }
}
