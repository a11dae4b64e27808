// swift-tools-version: 6.2
// One section a target and its tests, in the order of the arrows: what is above depends on nothing below.

import PackageDescription

let package = Package(
  name: "amnestyd",
  products: [
    .library(name: "AmnestyClient", targets: ["AmnestyClient"]),
    .executable(name: "amnestyd", targets: ["amnestyd"]),
    .executable(name: "amnestyctl", targets: ["amnestyctl"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: ["YAML", "CommandLineArguments"]),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    // What people read: every text in three languages, and the pages made of them; values in, HTML out.
    .target(name: "AmnestyTexts", exclude: ["Catalog"]),
    .target(
      name: "AmnestyReports",
      dependencies: ["AmnestyTexts", .product(name: "Mustache", package: "swift-mustache")],
      resources: [.embedInCode("Templates")]
    ),
    .target(name: "ReportSamples", dependencies: ["AmnestyReports", "AmnestyTexts"], path: "Tests/ReportSamples"),
    .executableTarget(name: "ReportPages", dependencies: ["AmnestyReports", "AmnestyTexts", "ReportSamples"], path: "Tests/ReportPages"),
    .testTarget(name: "AmnestyReportsTests", dependencies: ["AmnestyReports", "AmnestyTexts", "ReportSamples"]),

    // The law's machinery: pure values.
    .target(name: "AmnestyRules"),
    .testTarget(name: "AmnestyRulesTests", dependencies: ["AmnestyRules", "AmnestyTestSupport"]),
    .target(name: "AmnestyTestSupport", dependencies: ["AmnestyRules"], path: "Tests/AmnestyTestSupport"),

    // Act files: YAML to an act the rules can run.
    .target(
      name: "AmnestyActs",
      dependencies: [
        "AmnestyRules",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Yams", package: "Yams"),
      ]
    ),
    .testTarget(name: "AmnestyActsTests", dependencies: ["AmnestyActs", "AmnestyTestSupport"]),

    // The case register: the chain of a case as a value, and its store.
    .target(
      name: "AmnestyRegister",
      dependencies: [
        "AmnestyRules",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "Logging", package: "swift-log"),
      ],
      exclude: ["README.md"]
    ),
    .target(
      name: "RegisterConformance",
      dependencies: ["AmnestyRegister", "AmnestyRules", .product(name: "Crypto", package: "swift-crypto")],
      path: "Tests/RegisterConformance"
    ),
    // What the tests kill while it writes.
    .executableTarget(name: "register-writer", dependencies: ["AmnestyRegister", "RegisterConformance"], path: "Tests/RegisterWriter"),
    .testTarget(
      name: "AmnestyRegisterTests",
      dependencies: [
        "AmnestyRegister",
        "AmnestyRules",
        "RegisterConformance",
        "register-writer",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "GRDB", package: "GRDB.swift"),
      ],
      exclude: ["Schemas"]
    ),

    // The wire contract.
    .target(
      name: "AmnestyWire",
      dependencies: [
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "NIOCore", package: "swift-nio"),
      ]
    ),
    .testTarget(name: "AmnestyWireTests", dependencies: ["AmnestyWire"]),
    .executableTarget(name: "ProtocolGenerator"),

    // The server; it knows no service.
    .target(name: "CPeerCredentials", cSettings: [.define("_GNU_SOURCE")]),
    .target(
      name: "RPCServer",
      dependencies: [
        "AmnestyWire",
        "CPeerCredentials",
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ]
    ),
    .testTarget(
      name: "RPCServerTests",
      dependencies: [
        "RPCServer",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOEmbedded", package: "swift-nio"),
      ]
    ),

    // The service manager and the journal, by libsystemd; no C type in its interface.
    .systemLibrary(name: "CSystemd", pkgConfig: "libsystemd", providers: [.apt(["libsystemd-dev"])]),
    .target(name: "Systemd", dependencies: ["CSystemd", .product(name: "Logging", package: "swift-log")]),
    .executableTarget(
      name: "SystemdProbe", dependencies: ["Systemd", .product(name: "Logging", package: "swift-log")], path: "Tests/SystemdProbe"),
    .testTarget(name: "SystemdTests", dependencies: ["Systemd", "SystemdProbe", .product(name: "Logging", package: "swift-log")]),

    // One file a service.
    .target(
      name: "AmnestyServices",
      dependencies: [
        "AmnestyActs", "AmnestyRegister", "AmnestyReports", "AmnestyRules", "AmnestyTexts", "AmnestyWire",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "NIOCore", package: "swift-nio"),
      ]
    ),
    .testTarget(
      name: "AmnestyServicesTests",
      dependencies: [
        "AmnestyActs",
        "AmnestyRegister",
        "AmnestyReports",
        "AmnestyRules",
        "AmnestySample",
        "AmnestyServices",
        "AmnestyTexts",
        "AmnestyWire",
        .product(name: "NIOCore", package: "swift-nio"),
      ]
    ),

    // The daemon.
    .target(
      name: "AmnestyDaemon",
      dependencies: [
        "AmnestyActs",
        "AmnestyRegister",
        "AmnestyRules",
        "AmnestyServices",
        "AmnestyWire",
        "RPCServer",
        "Systemd",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Configuration", package: "swift-configuration"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
        .product(name: "Yams", package: "Yams"),
      ]
    ),
    .executableTarget(name: "amnestyd", dependencies: ["AmnestyDaemon"]),
    .testTarget(
      name: "AmnestyDaemonTests",
      dependencies: [
        "AmnestyActs",
        "AmnestyDaemon",
        "AmnestyRules",
        "AmnestyServices",
        "AmnestyWire",
        "RPCServer",
        "Systemd",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ]
    ),

    // The client library.
    .target(
      name: "AmnestyClient",
      dependencies: [
        "AmnestyWire",
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      path: "clients/swift/AmnestyClient"
    ),
    .testTarget(name: "AmnestyClientTests", dependencies: ["AmnestyClient", "RPCServer"]),

    // The admin CLI, and the seeded generator of synthetic registers.
    .target(
      name: "AmnestySample",
      dependencies: [
        "AmnestyWire",
        .product(name: "NIOCore", package: "swift-nio"),
      ],
      path: "clients/cli/AmnestySample"
    ),
    .testTarget(
      name: "AmnestySampleTests",
      dependencies: [
        "AmnestySample",
        "AmnestyWire",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "NIOCore", package: "swift-nio"),
      ]
    ),
    .target(
      name: "AmnestyCommands",
      dependencies: [
        "AmnestyClient",
        // For what works without a daemon only: verify, check and restore a file.
        "AmnestyRegister",
        "AmnestySample",
        "AmnestyTexts",
        "AmnestyWire",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      path: "clients/cli/AmnestyCommands"
    ),
    .executableTarget(name: "amnestyctl", dependencies: ["AmnestyCommands"], path: "clients/cli/amnestyctl"),
    .testTarget(
      name: "AmnestyCommandsTests",
      dependencies: [
        "AmnestyClient", "AmnestyCommands", "AmnestySample", "AmnestyTexts", "AmnestyWire",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]
    ),

    // The whole: vectors of the protocol, and the real binaries.
    .target(
      name: "ConformanceSupport",
      dependencies: [
        "AmnestyActs",
        "AmnestyClient",
        "AmnestyRegister",
        "AmnestyServices",
        "AmnestyWire",
        "RPCServer",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
      ],
      path: "Tests/ConformanceSupport"
    ),
    // What protocol/conformance runs the vectors against.
    .executableTarget(
      name: "conformance-server",
      dependencies: [
        "ConformanceSupport",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ],
      path: "Tests/ConformanceServer"
    ),
    .executableTarget(name: "conformance-client", dependencies: ["AmnestyClient", "ConformanceSupport"], path: "Tests/ConformanceClient"),
    .testTarget(
      name: "ConformanceTests",
      dependencies: ["AmnestyClient", "AmnestyServices", "ConformanceSupport"],
      path: "Tests/Conformance"
    ),
    .testTarget(
      name: "IntegrationTests",
      dependencies: ["AmnestyClient", "AmnestyWire", .product(name: "NIOCore", package: "swift-nio")],
      path: "Tests/Integration"
    ),

    // What is fuzzed; its seeds and fail cases are run as tests.
    .target(
      name: "FuzzTargets",
      dependencies: [
        "AmnestyActs", "AmnestyClient", "AmnestyRules", "AmnestyServices", "AmnestyWire", "RPCServer",
        .product(name: "NIOCore", package: "swift-nio"),
      ],
      path: "Tests/Fuzz/FuzzTargets"
    ),
    .testTarget(name: "FuzzTests", dependencies: ["FuzzTargets"], path: "Tests/Fuzz/FuzzTests"),
  ]
)

// What `make bench` builds; it shares the release build with what it measures, and nobody else pays for it.
if Context.environment["AMNESTY_BENCHMARKS"] != nil {
  package.targets.append(
    .executableTarget(
      name: "amnesty-benchmarks",
      dependencies: [
        "AmnestyActs",
        "AmnestyClient",
        "AmnestyRules",
        "AmnestyWire",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "NIOCore", package: "swift-nio"),
      ],
      path: "Tests/Benchmarks/AmnestyBenchmarks"
    )
  )
}

// What `make fuzz` builds: libFuzzer brings its main function.
if Context.environment["AMNESTY_FUZZ"] != nil {
  package.targets.append(.executableTarget(name: "amnesty-fuzz", dependencies: ["FuzzTargets"], path: "Tests/Fuzz/FuzzRunner"))
}

// Settings of every Swift target. A misspelt feature is accepted in silence, so they are named once.
for target in package.targets where target.type != .system && target.name != "CPeerCredentials" {
  target.swiftSettings =
    (target.swiftSettings ?? []) + [
      .swiftLanguageMode(.v6),
      .enableUpcomingFeature("ExistentialAny"),
      .enableUpcomingFeature("InternalImportsByDefault"),
      .enableUpcomingFeature("MemberImportVisibility"),
      .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
      .treatAllWarnings(as: .error),
    ]
}
