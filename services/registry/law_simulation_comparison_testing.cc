// Compares the book of the law simulation with the model, record by record.
#include <algorithm>
#include <optional>

#include "fmt/format.h"
#include "services/law/ranks.h"
#include "services/registry/invariants.h"
#include "services/registry/law_simulation_office_testing.h"

namespace landbook::registry {
namespace {

constexpr BookNumber kBook = 1;

std::string Listed(const std::vector<std::string>& names) {
  return fmt::format("{}", fmt::join(names, ","));
}

std::string Sorted(std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  return Listed(names);
}

std::string WordOf(v1::CautionCause cause) {
  constexpr std::size_t kPrefix = std::string_view("CAUTION_CAUSE_").size();
  std::string word = v1::CautionCause_Name(cause).substr(kPrefix);
  for (char& c : word) c = c == '_' ? '-' : static_cast<char>(c - 'A' + 'a');
  return word;
}

std::string WordOf(v1::CaseState state) {
  constexpr std::size_t kPrefix = std::string_view("CASE_STATE_").size();
  std::string word = v1::CaseState_Name(state).substr(kPrefix);
  for (char& c : word) c = c == '_' ? '-' : static_cast<char>(c - 'A' + 'a');
  return word;
}

bool IsOver(const v1::Right& right) { return right.state() != v1::RECORD_STATE_LIVE; }
bool IsOver(const v1::Mortgage& mortgage) { return mortgage.state() != v1::RECORD_STATE_LIVE; }
bool IsOver(const v1::Caution& caution) { return caution.state() != v1::RECORD_STATE_LIVE; }
bool IsOver(const v1::Case& one) { return one.state() == v1::CASE_STATE_ARCHIVED; }

}  // namespace

// Visits the records of a kind, numbered without a gap, that had not ended before.
template <typename Record, typename Visit>
void BookComparison::ForEach(Visit visit) {
  constexpr v1::RecordKind kKind = kKindOf<Record>;
  for (std::uint64_t number = 1;; ++number) {
    if (!whole_ && ended_.contains({kKind, number})) continue;
    const std::string bytes = office_.bench().RecordBytes(kKind, number);
    if (bytes.empty()) return;
    Record record;
    record.ParseFromString(bytes);
    if (IsOver(record)) ended_.insert({kKind, number});
    visit(number, record);
  }
}

void BookComparison::Expect(const std::string& what, const std::string& in_model,
                            const std::string& in_book) {
  if (in_model == in_book) return;
  differences_.push_back(
      fmt::format("{}: the model says [{}], the book [{}]", what, in_model, in_book));
}

void BookComparison::Tell(const std::string& what, const std::optional<std::string>& fault) {
  if (fault) differences_.push_back(fmt::format("{}: {}", what, *fault));
}

void BookComparison::CompareRights() {
  const VersionReader state(&office_.bench().view(), kBook);
  std::map<std::pair<std::uint64_t, std::string>, std::uint64_t> standing;
  ForEach<v1::Right>([&](std::uint64_t number, const v1::Right& right) {
    const std::string name = office_.NameOf(v1::RECORD_KIND_RIGHT, number);
    const auto found = model_.village().rights.find(name);
    if (found == model_.village().rights.end()) return Tell(name, "the model does not know it");
    const SimulatedRight& known = found->second;
    std::vector<std::string> holders;
    for (const v1::Holder& holder : right.holders()) {
      holders.push_back(office_.NameOf(v1::RECORD_KIND_PARTY, holder.party()));
    }
    Expect(name + " stands", known.stands ? "yes" : "no", IsOver(right) ? "no" : "yes");
    Expect(name + " holders", Listed({known.holders.begin(), known.holders.end()}),
           Sorted(holders));
    Expect(name + " until", known.until, right.term().no_end() ? kNoEnd : right.term().end_date());
    Expect(name + " parent", known.parent,
           right.parent() == 0 ? "" : office_.NameOf(v1::RECORD_KIND_RIGHT, right.parent()));
    Tell(name, FaultOfRight(state, right));
    if (IsOver(right)) return;
    const auto [other, alone] = standing.emplace(std::pair(right.unit(), right.type()), number);
    if (!alone) Tell(name, fmt::format("right {} of its type stands there too", other->second));
  });
}

void BookComparison::CompareMortgages() {
  std::size_t standing = 0;
  ForEach<v1::Mortgage>([&](std::uint64_t number, const v1::Mortgage& mortgage) {
    const std::string name = office_.NameOf(v1::RECORD_KIND_MORTGAGE, number);
    const auto found = model_.village().mortgages.find(name);
    const bool stands = !IsOver(mortgage);
    Expect(name + " stands", found == model_.village().mortgages.end() ? "no" : "yes",
           stands ? "yes" : "no");
    if (!stands || found == model_.village().mortgages.end()) return;
    ++standing;
    std::vector<std::string> rights;
    for (const std::uint64_t right : mortgage.rights()) {
      rights.push_back(office_.NameOf(v1::RECORD_KIND_RIGHT, right));
    }
    Expect(name + " rights", Listed(found->second.rights), Listed(rights));
    Expect(name + " mortgagee", found->second.mortgagee,
           office_.NameOf(v1::RECORD_KIND_PARTY, mortgage.mortgagee()));
    Expect(name + " fen", std::to_string(found->second.fen),
           std::to_string(mortgage.secured_fen()));
  });
  Expect("standing mortgages", std::to_string(model_.village().mortgages.size()),
         std::to_string(standing));
}

void BookComparison::CompareCautions() {
  const VersionReader state(&office_.bench().view(), kBook);
  std::vector<std::string> in_model;
  for (const auto& [name, one] : model_.village().cautions) {
    in_model.push_back(fmt::format("{} {}/{} of [{}] until [{}]", one.cause, one.unit, one.right,
                                   one.of_case, one.until));
  }
  std::vector<std::string> in_book;
  ForEach<v1::Caution>([&](std::uint64_t number, const v1::Caution& caution) {
    Tell(fmt::format("caution {}", number), FaultOfCaution(state, number, caution));
    if (IsOver(caution)) return;
    in_book.push_back(fmt::format(
        "{} {}/{} of [{}] until [{}]", WordOf(caution.cause()),
        office_.NameOf(v1::RECORD_KIND_UNIT, caution.unit()),
        caution.right() == 0 ? "" : office_.NameOf(v1::RECORD_KIND_RIGHT, caution.right()),
        caution.case_number() == 0 ? ""
                                   : office_.NameOf(v1::RECORD_KIND_CASE, caution.case_number()),
        caution.expiry_date()));
  });
  Expect("standing cautions", Sorted(in_model), Sorted(in_book));
}

void BookComparison::CompareCases() {
  const VersionReader state(&office_.bench().view(), kBook);
  std::size_t seen = 0;
  ForEach<v1::Case>([&](std::uint64_t number, const v1::Case& one) {
    const std::string name = office_.NameOf(v1::RECORD_KIND_CASE, number);
    const auto found = model_.cases().find(name);
    if (found == model_.cases().end()) return Tell(name, "the model does not know it");
    ++seen;
    Expect(name, found->second.state, WordOf(one.state()));
    Expect(name + " notice until", found->second.notice_until, one.notice().until_date());
    Tell(name, FaultOfCase(state, number, one));
  });
  if (whole_) Expect("cases", std::to_string(model_.cases().size()), std::to_string(seen));
}

void BookComparison::CompareHouseholds() {
  for (const auto& [name, household] : model_.village().households) {
    const auto party = office_.bench().Read<v1::Party>(office_.NumberOf(name)).household();
    std::vector<std::string> in_model;
    for (const SimulatedMember& member : household.members) {
      in_model.push_back(member.person + (member.lost ? " lost" : ""));
    }
    std::vector<std::string> in_book;
    for (const v1::HouseholdMember& member : party.members()) {
      const bool lost = member.standing() == v1::MEMBER_STANDING_LOST;
      in_book.push_back(office_.NameOf(v1::RECORD_KIND_PARTY, member.person()) +
                        (lost ? " lost" : ""));
    }
    Expect(name + " members", Sorted(in_model), Sorted(in_book));
    Expect(name + " ended", household.ended ? "yes" : "no", party.ended() ? "yes" : "no");
  }
}

// The seizures that stand on the unit, the first to come first.
std::vector<std::string> BookComparison::QueueOf(const std::string& unit) const {
  std::map<std::uint64_t, std::string> queue;
  for (const auto& [name, caution] : model_.village().cautions) {
    if (caution.unit == unit && caution.cause == "seizure") queue[caution.order] = name;
  }
  std::vector<std::string> names;
  for (const auto& [order, name] : queue) names.push_back(name);
  return names;
}

void BookComparison::CompareQueue(const std::string& unit, const law::State& state) {
  const auto known = QueueOf(unit);
  if (known.empty()) return;
  std::vector<std::string> queue;
  for (const auto& one : law::StandingRecords<v1::Caution>(state, law::Link::kCautionsOfUnit,
                                                           office_.NumberOf(unit))) {
    if (one.record.cause() != v1::CAUTION_CAUSE_SEIZURE) continue;
    queue.push_back(office_.NameOf(v1::RECORD_KIND_CAUTION, one.number));
  }
  Expect("seizures of " + unit, Listed(known), Listed(queue));
}

void BookComparison::CompareRanks(const std::string& right, const law::State& state) {
  const auto known = model_.village().RanksOver(right);
  if (known.empty()) return;
  std::vector<std::string> ranked;
  for (const auto& one : law::RankedMortgages(office_.NumberOf(right), state)) {
    ranked.push_back(office_.NameOf(v1::RECORD_KIND_MORTGAGE, one.number));
  }
  Expect("ranks over " + right, Listed(known), Listed(ranked));
}

// The ranks of mortgages over each right, and the queue of seizures of each unit.
void BookComparison::CompareOrders() {
  office_.bench().AskState([&](const law::State& state) {
    for (const auto& [name, right] : model_.village().rights) CompareRanks(name, state);
    for (const auto& [name, plot] : model_.village().plots) CompareQueue(name + "U", state);
  });
}

std::vector<std::string> BookComparison::Differences(bool whole) {
  whole_ = whole;
  differences_.clear();
  CompareRights();
  CompareMortgages();
  CompareCautions();
  CompareCases();
  CompareHouseholds();
  CompareOrders();
  return differences_;
}

}  // namespace landbook::registry
