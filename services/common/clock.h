// What time it is. Nothing else in the services asks the operating system.
//
// Two kinds of time come from here: the recorded time, in microseconds since 1970 UTC and never
// going back, and the civil date in a book's time zone, by which terms and statutory periods run.
#ifndef LANDBOOK_SERVICES_COMMON_CLOCK_H_
#define LANDBOOK_SERVICES_COMMON_CLOCK_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "services/common/civil_date.h"

namespace landbook::common {

// Microseconds since 1970-01-01T00:00:00Z.
using Micros = std::int64_t;

// May be called from any thread.
class Clock {
 public:
  virtual ~Clock() = default;

  // Now. Never less than any answer before, also when the machine's clock is set back.
  Micros NowMicros();

  // True when time can be moved on; books made under such a clock are marked trial for ever.
  virtual bool trial() const { return false; }
  // Moves time on by `days` whole days. FAILED_PRECONDITION when this is no trial clock,
  // INVALID_ARGUMENT when `days` is 0 or would lead past the year 9999.
  virtual absl::Status AdvanceDays(std::uint32_t days);

 protected:
  virtual Micros Read() = 0;

 private:
  std::atomic<Micros> last_ = 0;
};

// The machine's clock.
class SystemClock : public Clock {
 protected:
  Micros Read() override;
};

// A clock for trying out statutory periods: it starts at a stated moment, runs as fast as `base`
// and can be moved on. To go on after a restart, a server keeps OffsetMicros() and hands it back.
class TrialClock : public Clock {
 public:
  // Shows `start` now. `base` outlives the clock.
  TrialClock(Clock& base, Micros start) : base_(base), offset_(start - base.NowMicros()) {}
  struct FromOffset {
    Micros offset;
  };
  // Shows what a trial clock with that offset would.
  TrialClock(Clock& base, FromOffset kept) : base_(base), offset_(kept.offset) {}

  bool trial() const override { return true; }
  absl::Status AdvanceDays(std::uint32_t days) override;
  // How far it is ahead of `base`.
  Micros OffsetMicros() const { return offset_; }

 protected:
  Micros Read() override { return base_.NowMicros() + offset_; }

 private:
  Clock& base_;
  std::atomic<Micros> offset_;
};

// A time zone of the IANA database. Where the machine has no such database, Asia/Shanghai is taken
// as UTC+8 without summer time, which is right for every day since 1991-09-15; other zones then
// fail.
class TimeZone {
 public:
  // The zone of that name; nullopt when neither the database nor the rule above knows it.
  static std::optional<TimeZone> Named(std::string_view name);

  // The day that a clock on the wall there shows.
  CivilDate DateAt(Micros time) const;

  const std::string& name() const { return name_; }

 private:
  TimeZone(std::string name, absl::TimeZone zone) : name_(std::move(name)), zone_(zone) {}

  std::string name_;
  absl::TimeZone zone_;
};

// The zone of books whose pack names none.
inline constexpr std::string_view kDefaultTimeZone = "Asia/Shanghai";

// `time` as RFC 3339 in UTC with microseconds: "2026-01-01T00:00:00.000000Z".
std::string FormatTime(Micros time);

// The time that RFC 3339 text states; nullopt when it is written otherwise or lies outside the
// years 1 to 9999. Digits beyond microseconds are cut.
std::optional<Micros> ParseTime(std::string_view text);

}  // namespace landbook::common

#endif  // LANDBOOK_SERVICES_COMMON_CLOCK_H_
