// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

extension AmnestyClient {
  /// What a client is told once for all its calls.
  public struct Configuration: Sendable {
    /// The caller's program and version, for the daemon's log. Default: `AmnestyClient`.
    public var agent: String
    /// How long a unary call may take where its options do not say; nil leaves it to the daemon. Default: 30 s.
    public var unaryTimeout: Duration?
    /// When unary calls are tried again. Default: ``RetryPolicy/defaults``.
    public var retries: RetryPolicy
    /// Bytes of a stream's items that the daemon may send ahead of what was consumed. Default: 1 MiB.
    public var window: Int
    /// The longest frame accepted, in bytes. Default: 4 MiB; at most 16 MiB - 1.
    public var maxFrame: Int

    /// Waits between tries; a test puts its own here.
    package var pause: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    /// A number from 0 up to 1; a test puts its own here.
    package var chance: @Sendable () -> Double = { Double.random(in: 0..<1) }

    /// Calls that a connection may have open before the daemon's hello says how many.
    static var openCalls: Int { 128 }

    /// The configuration described; what is not named has its default.
    public init(
      agent: String = "AmnestyClient",
      unaryTimeout: Duration? = .seconds(30),
      retries: RetryPolicy = .defaults,
      window: Int = 1 << 20,
      maxFrame: Int = 4 << 20
    ) {
      self.agent = agent
      self.unaryTimeout = unaryTimeout
      self.retries = retries
      self.window = max(1, window)
      self.maxFrame = min(max(4096, maxFrame), (1 << 24) - 1)
    }

    /// Every default as documented at its property.
    public static var defaults: Configuration { Configuration() }
  }
}
