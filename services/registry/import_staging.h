// Where the rows and findings of an import lie while it lives.
//
// They lie in memory, and beyond a limit in scratch files (storage/sorted_spool.h), since nothing
// of them outlives the server: an import that a crash ended is sent again. The keys of the spools:
//
//   rows      0 class position digest row  a row with a boundary, as the window index has its place
//   codes     code row                     rows of one code lie side by side
//   accepted  position digest class row    an accepted row: the warnings it is accepted with
//   findings  plot row rule ...            a finding, in the order in which findings are told
//
// `digest` is a hash of the compact boundary: rows at one position are in an order that the order
// of the file has no part in. Nothing else depends on it, so it need not withstand an attack.
#ifndef LANDBOOK_SERVICES_REGISTRY_IMPORT_STAGING_H_
#define LANDBOOK_SERVICES_REGISTRY_IMPORT_STAGING_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "geo/boundary.h"
#include "landbook/v1/registry_service.pb.h"
#include "services/common/row_check.h"
#include "services/registry/staged_row.h"
#include "storage/engine.h"
#include "storage/mutex.h"
#include "storage/sorted_spool.h"
#include "storage/suite.h"

namespace landbook::registry {

// A row that the check let through, as it waits to be entered (control shapes only).
struct AcceptedRow {
  std::string row_key;  // the staged row's
  std::vector<v1::Finding> warnings;
};

// The numbers of the rows that came: as ranges, so that numbers that follow each other, as those of
// a file do, cost nothing.
class RowNumbers {
 public:
  bool Contains(std::int64_t row) const;
  // REQUIRES: not contained.
  void Add(std::int64_t row);

 private:
  std::map<std::int64_t, std::int64_t> last_by_first_;
};

// What is added to the staging at once: all of it or nothing.
struct StagingBatch {
  std::vector<std::int64_t> numbers;
  storage::PairList rows;
  storage::PairList codes;
  storage::PairList accepted;
  storage::PairList findings;

  // Makes it empty; the memory is kept for what is added next.
  void Clear();
};

// Any thread may write. Rows are read after SortRows, accepted ones after SortAccepted, findings
// after SortFindings; what is sorted takes no more. Nothing lies in the store.
class ImportStaging {
 public:
  struct Parts {
    const storage::Suite* suite = nullptr;  // borrowed
    std::string scratch_directory;          // on whose disk the scratch files are made
    // How much of the rows, and of the accepted ones, is held in memory; of the codes half as much,
    // of the findings, which stay when the rows are gone, a twentieth.
    std::size_t memory_bytes_max = 80u << 20;
    std::size_t chunk_bytes = 4u << 20;  // as of storage::SortedSpool
  };
  explicit ImportStaging(const Parts& parts);

  // --- Receiving -------------------------------------------------------------------------------

  // The first of the row numbers that came before; nullopt when none did.
  std::optional<std::int64_t> FirstKnown(std::span<const std::int64_t> rows) const;
  // Adds a read row to `batch`. `source` is what it was read from, and holds its boundary as it is
  // to be kept; what it holds may be taken out of it.
  void Stage(const common::CheckedRow& row, v1::ImportRow* source, StagingBatch* batch) const;
  absl::Status Write(const StagingBatch& batch);
  // Ends receiving.
  absl::Status SortRows();

  // --- Checking --------------------------------------------------------------------------------

  // Marks rows that share a code with another: both stay out. `tell` gets each with the other one's
  // number and the place of its first vertex. Called once; the codes are forgotten then.
  struct Repeated {
    std::string code;
    std::int64_t row = 0;
    std::int64_t other_row = 0;
    geo::Vertex place;
  };
  absl::Status MarkRepeated(absl::FunctionRef<void(const Repeated&)> tell);
  // The marked ones among rows: as many answers as rows. REQUIRES: MarkRepeated has returned.
  std::vector<std::optional<std::int64_t>> RepeatedWith(std::span<const std::int64_t> rows) const;

  // Reads all staged rows along the curve, whatever their size class.
  class RowReader;
  // Shows the staged rows whose box meets `box`, as StagedRow takes them.
  absl::Status ForEachNear(
      const geo::Box& box,
      absl::FunctionRef<void(std::string_view key, std::string_view value)> visitor) const;
  // The rows of these keys. REQUIRES: they are staged.
  absl::StatusOr<std::vector<StagedRow>> ReadRows(std::span<const std::string> keys) const;

  // --- What came of it -------------------------------------------------------------------------

  void Accept(const AcceptedRow& row, StagingBatch* batch) const;
  // A finding, which is read back with its sentences when it comes without.
  void Tell(const v1::Finding& finding, StagingBatch* batch) const;
  // Ends accepting.
  absl::Status SortAccepted();
  // A page of the accepted rows, along the curve: those of `range`, at first of all keys.
  struct AcceptedPage {
    std::vector<AcceptedRow> rows;
    storage::RemainingRanges remaining;
  };
  absl::StatusOr<AcceptedPage> ReadAccepted(const storage::KeyRange& range,
                                            std::size_t rows_max) const;
  // Ends telling.
  absl::Status SortFindings();
  // UNAVAILABLE when they could not be sorted. Findings in their order from `from` on (empty: the
  // first), and where to go on (empty: nowhere).
  absl::StatusOr<std::string> ReadFindings(const std::string& from, std::size_t findings_max,
                                           std::vector<v1::Finding>* findings) const;

  // Gives back everything but the findings.
  void DropRows();

  // Whether RowReader gives the row of the one key before that of the other.
  static bool ComesBefore(std::string_view key, std::string_view other);

 private:
  const storage::Suite* suite_;
  mutable storage::Mutex writing_;
  RowNumbers known_ LANDBOOK_GUARDED_BY(writing_);
  // Filled under `writing_`, and only read once they are sorted.
  storage::SortedSpool rows_;
  storage::SortedSpool codes_;
  storage::SortedSpool accepted_;
  storage::SortedSpool findings_;
  // Repeated rows with another of their code, by number.
  std::vector<std::pair<std::int64_t, std::int64_t>> repeated_;
};

// One thread at a time.
class ImportStaging::RowReader {
 public:
  // REQUIRES: `staging` outlives the reader; its rows are sorted, and are not dropped meanwhile.
  explicit RowReader(const ImportStaging* staging);
  // The next rows, up to the limit; none when all were given.
  absl::StatusOr<std::vector<StagedRow>> Next(const storage::ScanLimit& limit);

 private:
  // The rows of one size class, in order.
  struct Lane {
    std::string prefix;  // of their keys
    storage::SortedSpool::Cursor cursor;
    bool HasRow() const { return cursor.valid() && cursor.key().starts_with(prefix); }
  };
  absl::Status Begin();
  // The lane whose row at hand comes first on the curve; null when no row is left.
  Lane* FirstLane();

  std::vector<Lane> lanes_;
  bool begun_ = false;
};

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_IMPORT_STAGING_H_
