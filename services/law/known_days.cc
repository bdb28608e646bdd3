#include "services/law/known_days.h"

#include "services/law/calendar.h"

namespace landbook::law {

void KnownDays::Add(const v1::CalendarDay& day) {
  const auto date = common::ParseCivilDate(day.date());
  if (date) days_[CalendarDayNumber(*date)] = day.SerializeAsString();
}

std::optional<std::string> KnownDays::Record(v1::RecordKind kind, std::uint64_t number) const {
  if (kind != v1::RECORD_KIND_CALENDAR_DAY) return std::nullopt;
  const auto found = days_.find(number);
  return found == days_.end() ? std::nullopt : std::optional(found->second);
}

std::vector<std::uint64_t> KnownDays::Linked(Link, std::uint64_t) const { return {}; }

std::optional<std::uint64_t> KnownDays::Resolve(const v1::Reference&, v1::RecordKind) const {
  return std::nullopt;
}

std::optional<common::CivilDate> KnownDays::BirthDate(std::uint64_t) const { return std::nullopt; }

}  // namespace landbook::law
