// The days of a calendar that count otherwise than their weekday, outside a book: what a reader of
// records takes along to compute deadlines by.
#ifndef LANDBOOK_SERVICES_LAW_KNOWN_DAYS_H_
#define LANDBOOK_SERVICES_LAW_KNOWN_DAYS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "landbook/v1/case.pb.h"
#include "services/common/civil_date.h"
#include "services/law/state.h"

namespace landbook::law {

// A state that knows calendar days and nothing else.
class KnownDays final : public State {
 public:
  // A day whose date cannot be read is left out.
  void Add(const v1::CalendarDay& day);
  std::optional<std::string> Record(v1::RecordKind kind, std::uint64_t number) const override;
  std::vector<std::uint64_t> Linked(Link link, std::uint64_t from) const override;
  std::optional<std::uint64_t> Resolve(const v1::Reference& reference,
                                       v1::RecordKind kind) const override;
  std::optional<common::CivilDate> BirthDate(std::uint64_t person) const override;

 private:
  std::map<std::uint64_t, std::string> days_;
};

}  // namespace landbook::law

#endif  // LANDBOOK_SERVICES_LAW_KNOWN_DAYS_H_
