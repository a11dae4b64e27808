// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

private import Foundation
private import FuzzTargets

// What libFuzzer calls. FUZZ_TARGET names the target; libFuzzer's own options are its arguments.

private let target: FuzzTarget = {
  let name = ProcessInfo.processInfo.environment["FUZZ_TARGET"] ?? ""
  guard let target = FuzzTarget.named(name) else {
    FileHandle.standardError.write(Data("FUZZ_TARGET must be one of \(FuzzTarget.all.map(\.name).joined(separator: " "))\n".utf8))
    exit(64)
  }
  return target
}()

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  do {
    switch try target.run(UnsafeRawBufferPointer(start: start, count: count)) {
    case .worthKeeping: return 0
    case .noInput: return -1
    }
  } catch {
    fatalError("\(target.name): \(error)")
  }
}

/// libFuzzer's own.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<CInt>, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _ callback: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// Where the package manager has the program begin: it renames the main function of a program, and looks for it under this name.
@_cdecl("amnesty_fuzz_main")
public func begin(_ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> CInt {
  var (count, arguments) = (count, arguments)
  return runDriver(&count, &arguments, testOneInput)
}
