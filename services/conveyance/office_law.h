// The law that an office works by: the packs that its book adopted, its calendar, and what day it
// is.
//
// Everything comes from the book: packs by GetPack, the calendar by ListCalendarDays. Which pack
// governs a case is in the case.
#ifndef LANDBOOK_SERVICES_CONVEYANCE_OFFICE_LAW_H_
#define LANDBOOK_SERVICES_CONVEYANCE_OFFICE_LAW_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "services/common/civil_date.h"
#include "services/common/clock.h"
#include "services/common/policy.h"
#include "services/conveyance/registry_client.h"
#include "services/conveyance/task.h"
#include "services/law/calendar.h"
#include "services/law/known_days.h"
#include "services/law/pack_rules.h"
#include "storage/mutex.h"

namespace landbook::conveyance {

// A chain of packs, read. Never changing; usable from any thread.
struct Law {
  common::Policy policy;
  law::PackRules rules;

  // All kinds of case that hold in the scope, by code.
  std::vector<v1::CaseKind> CaseKinds(const law::RuleScope& scope) const;
};
using SharedLaw = std::shared_ptr<const Law>;

using law::KnownDays;

// A stretch of days, both ends included.
struct DayRange {
  common::CivilDate from;
  common::CivilDate until;
};

// Reads the law of books. May be used from any thread.
class LawReader {
 public:
  // Both are borrowed and outlive the reader.
  LawReader(RegistryClient& registry, common::Clock& clock) : registry_(registry), clock_(clock) {}
  LawReader(const LawReader&) = delete;
  LawReader& operator=(const LawReader&) = delete;

  // The pack of that number, 0 for the one in force. Every call asks the book, so that a caller who
  // may not look at the county, or a county without a book, is refused here as the registry
  // refuses.
  Task<Outcome<SharedLaw>> Read(const CallContext& call, std::string county, std::uint64_t pack);

  // The calendar of the days.
  Task<Outcome<std::shared_ptr<const KnownDays>>> ReadDays(const CallContext& call,
                                                           std::string county, DayRange range);

  // The civil date now, where the book is.
  common::CivilDate TodayBy(const Law& law) {
    return law.policy.time_zone().DateAt(clock_.NowMicros());
  }

 private:
  // The chain, read; kept, since the same few packs are asked for again and again.
  Outcome<SharedLaw> LawOf(const v1::AdoptedPack& pack) LANDBOOK_EXCLUDES(mutex_);

  RegistryClient& registry_;
  common::Clock& clock_;
  storage::Mutex mutex_;
  std::map<std::string, SharedLaw> laws_ LANDBOOK_GUARDED_BY(mutex_);
};

}  // namespace landbook::conveyance

#endif  // LANDBOOK_SERVICES_CONVEYANCE_OFFICE_LAW_H_
