// Who may write under which name, as an engine holds it in memory while it is open.
#ifndef LANDBOOK_STORAGE_FENCE_TABLE_H_
#define LANDBOOK_STORAGE_FENCE_TABLE_H_

#include <absl/status/status.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "storage/engine.h"
#include "storage/mutex.h"

namespace landbook::storage {

// The epochs of all fences and the writes under way under each. Writes of one fence run beside each
// other; only taking over a fence waits for them.
class FenceTable {
 public:
  // Sets the epoch of a fence as it was found on disk.
  void Load(std::string_view name, std::uint64_t epoch) LANDBOOK_EXCLUDES(mutex_);

  // Admits a write, or refuses it because `fence` is not current. An admitted write must Leave.
  absl::Status Enter(const Fence& fence) LANDBOOK_EXCLUDES(mutex_);
  void Leave(const Fence& fence) LANDBOOK_EXCLUDES(mutex_);

  // Ends every earlier epoch of `name` and gives the next: later writes under an earlier epoch are
  // refused, and those under way have finished when this returns. Nobody holds the new epoch until
  // the caller has stored it.
  Fence Advance(std::string_view name) LANDBOOK_EXCLUDES(mutex_);

 private:
  struct Entry {
    std::uint64_t epoch = 0;
    std::size_t writes_under_way = 0;
  };

  Mutex mutex_;
  ConditionVariable drained_;
  std::map<std::string, Entry, std::less<>> entries_ LANDBOOK_GUARDED_BY(mutex_);
};

}  // namespace landbook::storage

#endif  // LANDBOOK_STORAGE_FENCE_TABLE_H_
