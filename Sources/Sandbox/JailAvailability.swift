import CJail

/// What this kernel offers for the jail.
package struct JailAvailability: Hashable, Sendable {
    package let hasSeccomp: Bool
    /// The version of Landlock's interface; 0 without it.
    package let landlockVersion: Int

    package init(hasSeccomp: Bool, landlockVersion: Int) {
        self.hasSeccomp = hasSeccomp
        self.landlockVersion = landlockVersion
    }

    /// Parsers inside our own program, which read no file.
    package var runsParsers: Bool { hasSeccomp }
    /// Converters and parsers that read libraries, fonts and tables.
    package var runsConverters: Bool { hasSeccomp && landlockVersion > 0 }

    /// One sentence for `doctor`.
    package var sentence: String {
        if !hasSeccomp {
            return "This kernel or processor offers no seccomp filters, so documents that need a jail are refused."
        }
        if landlockVersion == 0 {
            return "This kernel offers no Landlock (Linux 5.13, enabled at boot), so converters are refused."
        }
        return "Documents are parsed in a jail of seccomp filters and Landlock version \(landlockVersion)."
    }
}

extension Jail {
    /// Asks the kernel; nothing is changed.
    package static func availability() -> JailAvailability {
        JailAvailability(hasSeccomp: cjail_has_seccomp() == 1, landlockVersion: Int(cjail_landlock_abi()))
    }
}
