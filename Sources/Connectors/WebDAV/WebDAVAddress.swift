import Kit
import Outbound

/// From the addresses that a server writes to paths beneath the collection, and back.
struct WebDAVAddress: Sendable {
    let base: OutboundURL
    private let baseSegments: [ExactText]

    /// Throws `.misconfigured` for a path that is not UTF-8.
    init(_ base: OutboundURL) throws(SourceFailure) {
        guard let segments = Self.segments(of: base.path) else {
            throw .misconfigured("The path of the address is not UTF-8.")
        }
        self.base = base
        baseSegments = segments
    }

    enum Place: Equatable {
        case here
        case child(ExactText)
        /// A name that is not UTF-8, or with a slash in it.
        case unusable
        /// Another origin, or not directly in this folder.
        case elsewhere
    }

    /// Where `href` leads, seen from a folder. How the server encodes its own path does not matter.
    func place(of href: String, in folder: [ExactText]) -> Place {
        guard let here = address(of: folder, isCollection: true), let url = try? here.resolve(link: href),
            url.origin == base.origin
        else { return .elsewhere }
        guard let segments = Self.segments(of: url.path) else { return .unusable }
        let whole = baseSegments + folder
        guard segments.starts(with: whole) else { return .elsewhere }
        switch segments.count - whole.count {
        case 0: return .here
        case 1: return Self.isName(segments[whole.count]) ? .child(segments[whole.count]) : .unusable
        default: return .elsewhere
        }
    }

    /// Nil for names that no address can hold.
    func address(of path: [ExactText], isCollection: Bool) -> OutboundURL? {
        guard path.allSatisfy(Self.isName) else { return nil }
        let names = path.map { S3Text.encoded($0.text) }.joined(separator: "/")
        let full = base.path + names + (isCollection && !path.isEmpty ? "/" : "")
        guard let url = try? OutboundURL("\(base.origin)\(full)"), url.path == full else { return nil }
        return url
    }

    static func path(of key: ExactText) -> [ExactText] {
        key.text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .map { ExactText(String(Substring($0))) }
    }

    static func key(of path: [ExactText]) -> ExactText { ExactText(path.map(\.text).joined(separator: "/")) }

    private static func isName(_ name: ExactText) -> Bool {
        !name.text.isEmpty && ![".", ".."].contains(name) && !name.text.utf8.contains { $0 == 0 || $0 == 0x2f }
    }

    /// Decoded, without the empty ones at either end. Nil when one is not UTF-8.
    private static func segments(of path: String) -> [ExactText]? {
        var segments: [ExactText] = []
        for part in path.utf8.split(separator: UInt8(ascii: "/")) {
            guard let text = ExactText(bytes: decoded(part)) else { return nil }
            segments.append(text)
        }
        return segments
    }

    /// `part` is of an `OutboundURL`, so every `%` has its two digits.
    private static func decoded(_ part: Substring.UTF8View) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = part[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            bytes += UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16).map { [$0] } ?? []
            rest = rest.dropFirst(2)
        }
        return bytes
    }
}
