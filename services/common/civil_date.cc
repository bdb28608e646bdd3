#include "services/common/civil_date.h"

#include <absl/time/civil_time.h>
#include <fmt/format.h>

#include <algorithm>

#include "storage/check.h"

namespace landbook::common {
namespace {

constexpr CivilDate kFirst = {1, 1, 1};
constexpr CivilDate kLast = {9999, 12, 31};

absl::CivilDay DayOf(CivilDate date) { return absl::CivilDay(date.year, date.month, date.day); }

CivilDate Clamped(absl::CivilDay day) {
  if (day < DayOf(kFirst)) return kFirst;
  if (day > DayOf(kLast)) return kLast;
  return {static_cast<std::int32_t>(day.year()), day.month(), day.day()};
}

// The number that `length` digits at `begin` write; nullopt when one is no digit.
std::optional<int> Digits(std::string_view text, std::size_t begin, std::size_t length) {
  int value = 0;
  for (const char c : text.substr(begin, length)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

}  // namespace

std::optional<CivilDate> ParseCivilDate(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const std::optional<int> year = Digits(text, 0, 4);
  const std::optional<int> month = Digits(text, 5, 2);
  const std::optional<int> day = Digits(text, 8, 2);
  if (!year || !month || !day) return std::nullopt;
  if (*year < 1 || *month < 1 || *month > 12) return std::nullopt;
  if (*day < 1 || *day > DaysInMonth(*year, *month)) return std::nullopt;
  return CivilDate{*year, *month, *day};
}

std::string FormatCivilDate(CivilDate date) {
  return fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day);
}

int DaysInMonth(int year, int month) {
  LANDBOOK_CHECK(month >= 1 && month <= 12);
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return kDays[month - 1] + (month == 2 && leap ? 1 : 0);
}

CivilDate AddMonths(CivilDate date, int months) {
  const absl::CivilMonth month = absl::CivilMonth(date.year, date.month) + months;
  const CivilDate first = Clamped(absl::CivilDay(month));
  if (absl::CivilMonth(first.year, first.month) != month) return Clamped(absl::CivilDay(month));
  return {first.year, first.month, std::min(date.day, DaysInMonth(first.year, first.month))};
}

CivilDate AddDays(CivilDate date, std::int64_t days) { return Clamped(DayOf(date) + days); }

int AgeYears(const AgeQuestion& question) {
  const CivilDate& birth = question.birth_date;
  const CivilDate& on = question.on_date;
  const bool birthday_reached =
      on.month > birth.month || (on.month == birth.month && on.day >= birth.day);
  return on.year - birth.year - (birthday_reached ? 0 : 1);
}

}  // namespace landbook::common
