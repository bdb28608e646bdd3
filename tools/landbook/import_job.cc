#include "tools/landbook/import_job.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <thread>
#include <utility>

#include "tools/landbook/interrupt.h"

namespace landbook::tools {
namespace {

// A message's rows are still in the processor's cache when their memory is used for the next ones.
constexpr std::size_t kMessageBytes = std::size_t{256} << 10;
constexpr std::chrono::milliseconds kPauseMin{5};
constexpr std::chrono::milliseconds kPauseMax{100};
// Of the time that an import still needs, the part that passes before it is asked for again.
constexpr std::uint64_t kPauseShare = 4;

using Clock = std::chrono::steady_clock;
using RowStream = grpc::ClientWriter<v1::UploadImportRowsRequest>;

// Gathers rows into messages. The stream's flow control holds it back when the server is slower.
class RowSender {
 public:
  RowSender(RowStream& stream, const v1::UploadImportRowsRequest& head)
      : stream_(stream), message_(head) {}

  // Takes what is in the row, and leaves in it the memory of one that was sent before. False once
  // the server has ended the stream.
  bool Send(v1::ImportRow& row) {
    bytes_ += row.ByteSizeLong();
    message_.add_rows()->Swap(&row);
    return bytes_ < kMessageBytes || Flush();
  }

  bool Flush() {
    const bool taken = stream_.Write(message_);
    message_.clear_rows();
    bytes_ = 0;
    return taken;
  }

 private:
  RowStream& stream_;
  v1::UploadImportRowsRequest message_;
  std::size_t bytes_ = 0;
};

bool Ended(v1::ImportState state) {
  return state == v1::IMPORT_STATE_DONE || state == v1::IMPORT_STATE_CANCELLED ||
         state == v1::IMPORT_STATE_FAILED;
}

}  // namespace

template <typename Request>
Request ImportJob::OfThisImport() const {
  Request request;
  request.set_county(session_->settings().county);
  request.set_import(number_);
  return request;
}

absl::StatusOr<ImportJob> ImportJob::Create(Session& session,
                                            const v1::CreateImportRequest& request,
                                            ProgressBar& progress) {
  const auto import = session.CallOnce(&Session::Registry::CreateImport, request);
  if (!import.ok()) return import.status();
  return ImportJob(session, import->number(), progress);
}

absl::Status ImportJob::SendRows(geo::LayerReader& reader, RowConverter& converter,
                                 const DressRow& dress) {
  progress_->Begin("sending");
  const std::uint64_t total = reader.Info().row_count.value_or(0);
  grpc::ClientContext context;
  session_->Identify(context);
  v1::Import staged;
  auto stream = session_->registry().UploadImportRows(&context, &staged);
  RowSender sender(*stream, OfThisImport<v1::UploadImportRowsRequest>());
  absl::Status trouble;
  bool open = true;
  geo::Row row;
  ConvertedRow converted;
  while (open && trouble.ok()) {
    absl::StatusOr<bool> read = reader.Read(row);
    if (InterruptWatch::Interrupted()) read = absl::CancelledError("stopped while sending rows");
    trouble = read.status();
    if (!trouble.ok() || !*read) break;
    converter.Convert(row, converted);
    if (dress) trouble = dress(converted);
    if (!trouble.ok()) break;
    open = sender.Send(converted.row);
    progress_->Show(++rows_sent_, total);
  }
  if (!trouble.ok()) context.TryCancel();
  if (open && trouble.ok() && sender.Flush()) stream->WritesDone();
  const grpc::Status status = stream->Finish();
  return trouble.ok() ? session_->Outcome(status) : trouble;
}

void ImportJob::ShowProgress(const v1::Import& import) {
  const bool committing = import.state() == v1::IMPORT_STATE_COMMITTING;
  if (import.state() != shown_state_) {
    shown_state_ = import.state();
    progress_->Begin(committing ? "committing" : "checking");
  }
  progress_->Show(committing ? import.committed() : import.checked(),
                  committing ? import.accepted() : import.read());
}

absl::StatusOr<v1::Import> ImportJob::RunToEnd() {
  absl::StatusOr<v1::Import> import =
      session_->CallOnce(&Session::Registry::RunImport, OfThisImport<v1::RunImportRequest>());
  const Clock::time_point begun = Clock::now();
  bool cancelled = false;
  while (import.ok() && !Ended(import->state())) {
    if (InterruptWatch::Interrupted() && !cancelled) {
      cancelled = true;
      import = Cancel();
      continue;
    }
    ShowProgress(*import);
    const auto running =
        std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begun);
    std::this_thread::sleep_for(PauseBeforeAsking(*import, running));
    import = session_->Call(&Session::Registry::GetImport, OfThisImport<v1::GetImportRequest>());
  }
  return import;
}

absl::StatusOr<v1::Import> ImportJob::Cancel() {
  return session_->Call(&Session::Registry::CancelImport, OfThisImport<v1::CancelImportRequest>());
}

std::chrono::milliseconds PauseBeforeAsking(const v1::Import& import,
                                            std::chrono::milliseconds running) {
  // Every row is checked, and those that are new are committed.
  const std::uint64_t done = std::uint64_t{import.checked()} + import.committed();
  const std::uint64_t settled = std::uint64_t{import.unchanged()} + import.committed();
  const std::uint64_t left =
      (import.read() - std::min(import.checked(), import.read())) +
      (import.accepted() - std::min<std::uint64_t>(settled, import.accepted()));
  const auto so_far = static_cast<std::uint64_t>(running.count());
  const std::uint64_t pause = so_far * left / std::max<std::uint64_t>(done, 1) / kPauseShare;
  return std::clamp(std::chrono::milliseconds(pause), kPauseMin, kPauseMax);
}

absl::Status Reconcile(const v1::Import& import, std::uint64_t rows_sent) {
  if (import.state() == v1::IMPORT_STATE_FAILED) {
    return absl::AbortedError(fmt::format(
        "{}; what was accepted stays, and the same import sent again goes on", import.failure()));
  }
  if (import.state() == v1::IMPORT_STATE_CANCELLED) {
    return absl::CancelledError(
        "stopped; what was accepted stays, and the same import sent again takes the rest");
  }
  if (import.read() != rows_sent || import.read() != import.accepted() + import.rejected()) {
    return absl::DataLossError(fmt::format(
        "{} rows were sent, {} received, {} accepted and {} rejected: the counts do not agree",
        rows_sent, import.read(), import.accepted(), import.rejected()));
  }
  return absl::OkStatus();
}

}  // namespace landbook::tools
