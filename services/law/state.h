// What a rule of law may look at: the records of a book, by number and by what links them.
//
// The registry's state is the overlay of the commit that is being decided; tests keep a book of
// maps (state_testing.h). Nothing here changes a record.
#ifndef LANDBOOK_SERVICES_LAW_STATE_H_
#define LANDBOOK_SERVICES_LAW_STATE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "landbook/v1/act.pb.h"
#include "landbook/v1/case.pb.h"
#include "landbook/v1/journal.pb.h"
#include "landbook/v1/party.pb.h"
#include "landbook/v1/plot.pb.h"
#include "landbook/v1/resolution.pb.h"
#include "landbook/v1/right.pb.h"
#include "services/common/civil_date.h"
#include "services/common/record_kind.h"

namespace landbook::law {

using common::kKindOf;

// From what to what a look-up goes. Records that have ended are among its results.
enum class Link : std::uint8_t {
  kUnitsOfPlot,
  kRightsOfUnit,
  kRightsOfHolder,
  kRightsOfParent,
  kMortgagesOfRight,
  kCautionsOfUnit,
  kCertificatesOfRight,
  kRankAgreementsOfRight,
};

// The book as a rule sees it. An implementation answers from one point of the book throughout.
class State {
 public:
  virtual ~State() = default;
  // The stored bytes of a record; nullopt when the book has none of that number.
  virtual std::optional<std::string> Record(v1::RecordKind kind, std::uint64_t number) const = 0;
  // The numbers of what is linked to `from`, ascending.
  virtual std::vector<std::uint64_t> Linked(Link link, std::uint64_t from) const = 0;
  // The number of the record that a reference of the commit means; nullopt when it means none.
  virtual std::optional<std::uint64_t> Resolve(const v1::Reference& reference,
                                               v1::RecordKind kind) const = 0;
  // The private birth date of a person; nullopt when it was never stated or was erased. It never
  // leaves this room: what is told of it is whether somebody is of age.
  virtual std::optional<common::CivilDate> BirthDate(std::uint64_t person) const = 0;
};

// A record with its number, which its bytes do not hold.
template <typename Record>
struct Numbered {
  std::uint64_t number = 0;
  Record record;
};

// The record of that number; nullopt when there is none, or when its bytes are none of that type.
template <typename Record>
std::optional<Record> Find(const State& state, std::uint64_t number) {
  const auto bytes = state.Record(kKindOf<Record>, number);
  Record record;
  if (!bytes || !record.ParseFromString(*bytes)) return std::nullopt;
  return record;
}

// The record that a reference means.
template <typename Record>
std::optional<Numbered<Record>> FindReferred(const State& state, const v1::Reference& reference) {
  const auto number = state.Resolve(reference, kKindOf<Record>);
  if (!number) return std::nullopt;
  auto record = Find<Record>(state, *number);
  if (!record) return std::nullopt;
  return Numbered<Record>{*number, *std::move(record)};
}

// True when a unit, plot, right, mortgage, caution, resolution or certificate stands (现势).
template <typename Record>
bool Stands(const Record& record) {
  return record.state() == v1::RECORD_STATE_LIVE;
}

// The linked records, ended ones among them, ascending.
template <typename Record>
std::vector<Numbered<Record>> LinkedRecords(const State& state, Link link, std::uint64_t from) {
  std::vector<Numbered<Record>> records;
  for (const std::uint64_t number : state.Linked(link, from)) {
    if (auto record = Find<Record>(state, number)) records.push_back({number, *std::move(record)});
  }
  return records;
}

// Those of them that stand.
template <typename Record>
std::vector<Numbered<Record>> StandingRecords(const State& state, Link link, std::uint64_t from) {
  auto records = LinkedRecords<Record>(state, link, from);
  std::erase_if(records, [](const auto& linked) { return !Stands(linked.record); });
  return records;
}

}  // namespace landbook::law

#endif  // LANDBOOK_SERVICES_LAW_STATE_H_
