#include "services/registry/law_simulation_testing.h"

#include <algorithm>

#include "fmt/format.h"

namespace landbook::registry {
namespace {

constexpr char kFirstDay[] = "2026-01-01";
constexpr int kDaysOfYear = 365;
constexpr std::size_t kLinesTold = 40;

// The few refusals of form that time brings about, or that an officer's slip does; every other one
// is a rule's.
const Words& ReasonsOfForm() {
  static const auto& reasons = *new Words{"DATES_BACKWARD",
                                          "RIGHT_STANDS_ALREADY",
                                          "HOUSEHOLD_HEAD_REQUIRED",
                                          "REFERENCE_UNRESOLVED",
                                          "RECORD_ENDED",
                                          "RIGHT_EXPIRED",
                                          "NOTHING_CHANGES",
                                          "DERIVED_RIGHT_STANDS",
                                          "MORTGAGE_STANDS",
                                          "ACT_ROLE_NOT_ALLOWED",
                                          "CAUTION_WITHOUT_END",
                                          "DOCUMENT_NUMBER_REQUIRED",
                                          "MORTGAGE_OF_ANOTHER_RIGHT",
                                          "OVERRIDE_WITHOUT_WARNING",
                                          "FIELD_OF_ANOTHER_KIND"};
  return reasons;
}

std::string Listed(const Words& words) { return fmt::format("{}", fmt::join(words, " ")); }

std::string LinesOf(const Draft& draft) {
  std::string lines = LineOf(draft.applied);
  for (const ActRow& row : draft.rows) lines += "\n  " + LineOf(row);
  return lines;
}

// What is wrong with a refusal by itself: it names neither a rule with its source nor a reason of
// form that time brings about.
std::string FaultOf(const v1::Refusal& refusal) {
  if (refusal.rule().empty()) {
    return ReasonsOfForm().contains(refusal.reason()) ? "" : "names no rule";
  }
  if (refusal.source().empty()) return "names no source";
  return refusal.message_en().empty() || refusal.message_zh().empty() ? "says too little" : "";
}

}  // namespace

void SimulatedCounts::Add(const SimulatedCounts& other) {
  commits += other.commits;
  accepted += other.accepted;
  for (const auto& [word, times] : other.refused) refused[word] += times;
}

LawSimulation::LawSimulation(std::uint64_t seed)
    : seed_(seed), dice_(seed), actors_(model_, &dice_), comparison_(model_, office_) {
  model_.set_day(kFirstDay);
  office_.set_day(kFirstDay);
  office_.bench().SetBookState(v1::BOOK_STATE_PREPARING);
  FoundVillage();
  FoundLand();
  office_.bench().SetBookState(v1::BOOK_STATE_OPEN);
}

std::string LawSimulation::AnyOfficer(const std::string& role) {
  std::vector<std::string> with;
  std::vector<std::string> without;
  for (const auto& [name, roles] : Officers()) {
    (roles.contains(role) ? with : without).push_back(name);
  }
  return dice_.Percent(3) ? dice_.Pick(without) : dice_.Pick(with);
}

void LawSimulation::Judge(const std::string& line, const Words& foreseen, const Decided& decided) {
  ++counts_.commits;
  journal_.push_back(fmt::format("{} {} -> {}", model_.day(), line, Listed(foreseen)));
  Words told;
  std::string fault;
  for (const v1::Refusal& refusal : decided.refusals) {
    told.insert(refusal.rule().empty() ? refusal.reason() : refusal.rule());
    if (fault.empty() && !FaultOf(refusal).empty()) {
      fault = fmt::format("{} {}", refusal.reason(), FaultOf(refusal));
    }
  }
  if (decided.accepted()) ++counts_.accepted;
  for (const std::string& word : told) ++counts_.refused[word];
  if (told != foreseen) {
    fault =
        fmt::format("the model foresaw [{}], the book said [{}] {}", Listed(foreseen), Listed(told),
                    decided.accepted() ? "" : decided.refusals.front().message_en());
  }
  if (fault.empty() || !fault_.empty()) return;
  fault_ = fmt::format("seed {}, {}: {}\n{}", seed_, model_.day(), line, fault);
}

void LawSimulation::Compare(bool whole) {
  const auto differences = comparison_.Differences(whole);
  if (differences.empty() || !fault_.empty()) return;
  fault_ = fmt::format("seed {}, at the end of {}:\n{}", seed_, model_.day(),
                       fmt::join(differences, "\n"));
}

// --- Errands.

// The officer accepts half of the warnings that there are.
void LawSimulation::OverrideAtTimes(ActRow* row) {
  static const auto& warnings = *new Words{"C-05", "C-10", "C-29", "G-06", "G-14", "P-31", "P-32"};
  const Words foreseen = model_.Foresee({*row});
  for (const std::string& word : foreseen) {
    if (warnings.contains(word) && dice_.Percent(50)) row->facts["override"] = word;
  }
}

void LawSimulation::BringRecords(const std::vector<ActRow>& rows) {
  for (const ActRow& row : rows) {
    const Decided decided = office_.Bring({row}, {"Ren"});
    if (row.verb == "person") {
      model_.village().born[row.name] = row.Fact("born");
      continue;
    }
    Judge(LineOf(row), model_.Commit({row}), decided);
  }
}

// Round the case: an administrator's hand, with a document that allows it or without one, and an
// officer whose hand does not suffice.
void LawSimulation::BringAroundCase(const Errand& errand) {
  const auto& rows = errand.draft.rows;
  std::string lines;
  for (const ActRow& row : rows) lines += "\n  " + LineOf(row);
  if (dice_.Percent(30)) {
    const Decided decided = office_.Bring(rows, {"Gu"});
    return Judge("without a case" + lines, model_.Commit(rows), decided);
  }
  const bool documented = dice_.Percent(85);
  const Decided decided = office_.Bring(rows, {"", documented ? "D-9" : ""});
  const Words foreseen = documented ? model_.CommitByHand(rows) : Words{"DOCUMENT_NUMBER_REQUIRED"};
  Judge("by hand" + lines, foreseen, decided);
}

void LawSimulation::BringErrand() {
  auto errand = actors_.NextErrand();
  if (!errand) return;
  if (dice_.Percent(30)) actors_.Spoil(&*errand);
  BringRecords(errand->before);
  if (!fault_.empty()) return;
  if (errand->draft.rows.size() == 1) OverrideAtTimes(&errand->draft.rows.front());
  if (dice_.Percent(8)) return BringAroundCase(*errand);
  if (dice_.Percent(5)) {
    errand->draft.applied.facts["agent"] = "Townsman";
    if (dice_.Percent(80)) errand->draft.applied.facts["authority"] = "W-1";
    if (dice_.Percent(80)) errand->draft.rows.front().facts["authority"] = "yes";
  }
  const std::string officer = AnyOfficer("intake");
  const Decided decided = office_.Accept(errand->draft, officer);
  const Words foreseen = model_.Accept(errand->draft, officer);
  Judge(fmt::format("{}\naccept by={}", LinesOf(errand->draft), officer), foreseen, decided);
}

// --- Cases.

void LawSimulation::TakeStep(const ActRow& row) {
  const SimulatedCase& one = model_.cases().at(row.name);
  if (row.verb == "register") {
    const Draft draft = one.draft;
    const Decided decided = office_.Register(draft, row);
    return Judge(LinesOf(draft) + "\n" + LineOf(row), model_.Register(row), decided);
  }
  if (row.verb == "supplement") {
    const Draft supplemented = LawModel::Supplemented(one.draft, row);
    const Decided decided = office_.Supplement(supplemented, row);
    return Judge(LinesOf(supplemented) + "\n" + LineOf(row), model_.Supplement(row), decided);
  }
  const Decided decided = office_.Step(row);
  Judge(LineOf(row), model_.Step(row), decided);
}

// A step that the law has not foreseen for now, mostly.
ActRow LawSimulation::OddStep(const std::string& name) {
  const SimulatedCase& one = model_.cases().at(name);
  const std::vector<std::string> verbs = {
      "ask",    "ask",      "suspend", "suspend", "review",     "review",  "notice",    "conclude",
      "resume", "register", "refuse",  "retract", "lapse-case", "archive", "supplement"};
  ActRow row = RowOf(dice_.Pick(verbs), name, {{"document", "Z-1"}, {"ground", "as-found"}});
  // A household is made once, so that its name means one.
  const std::string& first = one.draft.rows.front().verb;
  const bool made = !one.IsOpen() && (first == "split-household" || first == "merge-households");
  if (made && (row.verb == "register" || row.verb == "supplement")) row.verb = "review";
  row.facts["by"] = AnyOfficer(
      row.verb == "register"                                                       ? "registrar"
      : row.verb == "retract" || row.verb == "supplement" || row.verb == "archive" ? "intake"
                                                                                   : "reviewer");
  if (row.verb == "ask") {
    row.facts["items"] = "survey";
    row.facts["until"] = DaysAfter(model_.day(), 10);
  }
  if (row.verb == "notice") {
    row.facts["from"] = model_.day();
    row.facts["at"] = "village-board";
  }
  if (row.verb == "review" && dice_.Percent(50)) row.facts["outcome"] = "sent-back";
  if (row.verb == "supplement") row.facts = {{"by", row.Fact("by")}, {"survey", "yes"}};
  if (row.verb == "register" && one.draft.rows.front().verb == "transfer" && dice_.Percent(50)) {
    row.facts["tampered"] = "yes";
  }
  if (row.verb == "retract") {
    Names applicants;
    for (const std::string& side : Parts(one.draft.applied.Fact("by"), ',')) {
      if (applicants.empty() || dice_.Percent(80)) applicants.insert(Parts(side, ':')[0]);
    }
    row.facts["applicants"] = fmt::format("{}", fmt::join(applicants, ","));
  }
  return row;
}

// What ends a standstill: the supplement, the resumption, or the lapse once the day is over.
ActRow LawSimulation::StillStep(const std::string& name) {
  const SimulatedStop& stop = *model_.cases().at(name).Standstill();
  if (stop.cause == "suspension") {
    return RowOf("resume", name, {{"by", AnyOfficer("reviewer")}, {"ground", "settled"}});
  }
  if (stop.due < model_.day() || dice_.Percent(10)) {
    return RowOf("lapse-case", name, {{"by", AnyOfficer("reviewer")}});
  }
  return RowOf("supplement", name, {{"by", AnyOfficer("intake")}, {"survey", "yes"}});
}

ActRow LawSimulation::NextStep(const std::string& name) {
  const SimulatedCase& one = model_.cases().at(name);
  if (one.Standstill() != nullptr && dice_.Percent(85)) return StillStep(name);
  if (one.state == "accepted" && dice_.Percent(4)) {
    return RowOf("ask", name,
                 {{"by", AnyOfficer("reviewer")},
                  {"items", "survey"},
                  {"until", DaysAfter(model_.day(), 10)}});
  }
  if (one.IsOpen() && dice_.Percent(3)) {
    return RowOf("suspend", name,
                 {{"by", AnyOfficer("reviewer")}, {"ground", "lawsuit"}, {"document", "Z-4"}});
  }
  if (!one.IsOpen()) {
    return RowOf("archive", name, {{"by", AnyOfficer("intake")}, {"file", "2026-1"}});
  }
  const bool due = KindNamed(one.draft.applied.Fact("kind")).notice;
  if (one.state == "in-notice") {
    const bool founded = dice_.Percent(10);
    return RowOf("conclude", name,
                 {{"by", AnyOfficer("reviewer")},
                  {"objections", founded ? "1" : "0"},
                  {"founded", founded ? "1" : "0"}});
  }
  if (one.objected) {
    return RowOf("refuse", name,
                 {{"by", AnyOfficer("reviewer")}, {"ground", "objected"}, {"document", "Z-2"}});
  }
  if (one.steps_passed == 0) return RowOf("review", name, {{"by", AnyOfficer("reviewer")}});
  if (due && !one.noticed) {
    return RowOf("notice", name,
                 {{"by", AnyOfficer("reviewer")},
                  {"from", model_.day()},
                  {"at", "village-board"},
                  {"document", "N-1"}});
  }
  return RowOf("register", name, {{"by", AnyOfficer("registrar")}});
}

void LawSimulation::GoOn(const std::string& name) {
  const SimulatedCase& one = model_.cases().at(name);
  const bool running = one.state == "in-notice" && one.notice_until >= model_.day();
  const bool odd = dice_.Percent(8);
  if (running && !odd && !dice_.Percent(3)) return;
  const ActRow row = odd ? OddStep(name) : NextStep(name);
  TakeStep(row);
  // What could not be registered is refused or taken back at last, so that it is in no one's way.
  const SimulatedCase& after = model_.cases().at(name);
  if (row.verb != "register" || !after.IsOpen() || !dice_.Percent(35)) return;
  if (fault_.empty()) {
    TakeStep(RowOf("refuse", name,
                   {{"by", AnyOfficer("reviewer")}, {"ground", "barred"}, {"document", "Z-3"}}));
  }
}

void LawSimulation::WorkOnCases() {
  std::vector<std::string> pending;
  for (const auto& [name, one] : model_.cases()) {
    if (one.state != "archived") pending.push_back(name);
  }
  for (const std::string& name : pending) {
    if (fault_.empty() && dice_.Percent(45)) GoOn(name);
  }
}

// --- Days.

void LawSimulation::RunDay() {
  const std::string& day = model_.day();
  office_.set_day(day);
  if (!model_.village().IsWorkingDay(day)) return;
  WorkOnCases();
  const std::size_t errands = 1 + dice_.Below(5);
  for (std::size_t i = 0; i < errands && fault_.empty(); ++i) BringErrand();
  if (fault_.empty() && dice_.Percent(60)) BringRecords(actors_.NextRecord());
  if (fault_.empty()) Compare(/*whole=*/false);
}

std::string LawSimulation::RunYear() {
  std::string day = kFirstDay;
  for (int i = 0; i < kDaysOfYear && fault_.empty(); ++i, day = DaysAfter(day, 1)) {
    model_.set_day(day);
    RunDay();
  }
  if (fault_.empty()) Compare(/*whole=*/true);
  if (fault_.empty()) return {};
  const std::size_t told = std::min(journal_.size(), kLinesTold);
  return fmt::format(
      "{}\nbefore it:\n{}", fault_,
      fmt::join(journal_.end() - static_cast<std::ptrdiff_t>(told), journal_.end(), "\n"));
}

}  // namespace landbook::registry
