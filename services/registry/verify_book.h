// Verifying a book: that its journal is what its heads signed, that its state is what its journal
// makes, and that what must hold of every book does. Nothing is changed.
//
// The verification is of one consistent position, the last entry when it begins, and works while
// the book goes on being written: entries, heads and versions newer than that are passed over.
//
//   journal     every entry from 1: header, count and order of acts, times; the hash of each
//               leaf's bytes against the tree; the tree's inner hashes; root, status root and
//               signature of each head that is kept, the one outside included
//   state       current, past, counters, remembered requests and status tree, byte for byte,
//               against a fold of the whole journal into a store of its own
//   invariants  of every right and plot (invariants.h)
//   recheck     when asked for: today's boundary rules over all plots of each tier, overlaps
//               first of all; what they say are findings, not faults
//
// Memory is bounded: the fold of a large book lies in a store on disk.
#ifndef LANDBOOK_SERVICES_REGISTRY_VERIFY_BOOK_H_
#define LANDBOOK_SERVICES_REGISTRY_VERIFY_BOOK_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "geo/boundary.h"
#include "services/common/policy.h"
#include "services/registry/keys.h"
#include "services/registry/verify_report.h"
#include "storage/engine.h"
#include "storage/key_ring.h"
#include "storage/signed_head.h"

namespace landbook::registry {

// What is verified, and with what. Pointers are borrowed.
struct VerifyInputs {
  const storage::Engine* engine = nullptr;
  BookNumber book = 0;
  const storage::Suite* suite = nullptr;
  const storage::KeyRing* keys = nullptr;
  // The file of the last head; empty when none is kept outside.
  std::string outside_head_path = {};
  // Where the fold of a large book goes, into a folder that is taken away again. Empty: into
  // memory.
  std::string temporary_directory = {};
  // A journal of more bytes than this is folded on disk.
  std::uint64_t journal_bytes_in_memory_max = 64u << 20;
  // Today's rules, for rechecking; null when only the book is verified.
  std::shared_ptr<const common::Policy> policy = nullptr;
  std::optional<geo::Box> plane_extent = {};
  // The civil day on which today's rules are asked: it says which control layers are in force.
  std::string day = {};
};

// One verification, made in steps of a fraction of a second so that whoever runs it can tell
// progress and stop by destroying it. One thread at a time.
class BookVerifier {
 public:
  explicit BookVerifier(VerifyInputs inputs);
  ~BookVerifier();
  BookVerifier(const BookVerifier&) = delete;
  BookVerifier& operator=(const BookVerifier&) = delete;

  // Does some more; false when all is done. Then status() is OK when everything could be looked at,
  // and the report says what was found; otherwise it says what failed, and the report is not the
  // whole.
  bool Step();

  const absl::Status& status() const { return status_; }
  // The entry as of which the book is verified; 0 before the first step.
  std::uint64_t as_of() const { return as_of_; }
  const VerifyReport& report() const { return report_; }

 private:
  class TemporaryStore;
  class Part;
  template <typename Check>
  class PartOf;

  absl::Status Begin();
  // Copies counters and status tree aside, and learns the last entry of the same moment.
  absl::Status CopyUnversioned();
  // The next part, or none when all are done.
  std::unique_ptr<Part> NextPart();

  VerifyInputs inputs_;
  VerifyReport report_;
  absl::Status status_;
  std::uint64_t as_of_ = 0;
  std::optional<storage::SignedHead> outside_head_;
  std::unique_ptr<TemporaryStore> store_;
  std::unique_ptr<Part> part_;
  int parts_begun_ = 0;
  bool folded_ = true;
};

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_VERIFY_BOOK_H_
