// Where the rows and findings of an import lie while it lives: a key range of the book that fold
// and verification leave out (keys.h, space 'i').
//
//   import (u64) | 'n' row                          the row came
//                | 'r' 0 class position digest row  a row with a boundary, as the window index has
//                lines | 'c' code row                     place; rows of one code lie side by side
//                | 'd' row                          another row with the same code
//                | 's' position digest class row    an accepted row: the warnings it is accepted
//                with | 'f' plot row rule ...            a finding, in the order in which they are
//                told
//
// `digest` is the first 8 bytes of the hash of the compact boundary: rows at one position are in an
// order that the order of the file has no part in.
#ifndef LANDBOOK_SERVICES_REGISTRY_IMPORT_STAGING_H_
#define LANDBOOK_SERVICES_REGISTRY_IMPORT_STAGING_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "geo/boundary.h"
#include "landbook/v1/registry_service.pb.h"
#include "services/common/row_check.h"
#include "services/registry/keys.h"
#include "storage/engine.h"
#include "storage/suite.h"

namespace landbook::registry {

// A row with a boundary, as it is staged.
struct StagedRow {
  std::string key;  // where it lies
  geo::Box box;
  std::string compact;
  v1::ImportRow source;  // without the boundary; its findings are what reading the row found
};

// A row that the check let through.
struct AcceptedRow {
  std::string row_key;  // the staged row's
  std::vector<v1::Finding> warnings;
};

class ImportStaging {
 public:
  // REQUIRES: `engine` and `suite` outlive the staging.
  ImportStaging(storage::Engine* engine, const storage::Suite* suite, BookNumber book,
                std::uint64_t import);

  // --- Receiving -------------------------------------------------------------------------------

  // The first of the row numbers that came before; nullopt when none did.
  absl::StatusOr<std::optional<std::int64_t>> FirstKnown(std::span<const std::int64_t> rows) const;
  // Adds a read row to `batch`. `source` is what it was read from.
  void Stage(const common::CheckedRow& row, const v1::ImportRow& source,
             storage::WriteBatch* batch) const;
  absl::Status Write(const storage::WriteBatch& batch);

  // --- Checking --------------------------------------------------------------------------------

  // Marks rows that share a code with another: both stay out. `tell` gets each with the other one's
  // number and the place of its first vertex.
  struct Repeated {
    std::string code;
    std::int64_t row = 0;
    std::int64_t other_row = 0;
    geo::Vertex place;
  };
  absl::Status MarkRepeated(absl::FunctionRef<void(const Repeated&)> tell);
  // The marked ones among rows: as many answers as rows. REQUIRES: MarkRepeated has returned.
  absl::StatusOr<std::vector<std::optional<std::int64_t>>> RepeatedWith(
      std::span<const std::int64_t> rows) const;

  // The range of all staged rows, to be read page by page with ReadRows.
  storage::KeyRange Rows() const;
  struct RowsPage {
    std::vector<StagedRow> rows;
    storage::RemainingRanges remaining;
  };
  absl::StatusOr<RowsPage> ReadRows(const storage::KeyRange& range,
                                    const storage::ScanLimit& limit) const;
  // Shows the staged rows whose box meets `box`.
  absl::Status ForEachNear(
      const geo::Box& box,
      absl::FunctionRef<void(std::string_view key, std::string_view value)> visitor) const;
  // The rows of these keys. REQUIRES: they are staged.
  absl::StatusOr<std::vector<StagedRow>> ReadRows(std::span<const std::string> keys) const;

  // --- What came of it -------------------------------------------------------------------------

  void Accept(const AcceptedRow& row, storage::WriteBatch* batch) const;
  void Tell(const v1::Finding& finding, storage::WriteBatch* batch) const;
  // The range of accepted rows, along the curve, and a page of them.
  storage::KeyRange Accepted() const;
  struct AcceptedPage {
    std::vector<AcceptedRow> rows;
    storage::RemainingRanges remaining;
  };
  absl::StatusOr<AcceptedPage> ReadAccepted(const storage::KeyRange& range,
                                            std::size_t rows_max) const;
  // Findings in their order from `from` on (empty: the first), and where to go on (empty: nowhere).
  absl::StatusOr<std::string> ReadFindings(const std::string& from, std::size_t findings_max,
                                           std::vector<v1::Finding>* findings) const;

  // Deletes everything but the findings; everything.
  absl::Status DropRows();
  absl::Status DropAll();
  // Gives back the disk that deleted rows still take: they are as much as the book itself.
  absl::Status Reclaim();

  // The box and the rest of a staged row's value. REQUIRES: a value that Stage wrote.
  static geo::Box BoxOf(std::string_view value);
  static StagedRow RowOf(std::string_view key, std::string_view value);

 private:
  std::string Section(char letter) const;

  storage::Engine* engine_;
  const storage::Suite* suite_;
  std::string prefix_;
  bool any_repeated_ = false;  // whether MarkRepeated has marked a row
};

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_IMPORT_STAGING_H_
