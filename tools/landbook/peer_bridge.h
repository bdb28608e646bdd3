// libpq behind one file: a connection to the PostgreSQL that the benchmark compares with.
#ifndef LANDBOOK_TOOLS_LANDBOOK_PEER_BRIDGE_H_
#define LANDBOOK_TOOLS_LANDBOOK_PEER_BRIDGE_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <variant>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace landbook::tools {

// A parameter of a prepared statement, sent in PostgreSQL's binary form: float8, int8 or text.
using PeerValue = std::variant<double, std::int64_t, std::string>;

// One connection, for one thread. What fails does so with the server's own message, as UNAVAILABLE
// when there is no connection (any more) and INTERNAL when a statement was refused.
class PeerConnection {
 public:
  // Connects to a URI as libpq reads it: postgresql://HOST/DATABASE.
  static absl::StatusOr<std::unique_ptr<PeerConnection>> Open(const std::string& uri);
  PeerConnection(const PeerConnection&) = delete;
  PeerConnection& operator=(const PeerConnection&) = delete;
  ~PeerConnection();

  // Runs one or more statements, and gives the first field of the last one's first row as text;
  // nothing when it gave no row.
  absl::StatusOr<std::string> Run(const std::string& sql);

  // Prepares a statement whose results come in binary.
  absl::Status Prepare(const std::string& name, const std::string& sql);
  // Executes it and waits; gives how many rows came or were changed.
  absl::StatusOr<std::int64_t> Execute(const std::string& name, std::span<const PeerValue> values);

  // Pipeline mode (PostgreSQL 14 and later): questions are sent before earlier answers have come,
  // and answered in order. What lies in it reads only: there is no end of a transaction between.
  absl::Status BeginPipeline();
  absl::Status Send(const std::string& name, std::span<const PeerValue> values);
  // Sends off what was sent so far, and has the server send off its answers.
  absl::Status Flush();
  // The answer to the oldest question; gives how many rows came.
  absl::StatusOr<std::int64_t> Receive();

 private:
  struct Libpq;  // the library's connection
  explicit PeerConnection(std::unique_ptr<Libpq> libpq);

  std::unique_ptr<Libpq> libpq_;
};

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_PEER_BRIDGE_H_
