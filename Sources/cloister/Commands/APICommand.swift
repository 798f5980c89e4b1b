import ArgumentParser

/// Prints the OpenAPI document of this build.
struct APICommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "api", abstract: "Print the OpenAPI 3.1 document.",
        discussion: "  cloister api > openapi.json", shouldDisplay: false)

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        let bytes = try await options.withClient { try await $0.bytes(PlatformRequest(path: "/openapi.json")) }
        Terminal.printData(String(decoding: bytes, as: UTF8.self), terminator: "")
    }
}
