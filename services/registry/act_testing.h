// A bench for acts: a book in memory with the sample county's packs, on which commits are decided
// one after another without server, boundary check or journal.
#ifndef LANDBOOK_SERVICES_REGISTRY_ACT_TESTING_H_
#define LANDBOOK_SERVICES_REGISTRY_ACT_TESTING_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "landbook/v1/act.pb.h"
#include "landbook/v1/book.pb.h"
#include "landbook/v1/journal.pb.h"
#include "services/common/policy.h"
#include "services/law/state.h"
#include "services/registry/act_context.h"
#include "services/registry/private_fields.h"
#include "storage/key_ring.h"
#include "storage/memory_engine.h"
#include "storage/random_source_testing.h"

namespace landbook::registry {

// A county and the pack of deploy/policy that its book adopts. The code of a sample's begins
// with 9.
struct BenchCounty {
  std::string code = "990101";
  std::string pack = "sample";
};

// The chain of the packs that the repository ships for the pack; the sample county's without one.
std::vector<std::string> PackChainForTests(const std::string& pack);
std::vector<std::string> SampleChainForTests();

// What became of a commit.
struct Decided {
  common::RefusalList refusals;        // none when it was accepted
  std::vector<v1::ActRecord> records;  // what the journal would keep, when it was accepted
  // The numbers of what each act created, in order.
  std::vector<std::vector<std::uint64_t>> created;

  bool accepted() const { return refusals.empty(); }
  // The names of the reasons, in their order.
  std::vector<std::string> reasons() const;
};

class ActBench {
 public:
  // An open book on 2026-03-02, whose next commit is the registrar's.
  explicit ActBench(const BenchCounty& county = {});

  // What the following commits are decided under.
  std::string day = "2026-03-02";
  std::string accepted;  // the day whose law governs acts outside a case; empty for `day`
  v1::Actor actor;
  bool from_import = false;
  bool validate_only = false;  // asked only; an accepted commit is kept all the same
  bool form_only = false;      // acts are decided by their form, also those that wait for their law
  bool by_case = true;         // a case is taken to stand behind every commit: K-01 is not told
  bool invariants = false;     // the invariants are checked at the end, as the state machine does

  // Decides a commit and keeps it when it is accepted. Every commit is an entry of its own.
  Decided Commit(const v1::Commit& commit);
  // Decides the acts of a commit one by one and keeps nothing: what it would create and change.
  Decided Preview(const v1::Commit& commit);
  // The same for one act.
  Decided Do(const v1::Act& act);

  // Puts a record as it is, by no act: what other acts, or another time, have left. Gives its
  // number.
  template <typename Record>
  std::uint64_t Given(const Record& record) {
    return GivenBytes(kKindOf<Record>, record.SerializeAsString());
  }
  // The same in place of the record of that number.
  template <typename Record>
  void Replace(std::uint64_t number, const Record& record) {
    PutBytes(kKindOf<Record>, number, record.SerializeAsString());
  }
  void SetBookState(v1::BookState state);
  // Puts the counter of a family of codes, as if that serial had been given out.
  void UseSerial(const std::string& family, std::uint64_t serial);

  // The record as it stands; a default one when there is none.
  template <typename Record>
  Record Read(std::uint64_t number) const {
    const std::string bytes = RecordBytes(kKindOf<Record>, number);
    Record record;
    record.ParseFromString(bytes);
    return record;
  }
  // The bytes of a record; empty when there is none.
  std::string RecordBytes(v1::RecordKind kind, std::uint64_t number) const;
  // The etag that an act has to name for the record.
  std::string EtagOf(v1::RecordKind kind, std::uint64_t number) const;
  // How many standing rights of the type the party holds.
  std::size_t RightsHeldBy(std::uint64_t party, const std::string& type) const;
  // Lets the book be looked at as law looks at it.
  void AskState(const std::function<void(const law::State&)>& ask);
  const law::PackRules& rules() const { return rules_; }
  const common::Policy& policy() const { return policy_; }
  // The bytes of every record, by kind and number.
  std::map<std::pair<int, std::uint64_t>, std::string> AllRecords() const;

  PrivateVault& vault() { return *vault_; }
  const View& view() const { return state_; }

 private:
  // What the boundary check would say of the parts of splits: that each has the area it states.
  CommitVerdict VerdictOf(const v1::Commit& commit) const;
  Decided Decide(const v1::Commit& commit, bool whole, Overlay* changes);
  std::uint64_t GivenBytes(v1::RecordKind kind, const std::string& bytes);
  void PutBytes(v1::RecordKind kind, std::uint64_t number, const std::string& bytes);

  storage::MemoryEngine engine_;
  EngineView base_{&engine_};
  Overlay state_{&base_};
  storage::SeededRandom random_{20260302};
  storage::BookSecrets secrets_;
  common::Policy policy_;
  law::PackRules rules_;
  std::unique_ptr<PrivateVault> vault_;
  std::uint64_t sequence_ = 0;
};

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_ACT_TESTING_H_
