import Documents
import Sandbox

// Before anything that could start a thread: a process that was started for the jail goes through its door here and
// never comes back.
Jail.enterIfAsked(CommandLine.arguments, workers: [ParserWorker.name: { ParserWorker.serve() }])

await CommandLineProgram.run()
