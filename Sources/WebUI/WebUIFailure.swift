/// What can be wrong with serving the browser application.
package enum WebUIFailure: Error, Equatable {
    /// `--web-root` names no directory that can be read.
    case noWebRoot(path: String)
    /// This binary was built without its pages.
    case noAssets
}
