import Kit
import Storage

extension AccessService {
    /// Returns when what `principal` was admitted with no longer holds: its rights have changed, its credential was
    /// revoked or has expired, or access to documents changed for the tenant; also when the task is cancelled or the
    /// database closes. Open streams race against it (ATT-9). A read that fails counts as a revocation.
    package func revoked(_ principal: Principal) async {
        // Subscribed first: what is cut between the look at the rights and the first signal is not missed.
        let signals = database.signals()
        guard let end = await end(of: principal) else { return }
        await withTaskGroup { group in
            group.addTask { [self] in
                for await case .revoked(let revocation) in signals where revocation.touches(principal) {
                    // A subject's signal may be about another of its keys or sessions.
                    guard case .subject = revocation.reach, await self.end(of: principal) != nil else { return }
                }
            }
            group.addTask { [clock] in
                guard let limit = end.limit else { return await Self.untilCancelled(clock) }
                try? await clock.sleep(limit - clock.now())
            }
            await group.next()
            group.cancelAll()
        }
    }

    /// How long a credential that still holds will hold; no limit for the local operator and for jobs.
    private struct End: Sendable {
        let limit: Timestamp?
    }

    /// Nil unless the same credential would give the same principal now.
    private func end(of principal: Principal) async -> End? {
        let now = clock.now()
        return try? await database.read { [self] connection -> End? in
            let credentials = credentials(principal, connection)
            var holder = Holder(
                tenant: principal.tenant, subject: principal.subject, credential: principal.credential)
            var limit: Timestamp?
            switch principal.credential {
            case .apiKey(let id):
                guard let key = try credentials.key(id), key.revoked == nil, key.expires > now else { return nil }
                holder.scopes = key.scopes
                limit = key.expires
            case .session(let id):
                guard let expires = try credentials.sessionEnd(id, at: now) else { return nil }
                limit = expires
            case .localOperator, .job: break
            }
            let current = try resolve(holder, connection, purpose: principal.purpose)
            return current == principal ? End(limit: limit) : nil
        }
    }

    private static func untilCancelled(_ clock: WallClock) async {
        while !Task.isCancelled { try? await clock.sleep(.seconds(3600)) }
    }
}
