// Civil dates (日历日期), as laws and contracts count them: no time of day, no zone.
#ifndef LANDBOOK_SERVICES_COMMON_CIVIL_DATE_H_
#define LANDBOOK_SERVICES_COMMON_CIVIL_DATE_H_

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace landbook::common {

// A day of the Gregorian calendar, of the years 1 to 9999. Days are ordered as they follow each
// other. A default-made date is the first day of year 1.
struct CivilDate {
  std::int32_t year = 1;
  std::int32_t month = 1;
  std::int32_t day = 1;
  friend bool operator==(const CivilDate&, const CivilDate&) = default;
  friend auto operator<=>(const CivilDate&, const CivilDate&) = default;
};

// The date that `text` writes as YYYY-MM-DD; nullopt when it is written otherwise or the calendar
// has no such day (2023-02-29, 2024-13-01).
std::optional<CivilDate> ParseCivilDate(std::string_view text);

// YYYY-MM-DD.
std::string FormatCivilDate(CivilDate date);

// How many days the month has. REQUIRES: 1 <= month <= 12.
int DaysInMonth(int year, int month);

// The day `months` months later (earlier when negative): the same day of the month, or the month's
// last day when it is shorter, as periods in months end by Civil Code 202. Clamped to the calendar
// above.
CivilDate AddMonths(CivilDate date, int months);

// The day `days` days later (earlier when negative), clamped to the calendar above.
CivilDate AddDays(CivilDate date, std::int64_t days);

// Full years of age on a day (周岁): a year is full on the birthday; for those born on 29 February,
// in common years on 1 March. Negative before birth.
struct AgeQuestion {
  CivilDate birth_date;
  CivilDate on_date;
};
int AgeYears(const AgeQuestion& question);

}  // namespace landbook::common

#endif  // LANDBOOK_SERVICES_COMMON_CIVIL_DATE_H_
