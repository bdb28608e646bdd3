// What law is asked, and what it answers.
#ifndef LANDBOOK_SERVICES_LAW_QUESTION_H_
#define LANDBOOK_SERVICES_LAW_QUESTION_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "landbook/v1/act.pb.h"
#include "landbook/v1/case.pb.h"
#include "landbook/v1/common.pb.h"
#include "landbook/v1/error.pb.h"
#include "landbook/v1/policy.pb.h"
#include "services/common/civil_date.h"
#include "services/common/policy.h"
#include "services/common/refusal.h"
#include "services/law/pack_rules.h"
#include "services/law/state.h"

namespace landbook::law {

using common::CivilDate;
using common::Reason;
using common::Sentence;

// The two days that law counts by.
struct Days {
  // The case's acceptance day: it chooses the pack's dated rules. Without a case, today.
  CivilDate law;
  // The commit's civil date: notices, terms and cautions are judged by it.
  CivilDate today;
};

// One act with all that it is judged by. Pointers are borrowed for the time of the call; what may
// be null says so.
struct Question {
  // The book as the acts before this one left it; for a whole commit, as its last act left it.
  const State* state = nullptr;
  const common::Policy* policy = nullptr;
  const PackRules* pack = nullptr;
  Days days;
  // The act; null for a whole commit.
  const v1::Act* act = nullptr;
  // The evidence that the act names.
  std::vector<const v1::Evidence*> evidence = {};
  // The commit it belongs to, and its place there.
  const v1::Commit* commit = nullptr;
  std::uint32_t position = 0;
  // The case that the commit is a step of, and its number; null and 0 for none.
  const v1::Case* the_case = nullptr;
  std::uint64_t case_number = 0;
  // Who commits; null where nobody is known, which no rule about officers takes for a permission.
  const v1::Actor* actor = nullptr;
  // True when an application is asked about at its acceptance: what only time cures is told apart.
  bool at_acceptance = false;
  // True for an import, whose warnings pass as findings.
  bool from_import = false;
  // True once the book is open: acts then need a case (K-01).
  bool book_open = false;
  // True when who commits does so by hand, through neither ConveyanceService nor an import; or only
  // asks what would happen.
  bool by_hand = false;
};

// A refusal with the act that it is about, by its place in the commit.
struct Told {
  std::uint32_t act = 0;
  v1::Refusal refusal;
};

// What law says of an act or of a commit.
struct Judgment {
  // What stands in the way: by act, then in the table's order of rules.
  std::vector<Told> refusals;
  // At acceptance: what only time still has to cure, each with its first day (`not_before`).
  std::vector<Told> waiting;
  // Of what is carried over from an older register: what stands against it and is kept with it.
  std::vector<Told> breaches;
  // Warnings that an override or an import accepted; they become findings of the act's record.
  std::vector<Told> overridden;
  // Notes that the register has to show with what the act enters (附记).
  std::vector<std::string> notes;
};

// What one rule says. Rule, source and act are the judge's to fill in.
class Answer {
 public:
  // Refuses by `reason`. `field` is the path within the act. An empty `source` is the rule's own.
  void Refuse(Reason reason, std::string_view field, Sentence sentence, std::string source = {});
  // The same by another rule than the one that was asked ("D-12").
  void RefuseBy(std::string_view rule, Reason reason, std::string_view field, Sentence sentence,
                std::string source = {});
  // Refuses as above where only time stands in the way: it is allowed from `first_day` on.
  void RefuseUntil(CivilDate first_day, Reason reason, std::string_view field, Sentence sentence);
  // Refuses for a value that the county has not set, by rule L-03 and what has to be decided.
  void Unset(const v1::OpenMatter& matter, std::string_view field);
  // Says what the register has to show.
  void Note(std::string note);
  // From here on the answer is about the act at that place; for rules about a whole commit.
  void AboutAct(std::uint32_t act) { act_ = act; }

  const std::vector<Told>& told() const { return told_; }
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  std::uint32_t act_ = 0;
  std::vector<Told> told_;
  std::vector<std::string> notes_;
};

}  // namespace landbook::law

#endif  // LANDBOOK_SERVICES_LAW_QUESTION_H_
