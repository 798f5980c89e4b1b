import Foundation

extension CloisterSettings {
    /// What single values cannot show: settings that do not go together. Empty when all is well.
    ///
    /// Folders are compared after following symbolic links, so a link cannot hide that two are one.
    package func validate() -> [SettingsFailure] {
        placeFailures() + serverFailures() + limitFailures()
    }

    private func placeFailures() -> [SettingsFailure] {
        var failures: [SettingsFailure] = []
        if Self.overlap(data.directory, keys.directory) {
            failures.append(
                .conflict(
                    key: "keys.directory",
                    reason: "(\(keys.directory)) and data.directory (\(data.directory)) must not lie inside one another"
                ))
        }
        guard case .file(let rootKey) = keys.root else { return failures }
        for (key, folder) in [("data.directory", data.directory), ("keys.directory", keys.directory)]
        where Self.contains(folder, rootKey) {
            failures.append(.conflict(key: "keys.root", reason: "(\(rootKey)) must lie outside \(key) (\(folder))"))
        }
        return failures
    }

    private func serverFailures() -> [SettingsFailure] {
        var failures: [SettingsFailure] = []
        if (server.certificate == nil) != (server.key == nil) {
            failures.append(
                .conflict(
                    key: "server.tls", reason: "needs both server.tls.certificate and server.tls.key, or neither"))
        }
        let isLoopback = server.host.hasPrefix("127.") || server.host == "::1"
        if !isLoopback, server.tls == nil, server.trustedProxy == nil {
            failures.append(
                .conflict(
                    key: "server.host",
                    reason: "(\(server.host)) is reachable from other machines; set server.tls.certificate and "
                        + "server.tls.key, or server.trusted_proxy"))
        }
        return failures
    }

    private func limitFailures() -> [SettingsFailure] {
        var failures: [SettingsFailure] = []
        if session.idleMinutes > session.absoluteHours * 60 {
            failures.append(
                .conflict(
                    key: "session.idle_minutes",
                    reason:
                        "(\(session.idleMinutes)) is longer than session.absolute_hours "
                        + "(\(session.absoluteHours))"
                ))
        }
        if limits.userRequestsPerSecond > limits.tenantRequestsPerSecond {
            failures.append(
                .conflict(
                    key: "limits.user_requests_per_second",
                    reason: "(\(limits.userRequestsPerSecond)) is more than limits.tenant_requests_per_second "
                        + "(\(limits.tenantRequestsPerSecond))"))
        }
        return failures
    }

    private static func overlap(_ left: String, _ right: String) -> Bool {
        contains(left, right) || contains(right, left)
    }

    private static func contains(_ folder: String, _ path: String) -> Bool {
        let (outer, inner) = (components(folder), components(path))
        return inner.starts(with: outer)
    }

    private static func components(_ path: String) -> [String] {
        URL(filePath: path).resolvingSymlinksInPath().pathComponents.filter { $0 != "/" }
    }
}
