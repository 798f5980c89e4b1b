import Kit
import NIOCore
import NIOPosix
import Synchronization

@testable import Connectors
@testable import TestConnectors

/// A mail server on a loopback port that says what a test wants, sensible or not. It is a fake: what a real one does is
/// tested with `DovecotWorld`.
final class FakeMailServer: Sendable {
    enum Step: Sendable {
        /// `TAG` in it becomes the tag of the command.
        case send(String)
        /// The same bytes until the other side goes away.
        case flood(String)
        case close
    }

    private let seen = Mutex<[String]>([])
    private let greeting: [Step]
    private let script: @Sendable (String) -> [Step]
    private let listening = Mutex<Int>(0)

    /// Every line that came in, without its tag.
    var commands: [String] { seen.withLock { $0 } }
    var port: Int { listening.withLock { $0 } }

    /// `script` gets a command without its tag; nil of it means `answer`.
    static func run<Result>(
        greeting: [Step] = [.send("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready\r\n")],
        _ script: @escaping @Sendable (String) -> [Step]? = { _ in nil },
        body: (FakeMailServer) async throws -> Result
    ) async throws -> Result {
        let server = FakeMailServer(greeting) { script($0) ?? answer(to: $0) }
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Conversation(server))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        server.listening.withLock { $0 = listener.localAddress?.port ?? 0 }
        do {
            let result = try await body(server)
            try await listener.close()
            return result
        } catch {
            try await listener.close()
            throw error
        }
    }

    /// A mailbox with one folder of two messages.
    static func answer(to command: String) -> [Step] {
        let okay = "TAG OK done\r\n"
        let body = "Subject: one\r\n\r\nbody"
        switch command {
        case "CAPABILITY": return [.send("* CAPABILITY IMAP4rev1 AUTH=PLAIN STARTTLS\r\n" + okay)]
        case "AUTHENTICATE PLAIN": return [.send("+ \r\n")]
        case "LIST \"\" \"*\"": return [.send("* LIST () \"/\" INBOX\r\n" + okay)]
        case "EXAMINE \"INBOX\"":
            return [.send("* 2 EXISTS\r\n* OK [UIDVALIDITY 7] fine\r\n* OK [UIDNEXT 9] next\r\n" + okay)]
        case "FETCH 1:2 (UID RFC822.SIZE INTERNALDATE)":
            return [
                .send(
                    "* 1 FETCH (UID 3 RFC822.SIZE \(body.utf8.count) INTERNALDATE \"17-Jul-1996 02:44:25 -0700\")\r\n"
                        + "* 2 FETCH (INTERNALDATE \" 7-Jul-1996 02:44:25 +0000\" RFC822.SIZE 5 UID 8)\r\n" + okay)
            ]
        case "UID FETCH 3 (UID BODY.PEEK[])":
            return [.send("* 1 FETCH (UID 3 BODY[] {\(body.utf8.count)}\r\n\(body))\r\n" + okay)]
        default:
            guard command.hasPrefix("UID FETCH 3,8 (UID BODY.PEEK[HEADER") else { return [.send(okay)] }
            let name = "BODY[HEADER.FIELDS (SUBJECT)]<0>"
            return [
                .send(
                    "* 1 FETCH (UID 3 \(name) {16}\r\nSubject: one\r\n\r\n)\r\n* 2 FETCH (\(name) \"\" UID 8)\r\n"
                        + okay)
            ]
        }
    }

    private init(_ greeting: [Step], _ script: @escaping @Sendable (String) -> [Step]) {
        self.greeting = greeting
        self.script = script
    }

    func settings(_ security: MailSettings.Security = .none) -> MailSettings {
        var settings = MailSettings(host: "127.0.0.1", user: "archive", password: Secret("hunter2"))
        settings.port = port
        settings.security = security
        settings.permissions = .everyone
        return settings
    }

    func connector(
        _ security: MailSettings.Security = .none, clock: WallClock = .system,
        _ change: (inout MailSettings) -> Void = { _ in }
    ) throws -> MailConnector {
        var settings = settings(security)
        change(&settings)
        return try MailConnector(settings, client: try TestClient.make(["imap://127.0.0.1:\(port)"]), clock: clock)
    }

    /// One connection. Runs on its event loop only.
    private final class Conversation: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let server: FakeMailServer
        private var received = ""
        private var tag = ""
        private var flood: String?

        init(_ server: FakeMailServer) { self.server = server }

        func channelActive(context: ChannelHandlerContext) {
            for step in server.greeting { perform(step, context) }
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            received += String(buffer: unwrapInboundIn(data))
            while let end = received.range(of: "\r\n") {
                let line = String(received[..<end.lowerBound])
                received = String(received[end.upperBound...])
                take(line, context)
            }
        }

        private func take(_ line: String, _ context: ChannelHandlerContext) {
            let words = line.split(separator: " ", maxSplits: 1)
            // What is sent after `+` has no tag of its own.
            if words.count == 2 { tag = String(words[0]) }
            let command = words.count == 2 ? String(words[1]) : line
            server.seen.withLock { $0.append(command) }
            for step in server.script(command) { perform(step, context) }
        }

        func channelWritabilityChanged(context: ChannelHandlerContext) { pour(context) }
        func errorCaught(context: ChannelHandlerContext, error _: any Error) { context.close(promise: nil) }

        private func perform(_ step: Step, _ context: ChannelHandlerContext) {
            switch step {
            case .send(let text):
                let bytes = ByteBuffer(string: text.replacing("TAG", with: tag))
                context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
            case .flood(let text):
                flood = text
                pour(context)
            case .close: context.close(promise: nil)
            }
        }

        private func pour(_ context: ChannelHandlerContext) {
            while let flood, context.channel.isActive, context.channel.isWritable {
                context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: flood)), promise: nil)
            }
        }
    }
}

extension String {
    fileprivate func range(of text: String) -> Range<Index>? { ranges(of: text).first }
}
