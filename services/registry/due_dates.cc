#include "services/registry/due_dates.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "services/common/civil_date.h"
#include "services/law/calendar.h"
#include "services/law/case_progress.h"
#include "services/law/known_days.h"
#include "services/law/pack_rules.h"
#include "services/registry/book_reader.h"
#include "services/registry/keys.h"
#include "services/registry/read_point.h"

namespace landbook::registry {
namespace {

using common::CivilDate;
using common::Outcome;

// A calendar has some thirty such days a year.
constexpr std::size_t kCalendarDaysMax = 10'000;

// The calendar from a day on, and the packs that are asked for.
class Computation {
 public:
  Computation(const Book& book, BookReader reader, CivilDate from)
      : in_force_(book.writer().policy()), reader_(std::move(reader)), calendar_(days_) {
    const auto first = law::CalendarDayNumber(from);
    const NumberPage page =
        reader_.Numbers(v1::RECORD_KIND_CALENDAR_DAY, {.from = first, .max = kCalendarDaysMax});
    for (const auto& day : reader_.FindAll<v1::CalendarDay>(page.numbers)) {
      if (day) days_.Add(*day);
    }
    const auto record = reader_.Find<v1::BookRecord>(0);
    if (record) rules_.emplace(record->pack(), law::PackRules::OfPolicy(*in_force_));
    today_ = in_force_->time_zone().DateAt(book.clock().NowMicros());
  }
  Computation(const Computation&) = delete;
  Computation& operator=(const Computation&) = delete;

  const absl::Status& status() const { return reader_.status(); }

  void Fill(v1::Case* the_case) {
    if (!law::IsOpen(the_case->state())) return;
    const law::PackRules* rules = RulesOf(the_case->pack());
    if (rules == nullptr) return;
    const auto clock = law::ClockOf(*the_case, *rules, calendar_, today_);
    if (clock && !clock->stopped) the_case->set_due_date(common::FormatCivilDate(clock->due));
  }

  void Fill(v1::Caution* caution) {
    if (caution->state() != v1::RECORD_STATE_LIVE) return;
    const auto last = law::LapseDayOf(*caution, law::PackRules::OfPolicy(*in_force_), calendar_);
    if (last) caution->set_lapse_date(common::FormatCivilDate(*last));
  }

 private:
  // The rules of an adopted pack; null when the book has none of that number.
  const law::PackRules* RulesOf(std::uint64_t pack) {
    const auto known = rules_.find(pack);
    if (known != rules_.end()) return &known->second;
    const auto adopted = reader_.Find<v1::AdoptedPack>(pack);
    if (!adopted) return nullptr;
    const std::vector<std::string> chain(adopted->chain().begin(), adopted->chain().end());
    const auto policy = common::Policy::FromAdopted(chain);
    if (!policy.ok()) return nullptr;
    return &rules_.emplace(pack, law::PackRules::OfPolicy(*policy)).first->second;
  }

  std::shared_ptr<const common::Policy> in_force_;
  BookReader reader_;
  law::KnownDays days_;
  law::Calendar calendar_;
  std::map<std::uint64_t, law::PackRules> rules_;
  CivilDate today_;
};

// What has to be computed: the records, and the first day that matters to any of them.
template <typename Record>
struct Wanted {
  std::vector<Record*> records;
  std::string from = "9999-12-31";
  void Add(Record* record, const std::string& day) {
    records.push_back(record);
    if (!day.empty()) from = std::min(from, day);
  }
};

template <typename Record>
Outcome<bool> FillAll(const Book& book, const common::CallContext& call,
                      const Wanted<Record>& wanted) {
  const auto from = common::ParseCivilDate(wanted.from);
  if (wanted.records.empty() || !from) return true;
  auto reader = OpenReader(book, call, {});
  if (!reader.ok()) return std::move(reader.refusals());
  Computation computation(book, *std::move(reader), *from);
  for (Record* record : wanted.records) computation.Fill(record);
  if (!computation.status().ok()) return common::RefusalFromEngine(computation.status());
  return true;
}

}  // namespace

Outcome<bool> FillDates(const Book& book, const common::CallContext& call,
                        google::protobuf::RepeatedPtrField<v1::Case>* cases) {
  Wanted<v1::Case> wanted;
  for (v1::Case& one : *cases) {
    if (law::IsOpen(one.state())) wanted.Add(&one, one.accepted_date());
  }
  return FillAll(book, call, wanted);
}

Outcome<bool> FillDates(const Book& book, const common::CallContext& call,
                        google::protobuf::RepeatedPtrField<v1::Caution>* cautions) {
  Wanted<v1::Caution> wanted;
  for (v1::Caution& one : *cautions) {
    if (one.state() == v1::RECORD_STATE_LIVE) wanted.Add(&one, one.effective_date());
  }
  return FillAll(book, call, wanted);
}

}  // namespace landbook::registry
