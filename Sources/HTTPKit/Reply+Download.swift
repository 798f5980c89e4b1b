import HTTPTypes

extension Reply {
    /// A file that a browser keeps instead of showing it. `name` is one of ours, without quotation marks and paths.
    package static func download(_ bytes: [UInt8], name: String, type: String) -> Reply {
        Reply(
            headers: [.contentType: type, .contentDisposition: "attachment; filename=\"\(name)\""],
            body: .bytes(bytes))
    }
}
