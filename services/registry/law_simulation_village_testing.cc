#include "services/registry/law_simulation_village_testing.h"

#include <absl/time/civil_time.h>

#include <algorithm>

#include "services/common/civil_date.h"
#include "storage/check.h"

namespace landbook::registry {
namespace {

constexpr int kAdultYears = 18;

common::CivilDate DateOf(const std::string& day) {
  const auto date = common::ParseCivilDate(day);
  LANDBOOK_CHECK(date.has_value());
  return *date;
}

// Puts those that were agreed on into the places that they held among themselves.
void PutInAgreedOrder(const std::vector<std::string>& agreed, std::vector<std::string>* ranked) {
  std::vector<std::string> standing;
  for (const std::string& one : agreed) {
    if (std::find(ranked->begin(), ranked->end(), one) != ranked->end()) standing.push_back(one);
  }
  std::size_t next = 0;
  for (std::string& place : *ranked) {
    const bool agreed_on = std::find(standing.begin(), standing.end(), place) != standing.end();
    if (agreed_on) place = standing[next++];
  }
}

}  // namespace

std::string DaysAfter(const std::string& day, int days) {
  return common::FormatCivilDate(common::AddDays(DateOf(day), days));
}

std::string MonthsAfter(const std::string& day, int months) {
  return common::FormatCivilDate(common::AddMonths(DateOf(day), months));
}

bool IsWeekend(const std::string& day) {
  const auto date = DateOf(day);
  const auto weekday = absl::GetWeekday(absl::CivilDay(date.year, date.month, date.day));
  return weekday == absl::Weekday::saturday || weekday == absl::Weekday::sunday;
}

bool SimulatedHousehold::IsExtinct() const {
  return ended || std::all_of(members.begin(), members.end(),
                              [](const SimulatedMember& member) { return member.lost; });
}

const SimulatedRight* SimulatedVillage::Standing(const std::string& right) const {
  const auto found = rights.find(right);
  return found == rights.end() || !found->second.stands ? nullptr : &found->second;
}

bool SimulatedVillage::IsInside(const std::string& party, const SimulatedPlot& plot) const {
  const auto household = households.find(party);
  return household != households.end() && household->second.collective == plot.collective;
}

std::vector<std::string> SimulatedVillage::DerivedFrom(const std::string& right) const {
  std::vector<std::string> derived;
  for (const auto& [name, one] : rights) {
    if (one.stands && one.parent == right) derived.push_back(name);
  }
  return derived;
}

std::vector<std::string> SimulatedVillage::RightsOn(const std::string& plot,
                                                    const std::string& type) const {
  std::vector<std::string> found;
  for (const auto& [name, one] : rights) {
    if (one.stands && one.plot == plot && (type.empty() || one.type == type)) found.push_back(name);
  }
  return found;
}

std::vector<std::string> SimulatedVillage::RightsOf(const std::string& party,
                                                    const std::string& type) const {
  std::vector<std::string> found;
  for (const auto& [name, one] : rights) {
    const bool of_type = type.empty() || one.type == type;
    if (one.stands && of_type && one.holders.contains(party)) found.push_back(name);
  }
  return found;
}

std::vector<std::string> SimulatedVillage::RanksOver(const std::string& right) const {
  std::vector<std::string> ranked;
  for (const auto& [name, mortgage] : mortgages) {
    const auto& over = mortgage.rights;
    if (std::find(over.begin(), over.end(), right) != over.end()) ranked.push_back(name);
  }
  std::sort(ranked.begin(), ranked.end(), [&](const std::string& a, const std::string& b) {
    return mortgages.at(a).order < mortgages.at(b).order;
  });
  for (const SimulatedRanks& agreement : ranks) {
    if (agreement.right == right) PutInAgreedOrder(agreement.order, &ranked);
  }
  return ranked;
}

Names SimulatedVillage::Adults(const SimulatedRight& right, const std::string& day) const {
  Names adults;
  for (const std::string& holder : right.holders) {
    const auto household = households.find(holder);
    if (household == households.end()) {
      adults.insert(holder);
      continue;
    }
    for (const SimulatedMember& member : household->second.members) {
      const bool of_age = MonthsAfter(born.at(member.person), kAdultYears * 12) <= day;
      if (!member.lost && of_age) adults.insert(member.person);
    }
  }
  return adults;
}

bool SimulatedVillage::IsWorkingDay(const std::string& day) const {
  const auto said = calendar.find(day);
  return said == calendar.end() ? !IsWeekend(day) : said->second;
}

std::string SimulatedVillage::LastDay(const std::string& event, int days, bool working) const {
  std::string day = event;
  for (int counted = 0; counted < days;) {
    day = DaysAfter(day, 1);
    if (!working || IsWorkingDay(day)) ++counted;
  }
  while (!IsWorkingDay(day)) day = DaysAfter(day, 1);
  return day;
}

std::string SimulatedVillage::LastDayOf(const SimulatedCaution& caution) const {
  constexpr int kObjectionDays = 15;      // CC 220
  constexpr int kAdvanceNoticeDays = 90;  // CC 221
  if (caution.cause == "objection" && caution.step.empty()) {
    return LastDay(caution.from, kObjectionDays, /*working=*/false);
  }
  if (caution.cause == "advance-notice" && caution.step.empty() && !caution.registrable.empty()) {
    return LastDay(caution.registrable, kAdvanceNoticeDays, /*working=*/false);
  }
  return caution.until;
}

bool SimulatedVillage::IsInForce(const SimulatedCaution& caution, const std::string& day) const {
  const std::string last = LastDayOf(caution);
  return caution.from <= day && (last.empty() || day <= last);
}

}  // namespace landbook::registry
