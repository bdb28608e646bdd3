// The book as a deterministic state machine: a commit in, an entry or all refusals out.
//
// Applying has no clock, no randomness, no I/O but the view it reads and the vault it was given,
// and signs nothing. What it changes lies in an overlay until the writer makes it durable.
#ifndef LANDBOOK_SERVICES_REGISTRY_STATE_MACHINE_H_
#define LANDBOOK_SERVICES_REGISTRY_STATE_MACHINE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "landbook/v1/act.pb.h"
#include "landbook/v1/registry_service.pb.h"
#include "services/common/policy.h"
#include "services/common/refusal.h"
#include "services/law/pack_rules.h"
#include "services/registry/boundary_verdict.h"
#include "services/registry/keys.h"
#include "services/registry/private_fields.h"
#include "services/registry/view.h"

namespace landbook::registry {

struct ImportedPlots;

// A commit with everything that is decided before the writer takes it.
struct ProposedCommit {
  v1::Commit commit;
  v1::Actor actor;
  std::string request_hash;  // request_hash.h
  bool validate_only = false;
  bool from_import = false;  // warnings pass and are told in the import's findings
  std::uint64_t import = 0;  // the import of this server that brings it, if it checked all its rows
  CommitVerdict verdict;
  // The acts of the application that the commit brings; nullopt for none.
  std::optional<v1::Commit> planned = {};
  // The plots that an import brings in place of acts; null for none.
  std::shared_ptr<const ImportedPlots> plots = {};

  // What the verdict is about: the application's acts, or the commit's.
  const v1::Commit& checked() const { return planned ? *planned : commit; }
  // Makes acts and checked boundaries of `plots`, as which they are decided like any others.
  void SpellOut();
};

// What a batch brings in from outside: where the book stands and what time it is.
struct Moment {
  std::uint64_t sequence = 0;    // the entry that an accepted commit makes
  std::uint64_t first_leaf = 0;  // the leaf that its header gets
  std::int64_t recorded_micros = 0;
  std::string day;  // the civil date in the book's time zone
};

// What an accepted commit leaves.
struct Applied {
  // The bytes of the header and of each act: the leaves, as they are stored and hashed. Empty for a
  // commit that was only validated and for a repeated one. They lie in the batch's changes.
  std::vector<std::string_view> leaves;
  // True when the pack in force changed, so that later commits have to use the new one.
  bool pack_changed = false;
  // Certificates issued and ended, for the status tree.
  std::vector<std::uint64_t> certificates_issued;
  std::vector<std::uint64_t> certificates_ended;
  v1::CommitResponse response;
};

// The pack in force: as the form of acts looks at it, and what law asks of it. Borrowed.
struct PackInForce {
  const common::Policy* policy = nullptr;
  const law::PackRules* rules = nullptr;
};

class StateMachine {
 public:
  // REQUIRES: `vault` outlives the machine.
  StateMachine(BookNumber book, PrivateVault* vault) : book_(book), vault_(vault) {}

  // Applies one commit to `batch`, which holds the state and what the batch has changed so far. On
  // refusal `batch` is as it was. A request that was answered before gets the same answer.
  // REQUIRES: `pack` is the one in force in `batch`.
  common::Outcome<Applied> Apply(const ProposedCommit& proposed, const Moment& moment,
                                 const PackInForce& pack, Overlay* batch) const;

  // The same for an import's plots of which nothing has to be decided but what each row asks by
  // itself (plot_entry.h); nullopt, and `batch` as it was, when that is not so. REQUIRES: this
  // machine has accepted the commit before it by Apply or Enter; that was of the same import, on
  // the same day and under the same pack, and made the last entry; and no plot's code was ever
  // used.
  std::optional<Applied> Enter(const ProposedCommit& proposed, const Moment& moment,
                               const PackInForce& pack, Overlay* batch) const;

 private:
  common::Outcome<Applied> Answered(const ProposedCommit& proposed, const std::string& memory,
                                    const View& batch) const;

  BookNumber book_;
  PrivateVault* vault_;
};

// The answer to a commit from what it left in the journal: the same for the first answer and for a
// repeated one. `view` is any state from the entry on.
v1::CommitResponse ResponseFor(const v1::EntryHeader& header,
                               const std::vector<v1::ActRecord>& records, const View& view,
                               BookNumber book);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_STATE_MACHINE_H_
