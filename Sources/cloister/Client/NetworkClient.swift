import AsyncHTTPClient
import Foundation
import HTTPTypes
import NIOCore
import NIOHTTP1

/// A server over its 0600 unix socket, or over its address with an API key.
final class NetworkClient: PlatformClient {
    private let http = HTTPClient(eventLoopGroupProvider: .singleton)
    private let url: @Sendable (String) -> String?
    private let headers: [(String, String)]

    /// `tenant` is the identifier or name, empty for the only one.
    init(socket: String, tenant: String) {
        url = { URL(httpURLWithSocketPath: socket, uri: $0)?.absoluteString }
        headers = [("X-Cloister-Tenant", tenant), ("Host", "localhost")]
    }

    init(address: String, apiKey: String) {
        url = { address + $0 }
        headers = [("Authorization", "Bearer \(apiKey)")]
    }

    func send(_ request: PlatformRequest) async throws -> PlatformResponse {
        guard let target = url(request.path) else { throw CommandFailure.badAddress }
        var outgoing = HTTPClientRequest(url: target)
        outgoing.method = HTTPMethod(rawValue: request.method.rawValue)
        for (name, value) in headers { outgoing.headers.add(name: name, value: value) }
        for field in request.headers { outgoing.headers.add(name: field.name.rawName, value: field.value) }
        if !request.body.isEmpty { outgoing.body = .bytes(request.body) }
        let response = try await http.execute(outgoing, timeout: .hours(1))
        return PlatformResponse(status: .init(code: Int(response.status.code)), body: Self.stream(response.body))
    }

    func close() async { try? await http.shutdown() }

    private static func stream(_ body: HTTPClientResponse.Body) -> AsyncThrowingStream<[UInt8], any Error> {
        AsyncThrowingStream { continuation in
            let work = Task {
                do {
                    for try await buffer in body { continuation.yield(Array(buffer.readableBytesView)) }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in work.cancel() }
        }
    }
}
