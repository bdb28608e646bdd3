// The only file that knows cpp-httplib.
#include <fmt/format.h>
#include <httplib.h>

#include <memory>
#include <thread>
#include <utility>

#include "services/common/server_frame.h"

namespace landbook::common {

struct MetricsServer::Impl {
  httplib::Server server;
  std::thread thread;
};

MetricsServer::MetricsServer() : impl_(std::make_unique<Impl>()) {}

MetricsServer::~MetricsServer() {
  impl_->server.stop();
  if (impl_->thread.joinable()) impl_->thread.join();
}

absl::StatusOr<std::unique_ptr<MetricsServer>> MetricsServer::Start(
    const Address& listen, const MetricRegistry& registry) {
  std::unique_ptr<MetricsServer> metrics(new MetricsServer());
  httplib::Server& server = metrics->impl_->server;
  // A scrape every few seconds needs no more, and the machine's cores are for the book.
  server.new_task_queue = [] { return new httplib::ThreadPool(1); };
  server.Get("/metrics", [&registry](const httplib::Request&, httplib::Response& response) {
    response.set_content(registry.Text(), "text/plain; version=0.0.4; charset=utf-8");
  });
  server.Get("/healthz", [](const httplib::Request&, httplib::Response& response) {
    response.set_content("ok\n", "text/plain");
  });
  int port = listen.port;
  if (port == 0) {
    port = server.bind_to_any_port(listen.host);
  } else if (!server.bind_to_port(listen.host, port)) {
    port = -1;
  }
  if (port <= 0) {
    return absl::UnavailableError(
        fmt::format("cannot serve metrics on {}; is the port taken?", listen.Text()));
  }
  metrics->address_ = {listen.host, port};
  metrics->impl_->thread = std::thread([&server] { server.listen_after_bind(); });
  return metrics;
}

}  // namespace landbook::common
