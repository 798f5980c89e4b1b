import AsyncHTTPClient
import Foundation
import HTTPTypes
import NIOCore
import NIOHTTP1
import Storage

/// A server over its 0600 unix socket, or over its address with an API key.
final class NetworkClient: PlatformClient {
    private let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: NetworkClient.configuration)
    private let url: @Sendable (String) -> String?
    private let headers: [(String, String)]
    /// What to say when nobody answers, given the reason.
    private let unreachable: @Sendable (String) -> any Error

    /// `tenant` is the identifier or name, empty for the only one. `holder` is the process that has the data, if known.
    init(socket: String, tenant: String, holder: Int32? = nil) {
        unreachable = { _ in StorageFailure.directoryLocked(holder: holder) }
        url = { URL(httpURLWithSocketPath: socket, uri: $0)?.absoluteString }
        headers = [("X-Cloister-Tenant", tenant), ("Host", "localhost")]
    }

    init(address: String, apiKey: String) throws(CommandFailure) {
        guard let parsed = URL(string: address), ["http", "https"].contains(parsed.scheme), parsed.host() != nil else {
            throw .badAddress(address)
        }
        unreachable = { CommandFailure.unreachable(address, reason: $0) }
        url = { address + $0 }
        headers = [("Authorization", "Bearer \(apiKey)")]
    }

    /// A person waits: nobody at the address now is an answer.
    private static var configuration: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }

    func send(_ request: PlatformRequest) async throws -> PlatformResponse {
        guard let target = url(request.path) else { throw CommandFailure.badAddress(request.path) }
        var outgoing = HTTPClientRequest(url: target)
        outgoing.method = HTTPMethod(rawValue: request.method.rawValue)
        for (name, value) in headers { outgoing.headers.add(name: name, value: value) }
        for field in request.headers { outgoing.headers.add(name: field.name.rawName, value: field.value) }
        if !request.body.isEmpty { outgoing.body = .bytes(request.body) }
        let response = try await answer(to: outgoing)
        return PlatformResponse(status: .init(code: Int(response.status.code)), body: Self.stream(response.body))
    }

    private func answer(to request: HTTPClientRequest) async throws -> HTTPClientResponse {
        do {
            return try await http.execute(request, timeout: .hours(1))
        } catch let error as CancellationError {
            throw error
        } catch let error as IOError {
            throw unreachable(String(cString: strerror(error.errnoCode)))
        } catch {
            throw unreachable(String(describing: error))
        }
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
