// How far an import is, as its threads count it and as it is told.
#ifndef LANDBOOK_SERVICES_REGISTRY_IMPORT_PROGRESS_H_
#define LANDBOOK_SERVICES_REGISTRY_IMPORT_PROGRESS_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "landbook/v1/registry_service.pb.h"
#include "storage/mutex.h"

namespace landbook::registry {

// Any thread. Rows accepted and rejected always sum to the rows checked, and once the import is
// done those are all that were read.
class ImportProgress {
 public:
  ImportProgress(std::string name, std::uint64_t number);

  // The import as it is told.
  v1::Import ToWire() const;
  v1::ImportState state() const;
  // True once it is done, cancelled or failed.
  bool ended() const;

  // Goes from one state to the next; false when it is no longer in `from`.
  bool Advance(v1::ImportState from, v1::ImportState to);
  // Ends it, unless it has ended.
  void End(v1::ImportState state, std::string failure = {});
  bool cancelled() const;
  void Cancel();

  void CountRead(std::uint32_t rows);
  struct Checked {
    std::uint32_t accepted = 0;  // those unchanged included
    std::uint32_t unchanged = 0;
    std::uint32_t rejected = 0;
  };
  void CountChecked(const Checked& rows);
  // Rows that were accepted and could not be committed after all.
  void CountTakenBack(std::uint32_t rows);
  void CountCommitted(std::uint32_t rows, std::uint64_t sequence);
  void CountFinding(const std::string& rule);
  // All accepted rows are in the book already.
  void SetAllUnchanged();
  void SetControlLayer(std::uint64_t number);
  void SetRulesNotRun(const std::vector<std::string>& rules);

 private:
  mutable storage::Mutex mutex_;
  v1::Import import_ LANDBOOK_GUARDED_BY(mutex_);
  std::map<std::string, std::uint32_t> findings_ LANDBOOK_GUARDED_BY(mutex_);
  bool cancelled_ LANDBOOK_GUARDED_BY(mutex_) = false;
};

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_IMPORT_PROGRESS_H_
