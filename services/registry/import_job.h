// One import: its rows, its progress, and the threads that check and commit it.
#ifndef LANDBOOK_SERVICES_REGISTRY_IMPORT_JOB_H_
#define LANDBOOK_SERVICES_REGISTRY_IMPORT_JOB_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/repeated_field.h"
#include "landbook/v1/registry_service.pb.h"
#include "services/common/policy.h"
#include "services/common/refusal.h"
#include "services/common/row_check.h"
#include "services/registry/book.h"
#include "services/registry/import_check.h"
#include "services/registry/import_progress.h"
#include "services/registry/import_staging.h"
#include "services/registry/piece_queue.h"
#include "storage/mutex.h"

namespace landbook::registry {

// One import with its thread, which is cancelled and waited for when the job goes.
class ImportJob {
 public:
  struct Parts {
    Book* book = nullptr;
    std::uint64_t number = 0;
    std::shared_ptr<const common::Policy> policy;
    v1::CreateImportRequest request;
    v1::Actor actor;
    std::size_t memory_bytes_max = 0;  // for rows, as of ImportStaging
  };

  explicit ImportJob(Parts parts);
  // Cancels, waits, and deletes what is staged.
  ~ImportJob();
  ImportJob(const ImportJob&) = delete;
  ImportJob& operator=(const ImportJob&) = delete;

  ImportProgress& progress() { return progress_; }
  const ImportStaging& staging() const { return staging_; }
  // Whether this caller began it; and whether it only checks.
  bool IsOf(const v1::Actor& actor) const { return parts_.actor.principal() == actor.principal(); }
  bool is_dry_run() const { return parts_.request.dry_run(); }

  // As Importer's methods of the same names.
  common::Outcome<v1::Import> AddRows(google::protobuf::RepeatedPtrField<v1::ImportRow>&& rows);
  common::Outcome<v1::Import> Run();
  void Cancel();

 private:
  using PieceCheck = std::function<absl::StatusOr<PieceVerdict>(std::vector<StagedRow> rows)>;
  // Takes what was accepted of a piece, and gives why it could not, empty when it could.
  using PieceTaker = std::function<std::string(std::vector<PassedRow> rows)>;

  // What comes of the rows of one call besides what is staged of them.
  struct Received {
    common::RefusalList refusals;
    std::vector<v1::Finding> told;  // about rows without a boundary, which are not checked later
    std::set<std::string> land_uses;
    std::uint32_t without_boundary = 0;
  };
  void Receive(int index, v1::ImportRow* source, Received* received) LANDBOOK_REQUIRES(receiving_);
  common::Outcome<common::CheckedRow> ReadRow(int index, const v1::ImportRow& row) const;
  std::optional<std::int64_t> FirstRepeated() const LANDBOOK_REQUIRES(receiving_);
  absl::Status Stage(const Received& received) LANDBOOK_REQUIRES(receiving_);
  void Work();
  void End(std::string failure);
  // Each gives why it could not go on, empty when it could.
  std::string WorkOnPlots();
  std::string WorkOnShapes();
  bool GoesOn();
  ImportRules RulesNow() const;
  absl::Status TellRepeated();
  std::string CheckAll(const PieceCheck& check, const PieceTaker& take);
  absl::Status CheckPieces(const PieceCheck& check, PieceQueue* queue);
  absl::Status Keep(const PieceVerdict& verdict);
  std::string Accept(const std::vector<PassedRow>& rows);
  void TellRulesNotRun(const ImportRules& rules);
  int workers() const;

  const Parts parts_;
  const v1::PlotKind* kind_;  // null for an import of a control layer
  ImportStaging staging_;
  ImportProgress progress_;
  storage::Mutex receiving_;                            // one call at a time adds rows
  StagingBatch batch_ LANDBOOK_GUARDED_BY(receiving_);  // that call's; its memory serves the next
  std::uint32_t without_boundary_ LANDBOOK_GUARDED_BY(receiving_) = 0;
  std::set<std::string> land_uses_ LANDBOOK_GUARDED_BY(receiving_);
  storage::Mutex pieces_mutex_;
  std::optional<ImportStaging::RowReader> pieces_ LANDBOOK_GUARDED_BY(pieces_mutex_);
  std::size_t pieces_begun_ LANDBOOK_GUARDED_BY(pieces_mutex_) = 0;
  std::thread thread_;
};

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_IMPORT_JOB_H_
