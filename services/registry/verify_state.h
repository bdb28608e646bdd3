// The second part of a verification: the stored state against the fold of the journal.
#ifndef LANDBOOK_SERVICES_REGISTRY_VERIFY_STATE_H_
#define LANDBOOK_SERVICES_REGISTRY_VERIFY_STATE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "services/registry/key_stream.h"
#include "services/registry/keys.h"
#include "services/registry/verify_report.h"
#include "storage/engine.h"

namespace landbook::registry {

// Counters and the status tree have no versions, so their keys as of one entry are copied aside,
// under this book number in the engine of the fold, which knows no server's own book.
inline constexpr BookNumber kCopiedBook = kServerBook;

// Compares key by key, byte by byte, while the book goes on being written: what is newer than the
// entry is passed over, and what was replaced since is looked up in the past. Pointers are
// borrowed.
class StateCheck {
 public:
  struct Inputs {
    const storage::Engine* engine = nullptr;  // the book
    const storage::Engine* folded = nullptr;  // the fold, and the copies
    BookNumber book = 0;
    std::uint64_t as_of = 0;
  };
  // Of each space no more differences are told than these.
  static constexpr std::uint64_t kToldOfSpaceMax = 20;

  StateCheck(const Inputs& inputs, VerifyReport* report);

  // Compares some more keys; false at the end. Afterwards status() is OK or says what could not be
  // read.
  bool Step();

  const absl::Status& status() const { return status_; }

 private:
  // One space under comparison.
  struct Pair {
    Space space;
    KeyStream stored;
    KeyStream folded;
  };

  void CompareNext(Pair* pair);
  // True when the stored item is of a later entry and does not count.
  bool IsNewer(const storage::KeyValue& item);
  // True when a folded item of the current space holds in the book's past, replaced since.
  bool HeldAtEntry(std::string_view key, const std::string& value);
  void Differs(Space space, std::string_view key, std::string_view how);

  Inputs inputs_;
  VerifyReport* report_;
  std::vector<Pair> pairs_;  // the one under comparison last
  std::uint64_t told_ = 0;   // differences in the space under comparison
  absl::Status status_;
};

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_VERIFY_STATE_H_
