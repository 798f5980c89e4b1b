// swift-tools-version:6.2
import PackageDescription

// One package, one product. A target is one capability; `ranks` below is the order of DESIGN: a target may
// name only targets above it in this file. The tidy test reads this file and fails on an upward edge.

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
    // Tests and the served binary are the same build; see STYLE.md, "One configuration".
    .unsafeFlags(["-enable-testing"], .when(configuration: .release)),
]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
    .product(name: "NIOHTTP1", package: "swift-nio"),
    .product(name: "NIOWebSocket", package: "swift-nio"),
    .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
    .product(name: "NIOHTTP2", package: "swift-nio-http2"),
    .product(name: "NIOSSL", package: "swift-nio-ssl"),
    .product(name: "NIOTLS", package: "swift-nio"),
    .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
    .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
]

func capability(_ name: String, on dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(of name: String, with dependencies: [Target.Dependency] = [], data: [String] = []) -> Target {
    .testTarget(
        name: name + "Tests",
        dependencies: [.target(name: name), "TestKit", "Kit"] + dependencies,
        exclude: data,
        swiftSettings: strict
    )
}

let targets: [Target] = [
    // rank 0
    capability("Kit", on: []),
    .target(name: "CKernels"),
    .target(name: "CReader"),
    .target(name: "CJail"),
    .target(name: "CBeneath"),
    .target(name: "CWebAssets", exclude: ["web"]),
    .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .systemLibrary(name: "CStemmer", providers: [.apt(["libstemmer-dev"])]),
    .systemLibrary(name: "CMarkdown", pkgConfig: "libcmark-gfm", providers: [.apt(["libcmark-gfm-dev"])]),
    .systemLibrary(name: "CXML", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
    .systemLibrary(name: "CArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    // rank 1
    capability("Settings", on: ["Kit", yams]),
    capability("Telemetry", on: ["Kit", logging, metrics]),
    capability("Sandbox", on: ["Kit", "CJail"]),
    capability("Storage", on: ["Kit", "CPostgres", grdb, crypto]),
    capability("HTTPKit", on: ["Kit", hummingbird, hummingbirdCore, httpTypes, logging, lifecycle] + nio),
    capability("Outbound", on: ["Kit", httpTypes] + nio),
    // rank 2
    capability("Documents", on: ["Kit", "Sandbox", "CMarkdown", "CXML", "CArchive"]),
    capability("Keyring", on: ["Kit", "Storage", crypto]),
    capability("Connectors", on: ["Kit", "Outbound", "Sandbox", "CBeneath", "CZlib", crypto, httpTypes]),
    // rank 3
    capability("AuditTrail", on: ["Kit", "Storage", "HTTPKit", crypto, httpTypes]),
    // rank 4
    capability("Access", on: ["Kit", "Storage", "HTTPKit", "AuditTrail", crypto, cryptoExtras, httpTypes]),
    capability("JobQueue", on: ["Kit", "Storage", "HTTPKit", "AuditTrail", httpTypes]),
    capability("Encoder", on: ["Kit", "CKernels", "CReader"]),
    // rank 5
    capability("Search", on: ["Kit", "CKernels", "CStemmer", "Storage", "Access", "Encoder", crypto]),
    // rank 6
    capability(
        "Library",
        on: [
            "Kit", "Storage", "HTTPKit", "Keyring", "AuditTrail", "Access", "JobQueue", "Encoder", "Search",
            "Documents", crypto, httpTypes,
        ]),
    // rank 7
    capability(
        "Answers",
        on: [
            "Kit", "Storage", "HTTPKit", "Outbound", "Documents", "AuditTrail", "Access", "Encoder", "Search",
            "Library",
            crypto, httpTypes,
        ]),
    capability(
        "Intake",
        on: [
            "Kit", "Storage", "HTTPKit", "AuditTrail", "Access", "JobQueue", "Library", "Documents", "Connectors",
            "Outbound", crypto, httpTypes,
        ]),
    // rank 8
    capability(
        "Insight",
        on: [
            "Kit", "Storage", "Keyring", "Documents", "Access", "Encoder", "Search", "Library", "Answers", crypto,
        ]),
    // rank 9
    capability("WebUI", on: ["Kit", "HTTPKit", "CWebAssets", crypto, httpTypes]),
    .executableTarget(
        name: "cloister",
        dependencies: [
            "Kit", "Settings", "Telemetry", "Storage", "HTTPKit", "Keyring", "AuditTrail", "Access", "JobQueue",
            "Encoder", "Sandbox", "Documents", "Search", "Library", "Answers", "Intake", "Insight", "WebUI", "Outbound",
            "Connectors",
            argumentParser, asyncHTTPClient, httpTypes, lifecycle, logging, unixSignals, yams,
        ] + nio,
        swiftSettings: strict
    ),
    // tests only
    capability("TestKit", on: ["Kit", "CJail"]),
    capability("TestStorage", on: ["Kit", "Storage", "TestKit"]),
    capability("TestConnectors", on: ["Kit", "TestKit", "Connectors", "Outbound", crypto, httpTypes] + nio),
    capability(
        "TestLibrary",
        on: [
            "Kit", "Storage", "Keyring", "AuditTrail", "Access", "JobQueue", "Encoder", "Search", "Library",
            "Documents",
            "TestKit", "TestStorage",
        ]),
    capability("FuzzTargets", on: ["Kit", "Documents", "Outbound", "Connectors", "CZlib", crypto]),
    .executableTarget(name: "JailProbe", dependencies: ["CJail", "Sandbox"], swiftSettings: strict),
    .testTarget(name: "KitTests", dependencies: ["Kit", "TestKit"], swiftSettings: strict),
    tests(of: "CKernels"),
    tests(of: "Settings", data: ["Fixtures"]),
    tests(of: "Telemetry", with: [metrics, logging], data: ["Golden"]),
    tests(of: "Sandbox", with: ["CJail", "JailProbe"]),
    tests(of: "Storage", with: ["TestStorage", crypto]),
    tests(of: "HTTPKit", with: [hummingbird, httpTypes, asyncHTTPClient, lifecycle, logging] + nio, data: ["Golden"]),
    tests(of: "Documents"),
    tests(of: "Outbound", with: [httpTypes] + nio),
    tests(of: "Keyring", with: ["Storage", "TestStorage", crypto]),
    tests(of: "Connectors", with: ["TestConnectors", "Outbound", "CZlib", crypto, httpTypes] + nio),
    tests(of: "AuditTrail", with: ["Storage", "TestStorage", "HTTPKit", "Keyring", crypto, httpTypes]),
    tests(
        of: "Access", with: ["Storage", "TestStorage", "HTTPKit", "AuditTrail", "Keyring", httpTypes, crypto],
        data: ["Golden"]),
    tests(of: "JobQueue", with: ["Storage", "TestStorage", "HTTPKit", "Keyring", "AuditTrail", httpTypes]),
    tests(of: "Encoder", with: ["CKernels"], data: ["Fixtures"]),
    tests(of: "Search", with: ["Storage", "TestStorage", "Keyring", "Access", "Encoder", crypto]),
    tests(
        of: "Library",
        with: [
            "Storage", "TestStorage", "TestLibrary", "Access", "JobQueue", "AuditTrail", "Search", "Documents",
            "Encoder",
        ]),
    tests(
        of: "Answers",
        with: [
            "Storage", "TestStorage", "TestLibrary", "TestConnectors", "Outbound", "Access", "Search", "Library",
            "Documents", "Encoder",
        ]),
    tests(
        of: "Intake",
        with: [
            "Storage", "TestStorage", "TestLibrary", "TestConnectors", "Access", "JobQueue", "AuditTrail", "Connectors",
            "Outbound", "Library", "Search",
        ]),
    tests(of: "Insight", with: ["Encoder", "Search", "Documents", "Library", "Answers", crypto]),
    tests(of: "WebUI", with: ["HTTPKit", httpTypes], data: ["js"]),
    .testTarget(
        name: "cloisterTests",
        dependencies: [
            "cloister", "TestKit", "TestStorage", "TestConnectors", "Connectors", "Kit", "Settings", "Storage",
            "HTTPKit", "Keyring", "AuditTrail",
            "Access", "JobQueue", "Sandbox", "Documents", "Encoder", "Search", "Library", "Answers", "WebUI",
            asyncHTTPClient, httpTypes, lifecycle, logging,
        ] + nio,
        swiftSettings: strict
    ),
    .testTarget(name: "FuzzTargetsTests", dependencies: ["FuzzTargets", "Kit", "TestKit"], swiftSettings: strict),
    .testTarget(name: "TidyTests", swiftSettings: strict),
]

/// `CLOISTER_TESTS=Access,Keyring swift test ...` builds only those test targets and what they need: a faster inner loop.
func needed(by tests: [String], of targets: [Target]) -> [Target] {
    var names = Set(tests.map { $0 + "Tests" })
    for target in targets.reversed() + targets.reversed() where names.contains(target.name) {
        for case .byNameItem(let name, _) in target.dependencies { names.insert(name) }
        for case .targetItem(let name, _) in target.dependencies { names.insert(name) }
    }
    return targets.filter { names.contains($0.name) }
}

/// `CLOISTER_FUZZ=1` builds `Fuzz` alone, with our own targets instrumented for libFuzzer: see `scripts/fuzz`.
func instrumented(_ targets: [Target]) -> [Target] {
    let coverage = SwiftSetting.unsafeFlags(["-sanitize=fuzzer"])
    for target in targets where target.swiftSettings != nil { target.swiftSettings?.append(coverage) }
    let fuzz = Target.executableTarget(
        name: "Fuzz", dependencies: ["FuzzTargets"], swiftSettings: strict + [coverage],
        linkerSettings: [.unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"])])
    return targets + [fuzz]
}

let chosenTests = Context.environment["CLOISTER_TESTS"]?.split(separator: ",").map(String.init)
let fuzzing = Context.environment["CLOISTER_FUZZ"] != nil
let chosenTargets =
    fuzzing
    ? instrumented(needed(by: ["FuzzTargets"], of: targets).filter { $0.type != .test })
    : chosenTests.map { needed(by: $0, of: targets) } ?? targets

let package = Package(
    name: "cloister",
    products: chosenTests == nil && !fuzzing ? [.executable(name: "cloister", targets: ["cloister"])] : [],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: ["FullFoundation"]),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: chosenTargets,
    swiftLanguageModes: [.v6]
)
