// Imports of one book (批量导入): rows are staged in memory and beyond a limit on disk, checked in
// pieces of ground by several threads, and committed in bounded commits. Beyond that limit memory
// does not grow with the file.
//
// Every row ends accepted or rejected, and a rejected one has a finding that says why. The outcome
// does not depend on the order of the rows, on the number of workers or on how the rows were
// divided into pieces. Sent again, an import goes on where it ended: rows that the book has
// already, with the same boundary and attributes, are unchanged.
#ifndef LANDBOOK_SERVICES_REGISTRY_IMPORTER_H_
#define LANDBOOK_SERVICES_REGISTRY_IMPORTER_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "google/protobuf/repeated_field.h"
#include "landbook/v1/registry_service.pb.h"
#include "services/common/refusal.h"
#include "services/registry/book.h"
#include "storage/mutex.h"

namespace landbook::registry {

class ImportJob;

// A page of an import's findings, and where the next one begins.
struct FindingsPage {
  std::vector<v1::Finding> findings;
  std::string next;  // empty at the end
};

// All methods may be called from any thread. An import that is not known is refused with
// IMPORT_UNKNOWN.
class Importer {
 public:
  // How many imports may be under way (receiving or running), and how many are remembered with
  // their findings; of those that ended the oldest is forgotten first.
  static constexpr std::size_t kUnderWayMax = 4;
  static constexpr std::size_t kRememberedMax = 32;
  // How much of its rows an import may hold in memory: one that is begun while no other is under
  // way so much that a county's million plots of 16 vertices need no disk.
  static constexpr std::size_t kRowsBytesAlone = 256u << 20;
  static constexpr std::size_t kRowsBytesBesideOthers = 80u << 20;

  // REQUIRES: `book` outlives the importer.
  explicit Importer(Book* book);
  // Cancels what is under way and waits for it.
  ~Importer();
  Importer(const Importer&) = delete;
  Importer& operator=(const Importer&) = delete;

  // Begins an import as `actor`. Refused: a kind that the pack does not have (PLOT_KIND_UNKNOWN), a
  // division that is none of the county's (DIVISION_MALFORMED, DIVISION_OF_ANOTHER_COUNTY), a book
  // that is closed (BOOK_CLOSED), too many imports under way (IMPORTS_TOO_MANY).
  common::Outcome<v1::Import> Create(const v1::CreateImportRequest& request,
                                     const v1::Actor& actor);
  // Stages rows; all of them or, when one is refused, none: IMPORT_ROW_TWICE for a row number that
  // came before, and what common::CheckRow refuses. Refused with IMPORT_NOT_RECEIVING once it runs.
  // What is staged may be taken out of `rows`, whose memory stays the caller's.
  common::Outcome<v1::Import> AddRows(std::uint64_t import,
                                      google::protobuf::RepeatedPtrField<v1::ImportRow>&& rows);
  // Begins to check and commit, on threads of its own, and returns at once. Called again while it
  // runs it is refused with IMPORT_RUNNING; of one that ended it gives what came of it. WRITER_BUSY
  // when the system has no thread to give: the import then stays as it was.
  common::Outcome<v1::Import> Run(std::uint64_t import);
  common::Outcome<v1::Import> Get(std::uint64_t import) const;
  // Nothing when `actor` made that import, so that its acts may enter as the import's; else why
  // not: IMPORT_UNKNOWN, IMPORT_OF_ANOTHER for another caller's or a dry run.
  std::optional<v1::Refusal> RefuseActsOf(std::uint64_t import, const v1::Actor& actor) const;
  // Stops it at the next piece: what was accepted and committed stays. An import that has ended
  // stays as it is.
  common::Outcome<v1::Import> Cancel(std::uint64_t import);
  // Findings in their fixed order (plot code, row, rule, other plot, place), from `from` (the page
  // before's `next`, or empty) on. IMPORT_RUNNING until the import has ended.
  common::Outcome<FindingsPage> ListFindings(std::uint64_t import, const std::string& from,
                                             std::size_t findings_max) const;

 private:
  common::Outcome<std::shared_ptr<ImportJob>> Find(std::uint64_t import) const;
  void ForgetOldest() LANDBOOK_REQUIRES(mutex_);

  Book* book_;
  mutable storage::Mutex mutex_;
  std::uint64_t last_number_ LANDBOOK_GUARDED_BY(mutex_) = 0;
  std::map<std::uint64_t, std::shared_ptr<ImportJob>> jobs_ LANDBOOK_GUARDED_BY(mutex_);
};

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_IMPORTER_H_
