// SPDX-License-Identifier: Apache-2.0
// Copyright the amnestyd developers

// grpc_echo SOCKET REQUEST_BYTES RESPONSE_BYTES CALLS DEPTH: a gRPC C++ callback server in a child process and a callback client, unary
// calls of raw bytes over a Unix socket, DEPTH in flight on one channel. Prints {"p50":ns,"p99":ns,"perSecond":n}. gRPC does more than our echo (HTTP/2);
// it stands here because it is what one would take instead.

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace {

grpc::ByteBuffer bytes(size_t count) {
  grpc::Slice slice(std::string(count, 'x'));
  return grpc::ByteBuffer(&slice, 1);
}

class Reactor final : public grpc::ServerGenericBidiReactor {
 public:
  explicit Reactor(size_t count) : response_(bytes(count)) { StartRead(&request_); }
  void OnReadDone(bool ok) override {
    if (!ok) return Finish(grpc::Status::OK);
    StartWriteAndFinish(&response_, grpc::WriteOptions(), grpc::Status::OK);
  }
  void OnDone() override { delete this; }

 private:
  grpc::ByteBuffer request_, response_;
};

class Service final : public grpc::CallbackGenericService {
 public:
  explicit Service(size_t count) : count_(count) {}
  grpc::ServerGenericBidiReactor *CreateReactor(grpc::GenericCallbackServerContext *) override { return new Reactor(count_); }

 private:
  size_t count_;
};

[[noreturn]] void serve(const std::string &address, size_t response) {
  Service service(response);
  grpc::ServerBuilder builder;
  builder.AddListeningPort(address, grpc::InsecureServerCredentials());
  builder.RegisterCallbackGenericService(&service);
  std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (!server) _exit(70);
  server->Wait();
  _exit(0);
}

using Clock = std::chrono::steady_clock;

struct Load {
  Load(const std::shared_ptr<grpc::Channel> &channel, size_t request_bytes, size_t calls)
      : stub(channel), request(bytes(request_bytes)), calls(calls), times(calls) {}

  grpc::GenericStub stub;
  grpc::ByteBuffer request;
  const size_t calls;
  std::vector<int64_t> times;
  std::atomic<size_t> started{0}, failed{0};
  std::mutex mutex;
  std::condition_variable finished;
  size_t done = 0;

  struct Call {
    grpc::ClientContext context;
    grpc::ByteBuffer response;
  };

  void next() {
    const size_t index = started.fetch_add(1);
    if (index >= calls) return;
    auto *call = new Call;
    const auto began = Clock::now();
    stub.UnaryCall(&call->context, "/amnesty.Benchmark/Echo", {}, &request, &call->response, [this, call, index, began](grpc::Status status) {
      times[index] = std::chrono::nanoseconds(Clock::now() - began).count();
      if (!status.ok()) failed++;
      delete call;
      next();
      std::lock_guard<std::mutex> lock(mutex);
      if (++done == calls) finished.notify_one();
    });
  }
};

// How long each call took; nothing if one failed.
std::vector<int64_t> round(const std::shared_ptr<grpc::Channel> &channel, size_t request, size_t calls, long depth) {
  Load load(channel, request, calls);
  for (long slot = depth; slot > 0; slot--) load.next();
  std::unique_lock<std::mutex> lock(load.mutex);
  load.finished.wait(lock, [&] { return load.done == calls; });
  return load.failed > 0 ? std::vector<int64_t>() : load.times;
}

}  // namespace

int main(int argc, char **argv) {
  if (argc != 6) {
    std::fprintf(stderr, "usage: grpc_echo SOCKET REQUEST_BYTES RESPONSE_BYTES CALLS DEPTH\n");
    return 64;
  }
  const std::string address = std::string("unix:") + argv[1];
  // The fork comes first: gRPC's threads do not survive one.
  const pid_t server = fork();
  if (server == 0) serve(address, std::strtoul(argv[3], nullptr, 10));

  auto channel = grpc::CreateChannel(address, grpc::InsecureChannelCredentials());
  const bool ready = channel->WaitForConnected(std::chrono::system_clock::now() + std::chrono::seconds(10));
  int status = ready ? 0 : 70;
  if (ready) {
    const size_t request = std::strtoul(argv[2], nullptr, 10), calls = std::strtoul(argv[4], nullptr, 10);
    const long depth = std::strtol(argv[5], nullptr, 10);
    round(channel, request, calls / 10 + 1, depth);
    const auto began = Clock::now();
    std::vector<int64_t> times = round(channel, request, calls, depth);
    const std::chrono::duration<double> seconds = Clock::now() - began;
    if (times.empty()) {
      std::fprintf(stderr, "a call failed\n");
      kill(server, SIGTERM);
      return 70;
    }
    std::sort(times.begin(), times.end());
    std::printf("{\"p50\":%lld,\"p99\":%lld,\"perSecond\":%.0f}\n", static_cast<long long>(times[calls / 2]),
                static_cast<long long>(times[calls - calls / 100 - 1]), static_cast<double>(calls) / seconds.count());
  }
  kill(server, SIGTERM);
  waitpid(server, nullptr, 0);
  return status;
}
