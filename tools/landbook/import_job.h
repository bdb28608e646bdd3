// One import from its first row to its last count: sending, running, waiting, stopping.
#ifndef LANDBOOK_TOOLS_LANDBOOK_IMPORT_JOB_H_
#define LANDBOOK_TOOLS_LANDBOOK_IMPORT_JOB_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "landbook/v1/registry_service.pb.h"
#include "tools/landbook/layer_source.h"
#include "tools/landbook/progress_bar.h"
#include "tools/landbook/row_converter.h"
#include "tools/landbook/session.h"

namespace landbook::tools {

// An import on a server, as this client drives it. Interrupts are those of InterruptWatch, of which
// one has to live meanwhile.
class ImportJob {
 public:
  // Begins an import. REQUIRES: the session and the progress bar outlive the job.
  static absl::StatusOr<ImportJob> Create(Session& session, const v1::CreateImportRequest& request,
                                          ProgressBar& progress);

  // Adds to a converted row what other tables of the delivery say of it. A failure ends the
  // sending.
  using DressRow = std::function<absl::Status(ConvertedRow&)>;

  // Sends every row of the source, in messages of about a mebibyte, never holding more than a few;
  // each is dressed first where a way is given. Fails with CANCELLED when the user interrupts, and
  // as the reader, the dressing and the server do.
  absl::Status SendRows(geo::LayerReader& reader, RowConverter& converter,
                        const DressRow& dress = nullptr);

  // Checks and commits what was sent, and gives the import as it ended: DONE, CANCELLED when the
  // user interrupted, or FAILED.
  absl::StatusOr<v1::Import> RunToEnd();

  // Stops the import; what was accepted stays.
  absl::StatusOr<v1::Import> Cancel();

  // How many rows were sent.
  std::uint64_t rows_sent() const { return rows_sent_; }
  std::uint64_t number() const { return number_; }

 private:
  ImportJob(Session& session, std::uint64_t number, ProgressBar& progress)
      : session_(&session), number_(number), progress_(&progress) {}

  template <typename Request>
  Request OfThisImport() const;
  void ShowProgress(const v1::Import& import);

  Session* session_;
  std::uint64_t number_;
  ProgressBar* progress_;
  std::uint64_t rows_sent_ = 0;
  v1::ImportState shown_state_ = v1::IMPORT_STATE_UNSPECIFIED;
};

// How long to wait before an import that has run for so long is asked for again: a share of the
// time that it still needs by what it has done, so that few calls are made while much is left and
// the end is not missed by much. Never so long that a person would take the client for dead.
std::chrono::milliseconds PauseBeforeAsking(const v1::Import& import,
                                            std::chrono::milliseconds running);

// Whether every row that was sent is accounted for; only then has the import succeeded.
absl::Status Reconcile(const v1::Import& import, std::uint64_t rows_sent);

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_IMPORT_JOB_H_
