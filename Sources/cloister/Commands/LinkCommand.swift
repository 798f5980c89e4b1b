import ArgumentParser
import HTTPTypes
import Settings

/// A fresh one-time link into the browser.
struct LinkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "link", abstract: "Print a sign-in link: once, within ten minutes, from this machine.",
        discussion: "  cloister link --tenant home")

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        let settings = try options.settings()
        let token = try await options.withClient { client in
            let link: MintedLink = try await client.json(PlatformRequest(method: .post, path: "/api/v1/sign-in/links"))
            return link.token
        }
        Terminal.printData(SignInLink.address(SignInLink.origin(settings, port: settings.server.port), token: token))
    }
}
