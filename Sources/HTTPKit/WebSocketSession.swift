import HTTPTypes
import Kit
import Synchronization

package enum WebSocketMessage: Sendable, Equatable {
    case text(String)
    case binary([UInt8])
}

/// A WebSocket (RFC 6455) that a route serves. Its `route` stands in the route table like any other, so the upgrade
/// meets the same admission; a request without upgrade reaches the route's own handler.
package struct WebSocketRoute: Sendable {
    package let route: Route
    /// Ends the socket by returning. Cancelled when the client leaves, rights are cut or the server drains too long.
    package let session: @Sendable (WebSocketSession) async throws -> Void

    package init(_ route: Route, session: @escaping @Sendable (WebSocketSession) async throws -> Void) {
        self.route = route
        self.session = session
    }

    /// `GET /v1/ws`: sends back what it receives; proves the upgrade.
    package static let echo = WebSocketRoute(
        Route(.get, "/v1/ws", .authenticated, "Echoes WebSocket messages.") { _ in
            throw Problem(
                .upgradeRequired, "request.upgrade_required", "This address speaks WebSocket.",
                detail: "Send Upgrade: websocket.")
        }
    ) { session in
        while let message = try await session.next() { try await session.send(message) }
    }
}

/// One open socket, as its route sees it.
package final class WebSocketSession: Sendable {
    package let id: RequestID
    package let caller: Principal?
    let inbox = Relay<WebSocketMessage>(capacity: 1)
    private let waiting = Mutex(0)
    private let sender: @Sendable (WebSocketMessage) async throws -> Void
    private let roomAgain: @Sendable () -> Void

    /// Unread messages beyond which the socket is not read.
    static let messagesMax = 16
    package static let messageBytesMax = 1 << 20

    init(
        _ exchange: AdmittedExchange, sender: @escaping @Sendable (WebSocketMessage) async throws -> Void,
        roomAgain: @escaping @Sendable () -> Void
    ) {
        id = exchange.id
        caller = exchange.caller
        self.sender = sender
        self.roomAgain = roomAgain
    }

    /// The next message; nil once the client has closed.
    package func next() async throws -> WebSocketMessage? {
        let message = try await withTaskCancellationHandler {
            try await inbox.next()
        } onCancel: {
            inbox.finish(.failure(CancellationError()))
        }
        let left = waiting.withLock { count in
            count -= 1
            return count
        }
        if left == Self.messagesMax - 1 { roomAgain() }
        return message
    }

    /// Returns when the message was handed to the kernel; throws when the socket is closed.
    package func send(_ message: WebSocketMessage) async throws { try await sender(message) }

    var isFull: Bool { waiting.withLock { $0 >= Self.messagesMax } }

    func received(_ message: WebSocketMessage) {
        waiting.withLock { $0 += 1 }
        inbox.push(message)
    }
}
