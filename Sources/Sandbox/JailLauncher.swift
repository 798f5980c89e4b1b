/// The program that becomes a jailed process: one whose `main` begins with `Jail.enterIfAsked`.
package struct JailLauncher: Hashable, Sendable {
    /// Path and first arguments.
    package let command: [String]

    package init(command: [String]) { self.command = command }

    /// The running program itself, also when its file was replaced since it was started.
    package static let thisProgram = JailLauncher(command: ["/proc/self/exe"])

    /// The whole command line of a jail beneath this process.
    package func command(_ policy: JailPolicy, _ work: Jail.Work) -> [String] {
        command + Jail.arguments(policy, work)
    }
}
