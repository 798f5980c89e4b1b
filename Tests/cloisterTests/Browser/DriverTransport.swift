import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// One exchange with chromedriver. Not URLSession: on Linux it refuses chromedriver's `Content-Length:249`, which has
/// no
/// blank after the colon.
enum DriverTransport {
    private static let replyBytesMax = 64 << 20

    static func exchange(_ method: String, _ address: String, _ body: Data?) async throws -> Data {
        var request = HTTPClientRequest(url: address)
        request.method = HTTPMethod(rawValue: method)
        if let body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes([UInt8](body))
        }
        let reply = try await HTTPClient.shared.execute(request, timeout: .seconds(120))
        return Data([UInt8](buffer: try await reply.body.collect(upTo: replyBytesMax)))
    }
}
