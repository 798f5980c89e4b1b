import ArgumentParser
import Foundation

/// Reads the command line, runs one command, and says what went wrong in words.
enum CommandLineProgram {
    static func run() async {
        do {
            var command = try Cloister.parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let wrong as WrongUsage {
            Terminal.say("Error: \(wrong)")
            exit(WrongUsage.exitCode)
        } catch {
            Cloister.exit(withError: FailureWords.explain(error))
        }
    }
}

/// The one executable: server and command line.
struct Cloister: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cloister",
        abstract: "The on-premises GenAI platform that can prove it.",
        discussion: """
            Examples:
              cloister serve                 serve on http://127.0.0.1:8080
              cloister ingest ~/handbook     put a folder of documents in
              cloister ask "How long is parental leave?"
              cloister search "invoice 4711" --explain

            A command uses the running server when there is one, and opens the data itself when there is none.

            Exit codes: 0 done; 1 refused or failed; 3 nothing found; 64 wrong usage or settings.
            """,
        version: Release.version,
        subcommands: [
            ServeCommand.self, IngestCommand.self, CollectionsCommand.self, DocumentsCommand.self,
            SourcesCommand.self, LibraryCommand.self, JobsCommand.self, AskCommand.self, AnswersCommand.self,
            SearchCommand.self, LinkCommand.self, AuditCommand.self, ConfigCommand.self, DoctorCommand.self,
            EvalCommand.self, APICommand.self,
        ])
}

/// What this build calls itself.
enum Release {
    static let version = "0.1.0"
}
