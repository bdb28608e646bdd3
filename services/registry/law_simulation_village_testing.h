// A village as the model of the law simulation keeps it: plain structs by name, nothing of the law
// room and nothing of the book. A right, a mortgage or a caution that has ended is remembered only
// where a later act may ask for it.
#ifndef LANDBOOK_SERVICES_REGISTRY_LAW_SIMULATION_VILLAGE_TESTING_H_
#define LANDBOOK_SERVICES_REGISTRY_LAW_SIMULATION_VILLAGE_TESTING_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace landbook::registry {

// Days are texts, YYYY-MM-DD, so that they compare as they follow each other; a right without an
// end has kNoEnd.
inline constexpr char kNoEnd[] = "9999-12-31";
using Names = std::set<std::string>;

// The day so many days, or months, later.
std::string DaysAfter(const std::string& day, int days);
std::string MonthsAfter(const std::string& day, int months);
// True on Saturday and Sunday.
bool IsWeekend(const std::string& day);

struct SimulatedMember {
  std::string person;
  bool lost = false;  // member no longer: dead, gone, a civil servant
};

struct SimulatedHousehold {
  std::string collective;
  std::vector<SimulatedMember> members;
  std::string eligibility;  // a row's word; empty while nobody stated it
  Names made_from;
  bool ended = false;

  // Nobody of it is a member any more.
  bool IsExtinct() const;
};

struct SimulatedPlot {
  std::string collective;
  std::string kind;  // "contracted" or "homestead"
  std::string land_use;
  bool basic_farmland = false;
  int area_m2 = 1500;
};

struct SimulatedRight {
  std::string plot;  // its unit is the plot's name and "U"
  std::string type;
  Names holders;
  std::string from;
  std::string until;
  std::string parent;  // empty for none
  bool stands = true;
  bool withdrawn = false;

  std::string unit() const { return plot + "U"; }
  const std::string& holder() const { return *holders.begin(); }
};

struct SimulatedMortgage {
  std::vector<std::string> rights;
  std::string mortgagee;
  std::int64_t fen = 0;
  bool restricted = false;
  std::uint64_t order = 0;  // of registration
};

struct SimulatedRanks {
  std::string right;
  std::vector<std::string> order;
};

struct SimulatedCaution {
  std::string unit;
  std::string right;  // empty for the unit as a whole
  std::string cause;
  Names beneficiaries;
  std::string from;
  std::string until = {};        // empty for no last day
  std::string registrable = {};  // of an advance notice
  std::string step = {};         // the day of the step that keeps it
  std::string of_case = {};      // that placed it; empty for none
  std::uint64_t order = 0;
};

struct SimulatedFiling {
  std::string matter;
  Names rights;
  std::string with;
};

struct SimulatedResolution {
  std::string collective;
  std::string matter;
  std::string met;
  bool stands = true;
};

// What acts change. Cautions and mortgages in it stand.
struct SimulatedVillage {
  std::map<std::string, std::string> born;  // person -> day
  std::map<std::string, SimulatedHousehold> households;
  std::map<std::string, SimulatedPlot> plots;
  std::map<std::string, SimulatedRight> rights;
  std::map<std::string, SimulatedMortgage> mortgages;
  std::vector<SimulatedRanks> ranks;
  std::map<std::string, SimulatedCaution> cautions;
  std::map<std::string, SimulatedFiling> filings;
  std::map<std::string, SimulatedResolution> resolutions;
  std::map<std::string, bool> calendar;  // day -> working, where it is not as the week says
  Names collectives;
  Names authorities;
  Names banks;
  std::uint64_t next_order = 1;

  const SimulatedPlot& PlotOf(const SimulatedRight& right) const { return plots.at(right.plot); }
  // The right, where it stands; null for one that has ended or never was.
  const SimulatedRight* Standing(const std::string& right) const;
  // A household of the collective that owns the plot.
  bool IsInside(const std::string& party, const SimulatedPlot& plot) const;
  // The names of standing rights that derive from it, of standing rights on the plot and of
  // standing rights that the party holds, each of a type or, without one, of any.
  std::vector<std::string> DerivedFrom(const std::string& right) const;
  std::vector<std::string> RightsOn(const std::string& plot, const std::string& type) const;
  std::vector<std::string> RightsOf(const std::string& party, const std::string& type) const;
  // The standing mortgages over a right, the first rank first.
  std::vector<std::string> RanksOver(const std::string& right) const;
  // The people of its households who are of age on the day, or the holder where it is none.
  Names Adults(const SimulatedRight& right, const std::string& day) const;

  bool IsWorkingDay(const std::string& day) const;
  // The last day of a period that runs from the day after an event. A period of calendar days that
  // would end on a day of rest ends on the next working day (Civil Code 201, 203).
  std::string LastDay(const std::string& event, int days, bool working) const;
  // The last day on which a caution has effect by itself; empty for none.
  std::string LastDayOf(const SimulatedCaution& caution) const;
  bool IsInForce(const SimulatedCaution& caution, const std::string& day) const;
};

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_LAW_SIMULATION_VILLAGE_TESTING_H_
