import Kit

/// A way to the documents of another system. It fetches and remembers nothing that must survive a restart: the caller
/// keeps cursor and tags, and may drop a connector at any time and make it again from its settings.
///
/// For implementers, tested by one contract suite for all:
/// 1. `changes` with nil begins a full listing. Its pages end with one `isLast`; the cursor of that page begins what
///    comes next: the next listing, or the changes from then on.
/// 2. The same cursor may be used again, after a crash for example, and gives the same or newer truth.
/// 3. A listing that cannot be completed throws. It is never cut short: what it does not name is deleted.
/// 4. A cursor of other settings, another connector or another format throws `.cursorExpired`; the caller begins anew.
/// 5. One bad item is skipped with a reason and does not stop the rest. Trouble with everything throws.
/// 6. Permissions that could not be read are `.unknown`. Nothing is ever opened wider than the source says.
/// 7. `content` gives bytes that belong together and the tag they have. What is gone is `.gone`; what changed in a
///    source that states permissions is `.changed`, because those may have changed too.
/// 8. Never more than `bytesMax` bytes, whatever the source says about sizes.
/// 9. Only `SourceFailure` and `CancellationError` are thrown. No failure, report or description holds a secret.
/// 10. Keys are byte-exact; no key leads out of what the settings name, wherever the key comes from.
/// 11. Every loop ends by a bound of `SourceLimits`, also when the other side wants it not to.
/// 12. Safe to call from several tasks.
package protocol Connector: Sendable {
    /// The next page after `cursor`. `known` answers for keys that the caller has already taken in.
    func changes(since cursor: SourceCursor?, known: KnownTags) async throws -> ChangePage

    /// The bytes of an item that `changes` gave.
    func content(of item: SourceItem, bytesMax: Int) async throws -> SourceContent

    /// Tries the way step by step and says what is wrong. Changes nothing anywhere.
    func test() async -> ConnectionReport

    /// Who the principals of its permissions are. Nil where it does not say: then they mean nobody of ours.
    func directory() async throws -> SourceDirectory?

    /// Whether `watch` may hold a line.
    var canWatch: Bool { get }

    /// Holds a line to the source and calls `changed` as soon as it is there and whenever something may have changed.
    /// Returns when the source offers no such line, throws when the line breaks. Whoever holds none only learns later.
    func watch(_ changed: @escaping @Sendable () -> Void) async throws

    /// Asks the source itself, at the moment of use, which of `keys` that account may read: a second guard after our
    /// own rules. Nil where the source cannot be asked; what it does not confirm is not shown.
    func readable(_ keys: [ExactText], by account: ExactText) async throws -> Set<ExactText>?
}

extension Connector {
    package func directory() async throws -> SourceDirectory? { nil }
    package var canWatch: Bool { false }
    package func watch(_: @escaping @Sendable () -> Void) async throws {}
    package func readable(_: [ExactText], by _: ExactText) async throws -> Set<ExactText>? { nil }
}
