import Kit
import NIOPosix

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// How a name becomes addresses, once per connection; injected, so that a test can answer differently each time.
package struct HostResolver: Sendable {
    /// Empty when the name has none. Leaves early when its task is cancelled.
    let addresses: @Sendable (String) async throws -> [NetworkAddress]

    package init(addresses: @escaping @Sendable (String) async throws -> [NetworkAddress]) {
        self.addresses = addresses
    }

    /// The machine's own: `/etc/hosts`, DNS, whatever `nsswitch.conf` says.
    package static let system = HostResolver { name in
        // The C call cannot be interrupted. Who is cancelled goes, and the late answer reaches nobody.
        let (answers, continuation) = AsyncStream<[NetworkAddress]>.makeStream()
        lookups.submit { state in
            if case .active = state { continuation.yield(lookUp(name)) }
            continuation.finish()
        }
        var iterator = answers.makeAsyncIterator()
        return await iterator.next() ?? []
    }

    /// Threads that wait for name servers, apart from those that wait for disks.
    private static let lookups: NIOThreadPool = {
        let pool = NIOThreadPool(numberOfThreads: 4)
        pool.start()
        return pool
    }()

    /// More than any server has; the rest is ignored.
    private static let addressesMax = 32

    private static func lookUp(_ name: String) -> [NetworkAddress] {
        var hints = addrinfo()
        hints.ai_socktype = streamSocket
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(name, nil, &hints, &list) == 0 else { return [] }
        defer { freeaddrinfo(list) }
        var found: [NetworkAddress] = []
        var entry = list?.pointee
        while let current = entry, found.count < addressesMax {
            if let address = address(of: current), !found.contains(address) { found.append(address) }
            entry = current.ai_next?.pointee
        }
        return found
    }

    private static func address(of entry: addrinfo) -> NetworkAddress? {
        switch entry.ai_family {
        case AF_INET:
            entry.ai_addr?.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { pointer in
                withUnsafeBytes(of: pointer.pointee.sin_addr) { NetworkAddress(bytes: Array($0)) }
            }
        case AF_INET6:
            entry.ai_addr?.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { pointer in
                withUnsafeBytes(of: pointer.pointee.sin6_addr) { NetworkAddress(bytes: Array($0)) }
            }
        default: nil
        }
    }

    #if canImport(Glibc)
        private static let streamSocket = Int32(SOCK_STREAM.rawValue)
    #else
        private static let streamSocket = SOCK_STREAM
    #endif
}
