// What the model says to cases: who applies and with what, which step comes when, and by whom.
#include <algorithm>
#include <iterator>

#include "services/registry/law_simulation_model_testing.h"

namespace landbook::registry {
namespace {

std::vector<std::string> Papers(std::initializer_list<const char*> more) {
  std::vector<std::string> papers = {"application", "identity"};
  papers.insert(papers.end(), more.begin(), more.end());
  return papers;
}

// The kinds of case that the simulation brings, as the national pack describes them.
std::map<std::string, SimulatedKind> MakeKinds() {
  constexpr bool kSingle = true;
  constexpr bool kNotice = true;
  return {
      {"contract-first", {kSingle, kNotice, {"grant"}, Papers({"signed-contract", "survey"})}},
      {"contract-transfer", {false, false, {"transfer"}, Papers({"signed-contract"})}},
      {"contract-exchange", {false, false, {"transfer"}, Papers({"signed-contract"})}},
      {"contract-household-change",
       {false,
        false,
        {"split-household", "merge-households", "transfer"},
        Papers({"civil-status", "signed-contract"})}},
      {"contract-inheritance", {kSingle, false, {"transfer"}, Papers({"death", "inheritance"})}},
      {"contract-cancellation", {kSingle, false, {"extinguish"}, Papers({"other"})}},
      {"contract-return", {kSingle, false, {"withdraw"}, Papers({"notice-letter"})}},
      {"contract-withdrawal",
       {false, false, {"withdraw"}, Papers({"notice-letter", "withdrawal-agreement", "payment"})}},
      {"management-first", {false, false, {"grant"}, Papers({"signed-contract", "survey"})}},
      {"management-transfer", {false, false, {"transfer"}, Papers({"signed-contract"})}},
      {"management-cancellation", {false, false, {"extinguish"}, Papers({"other"})}},
      {"homestead-allocation",
       {kSingle, kNotice, {"grant"}, Papers({"permit", "resolution", "display", "survey"})}},
      {"homestead-transfer", {false, false, {"transfer"}, Papers({"signed-contract"})}},
      {"homestead-inheritance", {kSingle, false, {"transfer"}, Papers({"death", "inheritance"})}},
      {"homestead-withdrawal",
       {false, false, {"withdraw", "eligibility"}, Papers({"withdrawal-agreement", "payment"})}},
      {"homestead-cancellation", {kSingle, false, {"extinguish"}, Papers({"other"})}},
      {"objection", {kSingle, false, {"caution"}, Papers({"other"})}},
      {"objection-cancellation", {kSingle, false, {"lift"}, Papers({"other"})}},
      {"advance-notice", {false, false, {"caution"}, Papers({"signed-contract"})}},
      {"advance-notice-cancellation", {kSingle, false, {"lift"}, Papers({"other"})}},
      {"seizure", {kSingle, false, {"caution", "extend"}, {"order"}}},
      {"seizure-release", {kSingle, false, {"lift"}, {"order"}}},
      {"freeze", {kSingle, false, {"caution", "extend", "lift"}, {"order"}}},
      {"mortgage-first", {false, false, {"mortgage", "ranks"}, Papers({"debt"})}},
      {"mortgage-change", {false, false, {"vary-mortgage", "release", "ranks"}, Papers({"debt"})}},
      {"mortgage-discharge", {kSingle, false, {"discharge"}, Papers({"other"})}},
      {"mortgage-enforcement", {false, false, {"enforce", "extinguish"}, Papers({"order"})}},
  };
}

// --- Applications.

// "H1:holder,H2:obligor" as side -> parties.
std::map<std::string, Names> SidesOf(const Draft& draft) {
  std::map<std::string, Names> sides;
  for (const std::string& one : Parts(draft.applied.Fact("by"), ',')) {
    const auto parts = Parts(one, ':');
    sides[parts.at(1)].insert(parts.at(0));
  }
  return sides;
}

bool Includes(const Names& all, const Names& some) {
  return std::includes(all.begin(), all.end(), some.begin(), some.end());
}

// Whoever gives a right holds it in the book, whoever takes it applies, and a right that ends is
// an applicant's.
bool AgreesWithBook(const ActRow& row, std::map<std::string, Names> sides,
                    const SimulatedVillage& village) {
  const auto found = village.rights.find(row.name);
  if (row.verb == "transfer") {
    const std::string cause = row.Fact("cause");
    const bool alone = cause == "inheritance" || cause == "household-change";
    if (!alone && !Includes(sides["obligor"], found->second.holders)) return false;
    const auto takers = Parts(row.Fact("to"), ',');
    return std::all_of(takers.begin(), takers.end(), [&](const std::string& taker) {
      // A household that the application's own acts make cannot apply yet.
      const bool made_here = taker.starts_with("New") && !village.households.contains(taker);
      return made_here || sides["holder"].contains(taker);
    });
  }
  if (row.verb != "withdraw" && row.verb != "extinguish") return true;
  if (!sides["organ"].empty()) return true;
  return std::any_of(found->second.holders.begin(), found->second.holders.end(),
                     [&](const std::string& holder) {
                       return sides["holder"].contains(holder) || sides["obligor"].contains(holder);
                     });
}

bool IsBrought(const std::string& paper, const Draft& draft) {
  return std::any_of(draft.rows.begin(), draft.rows.end(),
                     [&](const ActRow& row) { return row.Has(paper); });
}

void AskPapers(const Draft& draft, const SimulatedKind& kind, Words* words) {
  for (const std::string& paper : kind.papers) {
    if (!IsBrought(paper, draft)) words->insert("P-12");
  }
  const bool by_agent = draft.applied.Has("agent");
  // Courts and organs bring their document only, and state the number of the authority.
  const bool on_paper = kind.papers.front() == "application";
  const bool shown = draft.applied.Has("authority") && (!on_paper || IsBrought("authority", draft));
  if (by_agent && !shown) words->insert("P-12");
}

// --- Steps.

// The roles that bring a step or an act outside a case.
Names RolesOf(const std::string& verb) {
  static const auto& roles =
      *new std::map<std::string, Names>{{"accept", {"intake"}},
                                        {"ask", {"intake", "reviewer"}},
                                        {"supplement", {"intake"}},
                                        {"review", {"reviewer"}},
                                        {"notice", {"reviewer"}},
                                        {"conclude", {"reviewer"}},
                                        {"register", {"registrar"}},
                                        {"refuse", {"reviewer", "registrar"}},
                                        {"retract", {"intake"}},
                                        {"suspend", {"reviewer"}},
                                        {"resume", {"reviewer"}},
                                        {"lapse-case", {"reviewer", "registrar"}},
                                        {"archive", {"intake", "registrar"}}};
  return roles.at(verb);
}

bool MayBring(const std::string& officer, const std::string& verb) {
  const Names& has = Officers().at(officer);
  const Names wanted = RolesOf(verb);
  return std::any_of(wanted.begin(), wanted.end(),
                     [&](const std::string& role) { return has.contains(role); });
}

bool MayReview(const SimulatedCase& one, const ActRow& row) {
  if (one.state != "accepted" && one.state != "reviewed") return false;
  return row.Fact("outcome") == "sent-back" ? one.steps_passed > 0 : one.steps_passed == 0;
}

// K-04: whether the step comes now.
bool ComesNow(const SimulatedCase& one, const ActRow& row) {
  const std::string& verb = row.verb;
  const bool reviewed = one.steps_passed > 0;
  const SimulatedStop* stop = one.Standstill();
  if (verb == "ask") return one.state == "accepted";
  if (verb == "supplement") return one.IsOpen() && stop != nullptr && stop->cause == "supplement";
  if (verb == "review") return MayReview(one, row);
  if (verb == "notice") {
    const bool due = KindNamed(one.draft.applied.Fact("kind")).notice;
    return one.state == "accepted" && reviewed && due && !one.noticed;
  }
  if (verb == "conclude") return one.state == "in-notice";
  if (verb == "register") return one.IsOpen() && reviewed;
  if (verb == "resume") return one.IsOpen() && stop != nullptr && stop->cause == "suspension";
  if (verb == "archive") return !one.IsOpen() && one.state != "archived";
  return one.IsOpen();  // suspend, refuse, retract, lapse-case
}

bool GoesOn(const std::string& verb) {
  static const auto& verbs =
      *new Names{"ask", "review", "notice", "conclude", "register", "suspend"};
  return verbs.contains(verb);
}

bool AllRetract(const SimulatedCase& one, const ActRow& row) {
  const auto retract = Parts(row.Fact("applicants"), ',');
  for (const auto& [side, parties] : SidesOf(one.draft)) {
    if (!Includes({retract.begin(), retract.end()}, parties)) return false;
  }
  return true;
}

void AskPeriods(const SimulatedCase& one, const ActRow& row, const std::string& day, Words* words) {
  if (row.verb == "conclude" && one.state == "in-notice" && one.notice_until >= day) {
    words->insert("K-11");
  }
  if (row.verb == "register") {
    const bool due = KindNamed(one.draft.applied.Fact("kind")).notice;
    if (one.steps_passed > 0 && due && !one.concluded) words->insert("K-11");
    if (one.objected) words->insert("P-16");
  }
  if (row.verb == "lapse-case" && one.IsOpen()) {
    const SimulatedStop* stop = one.Standstill();
    const bool waits = stop != nullptr && stop->cause == "supplement";
    if (!waits || stop->due >= day) words->insert("K-09");
  }
}

Words AskStep(const SimulatedCase& one, const ActRow& row, const std::string& day) {
  const std::string officer = row.Fact("by");
  Words words;
  if (!ComesNow(one, row)) words.insert("K-04");
  if (row.verb == "review" && officer == one.accepted_by) words.insert("K-05");
  const bool reviewed_it =
      std::find(one.reviewers.begin(), one.reviewers.end(), officer) != one.reviewers.end();
  if (row.verb == "register" && reviewed_it) words.insert("K-06");
  if (GoesOn(row.verb) && one.Standstill() != nullptr) words.insert("K-08");
  if (row.verb == "retract" && !AllRetract(one, row)) words.insert("K-10");
  AskPeriods(one, row, day, &words);
  return words;
}

void TakeReview(const ActRow& row, SimulatedCase* one) {
  one->reviewers.push_back(row.Fact("by"));
  one->steps_passed = row.Fact("outcome") == "sent-back" ? 0 : 1;
  const bool awaits = KindNamed(one->draft.applied.Fact("kind")).notice && !one->concluded;
  one->state = one->steps_passed > 0 && !awaits ? "reviewed" : "accepted";
}

void EndStops(const std::string& cause, SimulatedCase* one) {
  std::erase_if(one->stops, [&](const SimulatedStop& stop) { return stop.cause == cause; });
}

// What an application holds back: the rights of a unit that it names, or the unit as a whole.
void PlaceCautions(const std::string& name, const Draft& draft, const std::string& day,
                   SimulatedVillage* village) {
  Names rights;
  for (const ActRow& row : draft.rows) {
    if (row.verb == "mortgage") {
      for (const std::string& right : Parts(row.Fact("rights"), ',')) rights.insert(right);
    }
    if (row.verb == "ranks") rights.insert(row.Fact("over"));
    const bool named = row.verb == "transfer" || row.verb == "extinguish" || row.verb == "withdraw";
    if (named) rights.insert(row.name);
  }
  for (const std::string& unit : Parts(draft.applied.Fact("units"), ',')) {
    Names held;
    for (const std::string& right : rights) {
      if (village->rights.at(right).unit() == unit) held.insert(right);
    }
    if (held.empty()) held.insert("");
    for (const std::string& right : held) {
      SimulatedCaution caution{unit, right, "accepted-case", {}, day};
      caution.of_case = name;
      caution.order = village->next_order++;
      village->cautions[name + "." + unit + "." + right] = std::move(caution);
    }
  }
}

}  // namespace

const SimulatedKind& KindNamed(const std::string& kind) {
  static const auto& kinds = *new std::map<std::string, SimulatedKind>(MakeKinds());
  return kinds.at(kind);
}

const std::map<std::string, Names>& Officers() {
  static const auto& officers =
      *new std::map<std::string, Names>{{"Wu", {"intake"}},
                                        {"Jin", {"intake"}},
                                        {"Qi", {"reviewer"}},
                                        {"Duo", {"reviewer"}},
                                        {"Ren", {"registrar"}},
                                        {"Gu", {"registrar"}},
                                        {"Both", {"intake", "reviewer", "registrar"}}};
  return officers;
}

bool SimulatedCase::IsOpen() const {
  return state == "accepted" || state == "in-notice" || state == "reviewed";
}

const SimulatedStop* SimulatedCase::Standstill() const {
  for (const SimulatedStop& stop : stops) {
    if (stop.cause != "notice") return &stop;
  }
  return nullptr;
}

Words LawModel::AskApplication(const Draft& draft, const std::string& of_case) const {
  const SimulatedKind& kind = KindNamed(draft.applied.Fact("kind"));
  auto sides = SidesOf(draft);
  Words words;
  const bool both = !sides["holder"].empty() && !sides["obligor"].empty();
  if (!kind.single && !both && sides["organ"].empty()) words.insert("P-11");
  AskPapers(draft, kind, &words);
  for (const ActRow& row : draft.rows) {
    if (!kind.verbs.contains(row.verb)) words.insert("P-13");
    if (!AgreesWithBook(row, sides, village_)) words.insert("P-13");
  }
  SimulatedVillage after = village_;
  const Words of_acts = Decide({after, draft.rows, day_, of_case, true}, &after);
  words.insert(of_acts.begin(), of_acts.end());
  return words;
}

Words LawModel::Accept(const Draft& draft, const std::string& officer) {
  if (!MayBring(officer, "accept")) return {"ACT_ROLE_NOT_ALLOWED"};
  Words words = AskApplication(draft, "");
  if (!words.empty()) return words;
  SimulatedCase& made = cases_[draft.applied.name];
  made.draft = draft;
  made.accepted_by = officer;
  PlaceCautions(draft.applied.name, draft, day_, &village_);
  return words;
}

void LawModel::End(const std::string& name, const std::string& state) {
  SimulatedCase& one = cases_.at(name);
  one.state = state;
  one.stops.clear();
  std::erase_if(village_.cautions, [&](const auto& entry) { return entry.second.of_case == name; });
}

Words LawModel::Step(const ActRow& row) {
  if (!MayBring(row.Fact("by"), row.verb)) return {"ACT_ROLE_NOT_ALLOWED"};
  SimulatedCase& one = cases_.at(row.name);
  Words words = AskStep(one, row, day_);
  if (!words.empty()) return words;
  const std::string& verb = row.verb;
  if (verb == "ask") one.stops.push_back({"supplement", row.Fact("until")});
  if (verb == "suspend") one.stops.push_back({"suspension", ""});
  if (verb == "resume") EndStops("suspension", &one);
  if (verb == "review") TakeReview(row, &one);
  if (verb == "notice") {
    one.noticed = true;
    one.state = "in-notice";
    one.stops.push_back({"notice", ""});
    one.notice_until = village_.LastDay(row.Fact("from"), 15, /*working=*/true);
  }
  if (verb == "conclude") {
    EndStops("notice", &one);
    one.concluded = true;
    one.objected = row.Fact("founded", "0") != "0";
    one.state = "reviewed";
  }
  if (verb == "refuse") End(row.name, "refused");
  if (verb == "retract") End(row.name, "retracted");
  if (verb == "lapse-case") End(row.name, "lapsed");
  if (verb == "archive") one.state = "archived";
  return words;
}

Draft LawModel::Supplemented(Draft draft, const ActRow& row) {
  for (const auto& [key, value] : row.facts) {
    if (key != "by") draft.rows.front().facts[key] = value;
  }
  return draft;
}

Words LawModel::Supplement(const ActRow& row) {
  if (!MayBring(row.Fact("by"), row.verb)) return {"ACT_ROLE_NOT_ALLOWED"};
  SimulatedCase& one = cases_.at(row.name);
  Words words = AskStep(one, row, day_);
  const Draft supplemented = Supplemented(one.draft, row);
  words.merge(AskApplication(supplemented, row.name));
  if (!words.empty()) return words;
  one.draft = supplemented;
  EndStops("supplement", &one);
  return words;
}

Words LawModel::Register(const ActRow& row) {
  if (!MayBring(row.Fact("by"), row.verb)) return {"ACT_ROLE_NOT_ALLOWED"};
  SimulatedCase& one = cases_.at(row.name);
  SimulatedVillage after = village_;
  Words words = AskStep(one, row, day_);
  SimulatedScene scene{after, one.draft.rows, day_, row.name};
  scene.step_refused = !words.empty();
  words.merge(Decide(scene, &after));
  if (words.empty() && row.Has("tampered")) words.insert("K-07");
  if (!words.empty()) return words;
  village_ = std::move(after);
  End(row.name, "registered");
  return words;
}

}  // namespace landbook::registry
