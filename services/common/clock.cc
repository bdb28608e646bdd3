#include "services/common/clock.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string>

namespace landbook::common {
namespace {

constexpr Micros kMicrosPerDay = Micros{86'400} * 1'000'000;
// The last microsecond of 9999-12-31 UTC.
constexpr Micros kLastMicros = Micros{253'402'300'800} * 1'000'000 - 1;
constexpr Micros kFirstMicros = Micros{-62'135'596'800} * 1'000'000;

}  // namespace

Micros Clock::NowMicros() {
  const Micros read = Read();
  Micros last = last_.load();
  while (last < read && !last_.compare_exchange_weak(last, read)) {
  }
  return std::max(last, read);
}

absl::Status Clock::AdvanceDays(std::uint32_t) {
  return absl::FailedPreconditionError(
      "this server runs on the machine's clock; start it with --trial-clock to move time on");
}

Micros SystemClock::Read() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

absl::Status TrialClock::AdvanceDays(std::uint32_t days) {
  if (days == 0) return absl::InvalidArgumentError("0 days came; at least one is wanted");
  Micros offset = offset_.load();
  do {
    // In days: four thousand million of them are more microseconds than there are.
    if (days > (kLastMicros - (base_.NowMicros() + offset)) / kMicrosPerDay) {
      return absl::InvalidArgumentError(
          fmt::format("{} days lead past the year 9999; move on by fewer", days));
    }
  } while (!offset_.compare_exchange_weak(offset, offset + Micros{days} * kMicrosPerDay));
  return absl::OkStatus();
}

std::optional<TimeZone> TimeZone::Named(std::string_view name) {
  absl::TimeZone zone;
  if (absl::LoadTimeZone({name.data(), name.size()}, &zone))
    return TimeZone(std::string(name), zone);
  if (name == kDefaultTimeZone) return TimeZone(std::string(name), absl::FixedTimeZone(8 * 3600));
  return std::nullopt;
}

CivilDate TimeZone::DateAt(Micros time) const {
  const absl::CivilDay day = absl::ToCivilDay(absl::FromUnixMicros(time), zone_);
  return {static_cast<std::int32_t>(day.year()), day.month(), day.day()};
}

std::string FormatTime(Micros time) {
  const absl::Time moment = absl::FromUnixMicros(time);
  return absl::FormatTime("%E4Y-%m-%dT%H:%M:%E6SZ", moment, absl::UTCTimeZone());
}

std::optional<Micros> ParseTime(std::string_view text) {
  constexpr std::size_t kBytesMax = 40;
  // absl takes spaces around a time and a leading sign of the year; RFC 3339 takes neither.
  if (text.empty() || text.size() > kBytesMax || text.front() < '0' || text.front() > '9') {
    return std::nullopt;
  }
  if (text.size() < 20 || text[4] != '-' || text[10] != 'T' || text.back() == ' ') {
    return std::nullopt;
  }
  absl::Time time;
  const absl::string_view view(text.data(), text.size());
  if (!absl::ParseTime(absl::RFC3339_full, view, &time, nullptr)) return std::nullopt;
  const Micros micros = absl::ToUnixMicros(time);
  if (micros < kFirstMicros || micros > kLastMicros) return std::nullopt;
  return micros;
}

}  // namespace landbook::common
