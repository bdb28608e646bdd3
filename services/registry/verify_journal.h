// The first part of a verification: the journal against its Merkle tree and heads, and its fold.
#ifndef LANDBOOK_SERVICES_REGISTRY_VERIFY_JOURNAL_H_
#define LANDBOOK_SERVICES_REGISTRY_VERIFY_JOURNAL_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "landbook/v1/journal.pb.h"
#include "services/registry/fold.h"
#include "services/registry/key_stream.h"
#include "services/registry/keys.h"
#include "services/registry/verify_report.h"
#include "services/registry/view.h"
#include "storage/key_ring.h"
#include "storage/merkle_tree.h"
#include "storage/signed_head.h"
#include "storage/status_tree.h"

namespace landbook::registry {

// Goes through the journal once, from entry 1 to the last one that counts. Pointers are borrowed.
class JournalCheck {
 public:
  struct Inputs {
    const storage::Engine* engine = nullptr;
    BookNumber book = 0;
    const storage::Suite* suite = nullptr;
    const storage::KeyRing* keys = nullptr;
    std::uint64_t last_sequence = 0;
    std::optional<storage::SignedHead> outside_head;
    storage::Engine* folded = nullptr;  // takes the fold, under the same book number
  };

  JournalCheck(const Inputs& inputs, VerifyReport* report);

  // Checks some more leaves; false at the end. Afterwards status() is OK or says what could not be
  // read.
  bool Step();

  absl::Status status() const;
  // True when every act could be folded, so that the fold is worth comparing.
  bool folded() const { return folded_; }

 private:
  // A place in the journal: leaf 0 is the header, n the n-th act.
  struct LeafAt {
    std::uint64_t sequence = 0;
    std::uint32_t leaf = 0;
  };

  void TakeLeaf(const LeafAt& at, const std::string& bytes);
  void CheckHash(const LeafAt& at, std::string_view bytes);
  void CheckSubtrees();
  void TakeHeader(const LeafAt& at, const std::string& bytes);
  void TakeAct(const LeafAt& at, const std::string& bytes);
  absl::Status Apply(const v1::Effect& effect);
  absl::Status TakeCertificate(const v1::Effect& effect);
  void EndEntry();
  void CheckHeadsOf(std::uint64_t sequence);
  void CheckHead(const storage::SignedHead& head, const std::string& what);
  void Finish();
  // Writes what was folded so far.
  void Flush();
  void NotFolded(const std::string& why);
  std::optional<storage::Hash> StoredLeafHash();

  Inputs inputs_;
  VerifyReport* report_;
  KeyStream journal_;
  KeyStream leaf_runs_;
  KeyStream heads_;
  std::string run_;  // what is left of the run of leaf hashes under way
  storage::MerkleFrontier frontier_;
  std::vector<std::pair<storage::Subtree, storage::Hash>> subtrees_;  // to be compared
  EngineView folded_view_;
  Overlay overlay_;
  std::optional<Fold> fold_;
  storage::StatusTree status_tree_;
  std::optional<storage::StatusTree::Stage> status_stage_;
  std::vector<bool> ended_;                // by certificate
  std::optional<v1::EntryHeader> header_;  // of the entry under way; none when it cannot be read
  std::uint64_t sequence_ = 0;             // of the entry under way
  std::uint32_t leaves_of_entry_ = 0;
  std::int64_t last_micros_ = 0;
  std::string identity_;
  bool folded_ = true;
  bool finished_ = false;
  absl::Status status_;
};

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_VERIFY_JOURNAL_H_
