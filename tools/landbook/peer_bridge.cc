#include "tools/landbook/peer_bridge.h"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <bit>
#include <cstdlib>
#include <utility>
#include <vector>

#include "storage/bytes.h"

namespace landbook::tools {
namespace {

constexpr int kBinary = 1;

struct ClearResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, ClearResult>;

// libpq's messages are lines.
std::string Message(const char* text) {
  std::string message = text == nullptr ? "" : text;
  while (message.ends_with('\n')) message.pop_back();
  return message;
}

std::string EncodeValue(const PeerValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  std::string bytes;
  const auto* number = std::get_if<double>(&value);
  storage::AppendU64(bytes, number != nullptr
                                ? std::bit_cast<std::uint64_t>(*number)
                                : static_cast<std::uint64_t>(std::get<std::int64_t>(value)));
  return bytes;
}

// The parameters as libpq takes them.
class Parameters {
 public:
  explicit Parameters(std::span<const PeerValue> values) {
    for (const PeerValue& value : values) bytes_.push_back(EncodeValue(value));
    for (const std::string& bytes : bytes_) {
      pointers.push_back(bytes.data());
      lengths.push_back(static_cast<int>(bytes.size()));
    }
    formats.assign(bytes_.size(), kBinary);
  }
  int count() const { return static_cast<int>(bytes_.size()); }

  std::vector<const char*> pointers;
  std::vector<int> lengths;
  std::vector<int> formats;

 private:
  std::vector<std::string> bytes_;
};

std::int64_t RowsOf(const PGresult* result) {
  if (PQresultStatus(result) == PGRES_TUPLES_OK) return PQntuples(result);
  return std::strtoll(PQcmdTuples(const_cast<PGresult*>(result)), nullptr, 10);
}

absl::Status Lost(PGconn* connection) {
  return absl::UnavailableError(fmt::format("PostgreSQL: {}", Message(PQerrorMessage(connection))));
}

absl::Status CheckResult(PGconn* connection, const Result& result) {
  if (result == nullptr) return Lost(connection);
  const ExecStatusType status = PQresultStatus(result.get());
  if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) return absl::OkStatus();
  return absl::InternalError(
      fmt::format("PostgreSQL: {}", Message(PQresultErrorMessage(result.get()))));
}

}  // namespace

struct PeerConnection::Libpq {
  explicit Libpq(PGconn* opened) : connection(opened) {}
  Libpq(const Libpq&) = delete;
  Libpq& operator=(const Libpq&) = delete;
  ~Libpq() { PQfinish(connection); }

  PGconn* const connection;
};

PeerConnection::PeerConnection(std::unique_ptr<Libpq> libpq) : libpq_(std::move(libpq)) {}
PeerConnection::~PeerConnection() = default;

absl::StatusOr<std::unique_ptr<PeerConnection>> PeerConnection::Open(const std::string& uri) {
  auto libpq = std::make_unique<Libpq>(PQconnectdb(uri.c_str()));
  if (PQstatus(libpq->connection) != CONNECTION_OK) return Lost(libpq->connection);
  return std::unique_ptr<PeerConnection>(new PeerConnection(std::move(libpq)));
}

absl::StatusOr<std::string> PeerConnection::Run(const std::string& sql) {
  const Result result(PQexec(libpq_->connection, sql.c_str()));
  if (const absl::Status status = CheckResult(libpq_->connection, result); !status.ok()) {
    return status;
  }
  if (PQntuples(result.get()) == 0 || PQnfields(result.get()) == 0) return std::string();
  return std::string(PQgetvalue(result.get(), 0, 0));
}

absl::Status PeerConnection::Prepare(const std::string& name, const std::string& sql) {
  const Result result(PQprepare(libpq_->connection, name.c_str(), sql.c_str(), 0, nullptr));
  return CheckResult(libpq_->connection, result);
}

absl::StatusOr<std::int64_t> PeerConnection::Execute(const std::string& name,
                                                     std::span<const PeerValue> values) {
  const Parameters parameters(values);
  const Result result(PQexecPrepared(libpq_->connection, name.c_str(), parameters.count(),
                                     parameters.pointers.data(), parameters.lengths.data(),
                                     parameters.formats.data(), kBinary));
  if (const absl::Status status = CheckResult(libpq_->connection, result); !status.ok()) {
    return status;
  }
  return RowsOf(result.get());
}

absl::Status PeerConnection::BeginPipeline() {
  if (PQenterPipelineMode(libpq_->connection) == 1) return absl::OkStatus();
  return Lost(libpq_->connection);
}

absl::Status PeerConnection::Send(const std::string& name, std::span<const PeerValue> values) {
  const Parameters parameters(values);
  PGconn* const connection = libpq_->connection;
  const bool sent =
      PQsendQueryPrepared(connection, name.c_str(), parameters.count(), parameters.pointers.data(),
                          parameters.lengths.data(), parameters.formats.data(), kBinary) == 1;
  return sent ? absl::OkStatus() : Lost(connection);
}

absl::Status PeerConnection::Flush() {
  PGconn* const connection = libpq_->connection;
  const bool sent = PQsendFlushRequest(connection) == 1 && PQflush(connection) >= 0;
  return sent ? absl::OkStatus() : Lost(connection);
}

absl::StatusOr<std::int64_t> PeerConnection::Receive() {
  const Result result(PQgetResult(libpq_->connection));
  if (const absl::Status status = CheckResult(libpq_->connection, result); !status.ok()) {
    return status;
  }
  // Each answer of a pipeline ends with no result.
  const Result end(PQgetResult(libpq_->connection));
  if (end != nullptr) return absl::InternalError("PostgreSQL: an answer goes on after its end");
  return RowsOf(result.get());
}

}  // namespace landbook::tools
