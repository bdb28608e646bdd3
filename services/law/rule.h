// The table of rules (规则表): each has an id, a source, its sentence in both languages, and the
// small function that asks it. docs/rules.tsv lists the same ids with the stories that show each.
//
// Rules of one family are in one file, rules_FAMILY.cc. What the packs' consent rules and the
// caution table say is asked of every act by consent.h and cautions.h, and told by the id that
// belongs to it; a rule that says nothing beyond them has no function of its own here.
#ifndef LANDBOOK_SERVICES_LAW_RULE_H_
#define LANDBOOK_SERVICES_LAW_RULE_H_

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "landbook/v1/act.pb.h"
#include "services/law/facts.h"
#include "services/law/question.h"

namespace landbook::law {

// What a rule does about acts that are carried over from an older register.
enum class CarriedOver : std::uint8_t {
  // It is not asked: what it asks for is evidence, or of today.
  kNotAsked,
  // What it finds is kept with the record (Judgment.breaches).
  kKept,
  // It refuses: the book cannot hold what it forbids.
  kRefused,
};

struct Rule {
  // "C-01".
  std::string_view id;
  // The article that it rests on; a refusal by a pack's rule cites the pack instead.
  std::string_view source;
  // What it says.
  std::string_view text_zh;
  std::string_view text_en;
  // The acts that it is about; none for a rule that is asked of commits only, or by the packs'
  // tables.
  std::span<const v1::Act::ActCase> acts = {};
  // What it asks of one act; null for none.
  void (*ask)(const Facts& facts, Answer* answer) = nullptr;
  // What it asks of what a commit leaves as a whole; null for none.
  void (*ask_commit)(const Question& question, Answer* answer) = nullptr;
  // True when an authorised officer may accept what it finds, by an Override that names it.
  bool warns = false;
  CarriedOver carried_over = CarriedOver::kNotAsked;
};

// The families, in the order in which refusals are told; within a family by id.
std::span<const Rule> ContractRules();
std::span<const Rule> CirculationRules();
std::span<const Rule> HomesteadRules();
std::span<const Rule> StructureRules();
std::span<const Rule> MortgageRules();
std::span<const Rule> WithdrawalRules();
std::span<const Rule> DispositionRules();
std::span<const Rule> ResolutionRules();
std::span<const Rule> MemberRules();
std::span<const Rule> TakingRules();
std::span<const Rule> CaseRules();
std::span<const Rule> ProcedureRules();

// All rules, family after family.
std::span<const Rule> AllRules();
// The rule of that id; null when there is none.
const Rule* RuleNamed(std::string_view id);

// Everything that law says of one act, whose form is right: its references mean records that stand,
// its dates are dates. An act whose records cannot be found all the same is refused
// (REFERENCE_UNRESOLVED). What warns is refused unless an Override of the commit names the rule and
// the act, or an import brings it. REQUIRES: state, policy, pack, act and commit are there.
Judgment Judge(const Question& question);

// Everything that law says of what a commit leaves as a whole; asked once, after its last act.
// `act` is not looked at. REQUIRES: state, policy, pack and commit are there.
Judgment JudgeCommit(const Question& question);

}  // namespace landbook::law

#endif  // LANDBOOK_SERVICES_LAW_RULE_H_
