// What an act sees while it is decided, and where it leaves what it changes.
//
// One context serves one commit. Acts read the state as the acts before them left it, add refusals,
// and put records; nothing of it counts until the whole commit is accepted. There is no clock,
// randomness or I/O here but what was passed in.
#ifndef LANDBOOK_SERVICES_REGISTRY_ACT_CONTEXT_H_
#define LANDBOOK_SERVICES_REGISTRY_ACT_CONTEXT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "landbook/v1/act.pb.h"
#include "landbook/v1/book.pb.h"
#include "landbook/v1/case.pb.h"
#include "landbook/v1/control.pb.h"
#include "landbook/v1/journal.pb.h"
#include "landbook/v1/resolution.pb.h"
#include "services/common/policy.h"
#include "services/common/record_kind.h"
#include "services/common/refusal.h"
#include "services/law/pack_rules.h"
#include "services/registry/boundary_verdict.h"
#include "services/registry/fold.h"
#include "services/registry/private_fields.h"
#include "services/registry/versions.h"
#include "services/registry/view.h"

namespace landbook::registry {

using common::kKindOf;
using common::Reason;
using common::Sentence;

// The etag of a record that an earlier act of the same commit made or changed.
inline constexpr std::string_view kEtagOfThisCommit = "*";

// A record of the state with its number and the entry that it holds from.
template <typename Record>
struct Loaded {
  std::uint64_t number = 0;
  std::uint64_t from = 0;
  Record record;
};

// Everything about a commit that is decided outside the writer. All pointers are borrowed.
struct CommitFacts {
  const v1::Commit* commit = nullptr;
  v1::Actor actor;
  std::uint64_t sequence = 0;     // the entry that it would make
  std::string day;                // the commit's civil date, YYYY-MM-DD
  std::uint64_t case_number = 0;  // the case that it is a step of; 0 for none
  // The day whose law governs: the case's day of acceptance. Empty means `day`.
  std::string law_day = {};
  // The application whose acts are decided when it is accepted; null when acts are entered.
  const v1::Application* planned = nullptr;
  bool from_import = false;    // warnings pass; carry-over rules apply as in a preparing book
  bool validate_only = false;  // asked by whoever may ask, whichever role brings the act
  const common::Policy* policy = nullptr;  // the pack that governs the commit
  const law::PackRules* rules = nullptr;   // what law asks of that pack
  const CommitVerdict* verdict = nullptr;  // what the boundary check said
  PrivateVault* vault = nullptr;           // private fields
};

class ActContext {
 public:
  // REQUIRES: `overlay` holds the state before the commit and takes what the commit changes; the
  // facts have a commit, a policy and a verdict.
  ActContext(Overlay* overlay, BookNumber book, CommitFacts facts);

  const CommitFacts& facts() const { return facts_; }
  const v1::Commit& commit() const { return *facts_.commit; }
  const common::Policy& policy() const { return *facts_.policy; }
  const std::string& day() const { return facts_.day; }
  const std::string& law_day() const {
    return facts_.law_day.empty() ? facts_.day : facts_.law_day;
  }
  BookNumber book_number() const { return book_; }
  Overlay* overlay() { return overlay_; }
  const View& view() const { return *overlay_; }
  // The book's own record. REQUIRES: the book exists.
  const v1::BookRecord& book() const { return book_record_; }
  // The state as the acts so far have left it.
  VersionReader state() const { return VersionReader(overlay_, book_); }

  // --- The act under way -------------------------------------------------------------------------

  // Begins the next act: its position, its name in v1::Act, and the path of its fields. REQUIRES:
  // acts are begun in their order, none left out.
  void BeginAct(std::uint32_t act, std::string_view name);
  std::uint32_t act() const { return act_; }
  // True when the act is carried over from an older register: breaches of substance are findings.
  bool carried_over() const { return carried_over_; }
  void set_carried_over(bool carried_over) { carried_over_ = carried_over; }
  // True when the acts of the commit are decided by their form alone (DecideForm).
  bool form_only() const { return form_only_; }
  void set_form_only() { form_only_ = true; }
  // "commit.acts[2].grant_right.term" for "term".
  std::string Path(std::string_view field) const { return PathOf(act_, field); }
  // The same for another act of the commit. REQUIRES: that act was begun.
  std::string PathOf(std::uint32_t act, std::string_view field) const;
  // The record that the journal keeps of the act under way.
  // REQUIRES: an act was begun.
  v1::ActRecord& record();
  // Refuses the commit. `field` is relative to the act.
  void Refuse(Reason reason, std::string_view field, Sentence sentence, std::string source = {});
  // A breach of a rule of substance: a refusal, or what is kept with the record of a carry-over.
  void Breach(Reason reason, std::string_view field, Sentence sentence, std::string source);
  // What the act under way was carried over in breach of, and keeps with its record.
  void AddBreach(v1::Refusal breach) { breaches_.push_back(std::move(breach)); }
  const std::vector<v1::Refusal>& breaches() const { return breaches_; }
  // Notes that law has the register show with what the act under way enters (附记).
  std::vector<std::string>& notes() { return notes_; }
  // How many refusals there are; an act compares before and after to see whether it may go on.
  std::size_t refusal_count() const { return refusals_.size(); }
  // Every position is one of the commit's evidence; otherwise refused. Kept with the act's record.
  bool TakeEvidence(const google::protobuf::RepeatedField<std::uint32_t>& positions);
  // The evidence that the act under way rests on.
  std::vector<const v1::Evidence*> evidence() const;
  // True when the act rests on evidence of `kind`, whoever gave it.
  bool HasEvidence(v1::EvidenceKind kind) const;

  // --- Reading -----------------------------------------------------------------------------------

  // The record of that number; nullopt when there is none.
  template <typename Record>
  std::optional<Loaded<Record>> Find(std::uint64_t number) const {
    const auto version = state().Get(RecordKey(kKindOf<Record>, number));
    Loaded<Record> loaded;
    if (!version || !loaded.record.ParseFromString(version->value)) return std::nullopt;
    loaded.number = number;
    loaded.from = version->from;
    return loaded;
  }

  // The number that a reference means; nullopt when it means nothing.
  std::optional<std::uint64_t> NumberOf(const v1::Reference& reference, v1::RecordKind kind) const;
  // The same, refused when it means nothing.
  std::optional<std::uint64_t> Resolve(const v1::Reference& reference, v1::RecordKind kind,
                                       std::string_view field);
  // The record that a reference means; refused, and nullopt, when there is none.
  template <typename Record>
  std::optional<Loaded<Record>> Load(const v1::Reference& reference, std::string_view field) {
    const auto number = Resolve(reference, kKindOf<Record>, field);
    return number ? Find<Record>(*number) : std::nullopt;
  }
  // The same, for a record that the act changes: refused with RECORD_MOVED (RIGHT_HAS_MOVED for a
  // right) when the etag is not that of the state.
  template <typename Record>
  std::optional<Loaded<Record>> LoadToChange(const v1::Reference& reference,
                                             const std::string& etag, std::string_view field) {
    auto loaded = Load<Record>(reference, field);
    if (loaded && !CheckEtag(kKindOf<Record>, loaded->from, etag, field)) return std::nullopt;
    return loaded;
  }
  // The number of the record whose current or former code this is; nullopt when there is none.
  std::optional<std::uint64_t> FindByCode(v1::RecordKind kind, std::string_view code) const;
  // The second numbers of a link table's keys whose first is `from` ("the rights of unit 7").
  std::vector<std::uint64_t> Linked(Table table, std::uint64_t from) const;

  // --- Changing ----------------------------------------------------------------------------------

  // The next number of a kind: one more than the last given.
  std::uint64_t NextNumber(v1::RecordKind kind) const;
  // The next serial of a family of codes, or nullopt past the largest of `digits` digits.
  std::optional<std::uint64_t> NextSerial(std::string_view family, int digits) const;

  // Puts a record as it is from this entry on, into the journal and the state.
  template <typename Record>
  void Put(std::uint64_t number, const Record& record) {
    PutRecord(kKindOf<Record>, number, record);
  }
  // The same for a new record, which later acts may refer to by this act's position; gives its
  // number.
  template <typename Record>
  std::uint64_t Create(Record& record) {
    const std::uint64_t number = NextNumber(kKindOf<Record>);
    Put(number, record);
    created_[act_].push_back({kKindOf<Record>, number});
    return number;
  }
  // A plot's boundary from this entry on; empty compact bytes end it.
  void PutBoundary(std::uint64_t plot, std::uint8_t tier, std::string_view compact);
  // The book's own record from this entry on.
  void PutBook(const v1::BookRecord& record);

  // --- The end -----------------------------------------------------------------------------------

  // What was created by each act, in order.
  struct Created {
    v1::RecordKind kind;
    std::uint64_t number;
  };
  const std::vector<std::vector<Created>>& created() const { return created_; }
  // The acts' records, for the journal.
  std::vector<v1::ActRecord>& records() { return records_; }
  common::RefusalList& refusals() { return refusals_; }
  // A failure of the engine or of the fold; the commit is dropped when it is not OK.
  absl::Status status() const;

 private:
  bool CheckEtag(v1::RecordKind kind, std::uint64_t from, const std::string& etag,
                 std::string_view field);
  std::optional<std::uint64_t> ResolveCreated(const v1::CreatedBy& created_by,
                                              v1::RecordKind kind) const;
  void PutRecord(v1::RecordKind kind, std::uint64_t number,
                 const google::protobuf::Message& record);
  void AddEffect(v1::RecordKind kind, std::uint64_t number, std::string bytes);

  Overlay* overlay_;
  BookNumber book_;
  CommitFacts facts_;
  Fold fold_;
  v1::BookRecord book_record_;
  std::uint32_t act_ = 0;
  bool carried_over_ = false;
  bool form_only_ = false;
  std::vector<v1::Refusal> breaches_;
  std::vector<std::string> notes_;
  std::vector<v1::ActRecord> records_;
  std::vector<std::vector<Created>> created_;
  common::RefusalList refusals_;
  absl::Status fold_status_;
};

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_ACT_CONTEXT_H_
