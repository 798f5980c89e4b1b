/// Keys that lead out, or seem to, in the notations of many systems.
enum Traversal {
    static let strings: [String] = combined + single

    private static let targets = [
        "etc/passwd", "proc/self/environ", "proc/self/fd/0", "proc/self/root/etc/passwd", "root/.ssh/id_rsa",
        "windows/win.ini", "dev/zero", "a.txt\u{0}", "sys/kernel",
    ]

    private static let ways = [
        "../", "../../", "../../../../../../../../", "/", "//", "./../", "b/../../", "b/./../../", "..//..//", "/../",
        ".//..//", "..\\..\\", "%2e%2e/", "%2e%2e%2f", "..%2f", "..%252f", "%252e%252e%252f", "..;/", "....//",
        "..%c0%af",
        "\u{2024}\u{2024}/", "file:///", "\\\\host\\share\\", "b/d/../../../", "..\u{0}/",
    ]

    private static let combined = ways.flatMap { way in targets.map { way + $0 } }

    private static let single = [
        "", ".", "..", "/", "//", "a.txt/", "a.txt/.", "a.txt/..", "./a.txt", "b//c.txt", "b/./c.txt", "/a.txt",
        "b/../a.txt", "a.txt\u{0}.md", "\u{0}", ".hidden", "b/.hidden", "~", "~root", "CON", "a.txt::$DATA",
        "http://169.254.169.254/latest/meta-data/", "http://127.0.0.1:1/", "https://user@evil.test/",
        "file:/etc/passwd",
    ]
}
