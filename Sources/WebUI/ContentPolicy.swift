/// The content security policy of every page: only this server's own files, no inline script or style, no frames, and
/// no way for a script to hand markup to the browser (W3C CSP 3; Trusted Types).
enum ContentPolicy {
    static let text = framed(by: [])

    /// Of the page that may be shown in a frame, by pages of these origins only; by none without any.
    static func framed(by origins: [String]) -> String {
        [
            "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:",
            "connect-src 'self'", "font-src 'self'", "base-uri 'none'", "form-action 'none'",
            "frame-ancestors \(origins.isEmpty ? "'none'" : origins.joined(separator: " "))",
            "require-trusted-types-for 'script'", "trusted-types 'none'",
        ].joined(separator: "; ")
    }
}
