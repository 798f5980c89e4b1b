/// The five sensitivity labels of the platform, in rising order. A reader sees a document only with
/// `clearance >= label`.
package enum Classification: String, CaseIterable, Codable, Sendable, Comparable {
    case `public`, `internal`, confidential, restricted
    case topSecret = "top_secret"

    /// 0 for `public` to 4 for `topSecret`; stable, stored in index files.
    package var level: UInt8 {
        switch self {
        case .public: 0
        case .internal: 1
        case .confidential: 2
        case .restricted: 3
        case .topSecret: 4
        }
    }

    package static func < (left: Self, right: Self) -> Bool { left.level < right.level }
}
