import ArgumentParser
import Settings

struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Check and print settings.",
        subcommands: [ConfigCheckCommand.self, ConfigPrintCommand.self, ConfigReferenceCommand.self])
}

struct ConfigCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Read all settings and name every mistake.",
        discussion: "  cloister config check --config cloister.yaml")

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        _ = try options.settings()
        Terminal.say("The settings are valid.")
    }
}

struct ConfigPrintCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "print", abstract: "Print every setting with its origin; secrets as where they come from.",
        discussion: "  cloister config print --config cloister.yaml")

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        do {
            Terminal.printData(try options.loader().resolve().printed(), terminator: "")
        } catch let refusal as SettingsRefusal {
            throw WrongUsage(description: refusal.description)
        }
    }
}

struct ConfigReferenceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reference", abstract: "Print the page that explains every setting.",
        discussion: "  cloister config reference > settings.md")

    func run() async throws { Terminal.printData(SettingsReference.page(), terminator: "") }
}
