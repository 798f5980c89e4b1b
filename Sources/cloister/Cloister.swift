import ArgumentParser
import AsyncHTTPClient
import Hummingbird
import GRDB
import Yams
import Crypto
import CryptoExtras
import NIOHTTP2
import NIOSSL
import NIOWebSocket
@main struct Cloister: AsyncParsableCommand { func run() async throws { print("hi") } }
