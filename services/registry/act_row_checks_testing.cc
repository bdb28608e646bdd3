// What rows of a case file check: records as they stand, what the last act changed, the journal.
#include <algorithm>
#include <memory>
#include <utility>

#include "fmt/format.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "google/protobuf/text_format.h"
#include "services/common/civil_date.h"
#include "services/law/calendar.h"
#include "services/law/case_progress.h"
#include "services/law/ranks.h"
#include "services/registry/act_rows_testing.h"
#include "storage/check.h"

namespace landbook::registry {
namespace {

std::unique_ptr<google::protobuf::Message> NewRecord(v1::RecordKind kind) {
  switch (kind) {
    case v1::RECORD_KIND_PARTY:
      return std::make_unique<v1::Party>();
    case v1::RECORD_KIND_UNIT:
      return std::make_unique<v1::Unit>();
    case v1::RECORD_KIND_RIGHT:
      return std::make_unique<v1::Right>();
    case v1::RECORD_KIND_CONTRACT:
      return std::make_unique<v1::Contract>();
    case v1::RECORD_KIND_MORTGAGE:
      return std::make_unique<v1::Mortgage>();
    case v1::RECORD_KIND_CAUTION:
      return std::make_unique<v1::Caution>();
    case v1::RECORD_KIND_CERTIFICATE:
      return std::make_unique<v1::Certificate>();
    case v1::RECORD_KIND_RESOLUTION:
      return std::make_unique<v1::Resolution>();
    case v1::RECORD_KIND_FILING:
      return std::make_unique<v1::Filing>();
    case v1::RECORD_KIND_RANK_AGREEMENT:
      return std::make_unique<v1::RankAgreement>();
    case v1::RECORD_KIND_FUND_ADVANCE:
      return std::make_unique<v1::FundAdvance>();
    case v1::RECORD_KIND_CALENDAR_DAY:
      return std::make_unique<v1::CalendarDay>();
    case v1::RECORD_KIND_CASE:
      return std::make_unique<v1::Case>();
    default:
      return std::make_unique<v1::Plot>();
  }
}

// True when the text is what the row wants; "HOLDER_NOT_ALLOWED..." wants what it begins with.
bool IsAsWanted(std::string_view text, std::string_view wanted) {
  constexpr std::string_view kAndSoOn = "...";
  if (!wanted.ends_with(kAndSoOn)) return text == wanted;
  return text.starts_with(wanted.substr(0, wanted.size() - kAndSoOn.size()));
}

// A field by its path ("right.term.end_date"), as text without quotes; of a repeated message on the
// way, the first.
std::string FieldText(const google::protobuf::Message& record, const std::string& path) {
  const google::protobuf::Message* message = &record;
  const auto names = Parts(path, '.');
  for (std::size_t i = 0; i + 1 < names.size(); ++i) {
    const auto* field = message->GetDescriptor()->FindFieldByName(names[i]);
    LANDBOOK_CHECK(field != nullptr);
    const auto* reflection = message->GetReflection();
    if (field->is_repeated() && reflection->FieldSize(*message, field) == 0) return {};
    message = field->is_repeated() ? &reflection->GetRepeatedMessage(*message, field, 0)
                                   : &reflection->GetMessage(*message, field);
  }
  const auto* field = message->GetDescriptor()->FindFieldByName(names.back());
  LANDBOOK_CHECK(field != nullptr);
  std::vector<std::string> values;
  const int count = field->is_repeated() ? message->GetReflection()->FieldSize(*message, field) : 1;
  for (int i = 0; i < count; ++i) {
    std::string text;
    google::protobuf::TextFormat::Printer printer;
    printer.SetUseUtf8StringEscaping(true);
    printer.PrintFieldValueToString(*message, field, field->is_repeated() ? i : -1, &text);
    std::erase(text, '"');
    values.push_back(text);
  }
  return fmt::format("{}", fmt::join(values, ","));
}

// "given-up", or nothing for a claim that is not stated.
std::string EligibilityWord(v1::HomesteadEligibility eligibility) {
  if (eligibility == v1::HOMESTEAD_ELIGIBILITY_UNSPECIFIED) return {};
  constexpr std::size_t kPrefix = std::string_view("HOMESTEAD_ELIGIBILITY_").size();
  std::string word = v1::HomesteadEligibility_Name(eligibility).substr(kPrefix);
  for (char& c : word) c = c == '_' ? '-' : static_cast<char>(c - 'A' + 'a');
  return word;
}

}  // namespace

std::string ActRowRunner::CheckRecord(const ActRow& row) const {
  const auto found = named_.find(row.name);
  if (found == named_.end()) return fmt::format("line {}: nothing is named {}", row.line, row.name);
  const auto record = NewRecord(found->second.kind);
  const std::string bytes = bench_->RecordBytes(found->second.kind, found->second.number);
  LANDBOOK_CHECK(!bytes.empty() && record->ParseFromString(bytes));
  for (const auto& [path, wanted] : row.facts) {
    const std::string text = FieldText(*record, path);
    const auto meant = named_.find(wanted);
    const bool is = meant == named_.end() ? IsAsWanted(text, wanted)
                                          : text == std::to_string(meant->second.number);
    if (!is) {
      return fmt::format("line {}: {} of {} should be {}, is {}", row.line, path, row.name, wanted,
                         text);
    }
  }
  return {};
}

// "only R1": of all records, the last act changed these and no others.
std::string ActRowRunner::CheckUnchanged(const ActRow& row) const {
  std::vector<std::pair<int, std::uint64_t>> allowed;
  for (const std::string& name : Parts(row.name, ',')) {
    allowed.emplace_back(named_.at(name).kind, named_.at(name).number);
  }
  for (const auto& [key, bytes] : bench_->AllRecords()) {
    const auto before = before_.find(key);
    const bool changed = before == before_.end() || before->second != bytes;
    if (changed && std::find(allowed.begin(), allowed.end(), key) == allowed.end()) {
      return fmt::format("line {}: {} {} changed too", row.line,
                         v1::RecordKind_Name(static_cast<v1::RecordKind>(key.first)), key.second);
    }
  }
  return {};
}

// "overview Zhangs members=4 contract=1 eligibility=held": of the household, how many are members,
// how many standing rights of a type it holds, and its claim to a homestead.
std::string ActRowRunner::CheckHousehold(const ActRow& row) const {
  const std::uint64_t party = named_.at(row.name).number;
  const v1::Household household = bench_->Read<v1::Party>(party).household();
  std::map<std::string, std::string> is;
  const auto& members = household.members();
  is["members"] = std::to_string(std::count_if(members.begin(), members.end(), [](const auto& one) {
    return one.standing() == v1::MEMBER_STANDING_MEMBER;
  }));
  is["eligibility"] = EligibilityWord(household.eligibility());
  for (const auto& [key, wanted] : row.facts) {
    if (!is.contains(key)) is[key] = std::to_string(bench_->RightsHeldBy(party, key));
    if (is[key] == wanted) continue;
    return fmt::format("line {}: {} of {} should be {}, is {}", row.line, key, row.name, wanted,
                       is[key]);
  }
  return {};
}

std::string ActRowRunner::CheckJournal(const ActRow& row) const {
  if (last_.records.empty()) return fmt::format("line {}: the last act was refused", row.line);
  for (const auto& [path, wanted] : row.facts) {
    const std::string text = FieldText(last_.records.back(), path);
    if (!IsAsWanted(text, wanted)) {
      return fmt::format("line {}: the act's {} should be {}, is {}", row.line, path, wanted, text);
    }
  }
  return {};
}

// The names of records of a kind, by their numbers, as rows list them.
std::string ActRowRunner::NamesOf(v1::RecordKind kind,
                                  const std::vector<std::uint64_t>& numbers) const {
  std::vector<std::string> names;
  for (const std::uint64_t number : numbers) {
    const auto named = std::find_if(named_.begin(), named_.end(), [&](const auto& record) {
      return record.second.kind == kind && record.second.number == number;
    });
    names.push_back(named == named_.end() ? std::to_string(number) : named->first);
  }
  return fmt::format("{}", fmt::join(names, ","));
}

// "expect-rank Contract order=M2,M": the mortgages over a right, the first rank first;
// "expect-queue FieldU order=First,Second": the seizures of a unit in their order.
std::string ActRowRunner::CheckOrder(const ActRow& row) const {
  std::vector<std::uint64_t> numbers;
  const std::uint64_t of = named_.at(row.name).number;
  const bool ranks = row.verb == "expect-rank";
  bench_->AskState([&](const law::State& state) {
    if (ranks) {
      for (const auto& one : law::RankedMortgages(of, state)) numbers.push_back(one.number);
      return;
    }
    for (const auto& one :
         law::StandingRecords<v1::Caution>(state, law::Link::kCautionsOfUnit, of)) {
      if (one.record.cause() == v1::CAUTION_CAUSE_SEIZURE) numbers.push_back(one.number);
    }
  });
  const std::string is =
      NamesOf(ranks ? v1::RECORD_KIND_MORTGAGE : v1::RECORD_KIND_CAUTION, numbers);
  if (is == row.Fact("order")) return {};
  return fmt::format("line {}: the order on {} should be {}, is {}", row.line, row.name,
                     row.Fact("order"), is);
}

// "due Objection lapses=2026-03-17": the last day that law leaves a caution.
std::string ActRowRunner::CheckDue(const ActRow& row) const {
  const NamedRecord& named = named_.at(row.name);
  if (named.kind == v1::RECORD_KIND_CASE) {
    for (const auto& [what, wanted] : row.facts) {
      const std::string day = DueOfCase(what, named.number);
      if (day == wanted) continue;
      return fmt::format("line {}: the {} of {} should be due on [{}], is on [{}]", row.line, what,
                         row.name, wanted, day);
    }
    return {};
  }
  std::string is = "none";
  bench_->AskState([&](const law::State& state) {
    const auto caution = law::Find<v1::Caution>(state, named_.at(row.name).number);
    const auto day = law::LapseDayOf(*caution, bench_->rules(), law::Calendar(state));
    if (day) is = common::FormatCivilDate(*day);
  });
  if (is == row.Fact("lapses")) return {};
  return fmt::format("line {}: {} should lapse after {}, does after {}", row.line, row.name,
                     row.Fact("lapses"), is);
}

// The day that a case's registration is due, or what its applicants have to bring; empty while the
// clock stands.
std::string ActRowRunner::DueOfCase(const std::string& what, std::uint64_t number) const {
  const auto the_case = bench_->Read<v1::Case>(number);
  if (what == "supplement") {
    const v1::ClockStop* stop = law::OpenStop(the_case);
    return stop == nullptr ? "" : stop->due_date();
  }
  std::string due;
  bench_->AskState([&](const law::State& state) {
    const auto clock = law::ClockOf(the_case, bench_->rules(), law::Calendar(state),
                                    *common::ParseCivilDate(bench_->day));
    if (clock && !clock->stopped) due = common::FormatCivilDate(clock->due);
  });
  return due;
}

// "overdue A": its registration is past its day.
std::string ActRowRunner::CheckOverdue(const ActRow& row) const {
  const auto the_case = bench_->Read<v1::Case>(named_.at(row.name).number);
  bool overdue = false;
  bench_->AskState([&](const law::State& state) {
    const auto clock = law::ClockOf(the_case, bench_->rules(), law::Calendar(state),
                                    *common::ParseCivilDate(bench_->day));
    overdue = clock && clock->overdue;
  });
  if (overdue) return {};
  return fmt::format("line {}: {} is not overdue", row.line, row.name);
}

std::optional<std::string> ActRowRunner::Check(const ActRow& row) const {
  if (row.verb == "expect") return CheckRecord(row);
  if (row.verb == "only") return CheckUnchanged(row);
  if (row.verb == "overview") return CheckHousehold(row);
  if (row.verb == "expect-rank" || row.verb == "expect-queue") return CheckOrder(row);
  if (row.verb == "due") return CheckDue(row);
  if (row.verb == "overdue") return CheckOverdue(row);
  if (row.verb == "journal") return CheckJournal(row);
  return std::nullopt;
}

}  // namespace landbook::registry
