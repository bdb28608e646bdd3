#include "services/registry/act_rows_testing.h"

#include <algorithm>
#include <fstream>
#include <memory>
#include <sstream>
#include <utility>

#include "fmt/format.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "google/protobuf/text_format.h"
#include "services/common/identity.h"
#include "storage/check.h"

namespace landbook::registry {
namespace {

constexpr std::string_view kArrow = "->";

// The words of a line; a word may hold "quoted text" with blanks.
std::vector<std::string> Words(const std::string& line) {
  std::vector<std::string> words;
  std::string word;
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ' ' && !quoted) {
      if (!word.empty()) words.push_back(std::exchange(word, {}));
    } else {
      word.push_back(c);
    }
  }
  if (!word.empty()) words.push_back(word);
  return words;
}

ActRow RowOf(const std::string& line, int number) {
  ActRow row;
  row.line = number;
  bool expecting = false;
  for (const std::string& word : Words(line)) {
    const std::size_t equals = word.find('=');
    if (word == kArrow) {
      expecting = true;
    } else if (expecting) {
      row.expected.push_back(word);
    } else if (row.verb.empty()) {
      row.verb = word;
    } else if (equals != std::string::npos) {
      row.facts[word.substr(0, equals)] = word.substr(equals + 1);
    } else {
      LANDBOOK_CHECK(row.name.empty());
      row.name = word;
    }
  }
  return row;
}

const std::map<std::string, v1::RecordKind>& KindsMade() {
  static const auto& kinds =
      *new std::map<std::string, v1::RecordKind>{{"collective", v1::RECORD_KIND_PARTY},
                                                 {"person", v1::RECORD_KIND_PARTY},
                                                 {"household", v1::RECORD_KIND_PARTY},
                                                 {"organisation", v1::RECORD_KIND_PARTY},
                                                 {"authority", v1::RECORD_KIND_PARTY},
                                                 {"unit", v1::RECORD_KIND_UNIT},
                                                 {"grant", v1::RECORD_KIND_RIGHT},
                                                 {"carry", v1::RECORD_KIND_RIGHT},
                                                 {"mortgage", v1::RECORD_KIND_MORTGAGE},
                                                 {"carry-mortgage", v1::RECORD_KIND_MORTGAGE},
                                                 {"carry-contract", v1::RECORD_KIND_CONTRACT},
                                                 {"carry-certificate", v1::RECORD_KIND_CERTIFICATE},
                                                 {"caution", v1::RECORD_KIND_CAUTION},
                                                 {"certify", v1::RECORD_KIND_CERTIFICATE},
                                                 {"resolution", v1::RECORD_KIND_RESOLUTION},
                                                 {"file", v1::RECORD_KIND_FILING},
                                                 {"ranks", v1::RECORD_KIND_RANK_AGREEMENT},
                                                 {"merge-households", v1::RECORD_KIND_PARTY}};
  return kinds;
}

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

// A reason with the field it is about, as rows write it.
std::string Told(const v1::Refusal& refusal, bool with_field) {
  if (!with_field) return refusal.reason();
  constexpr std::string_view kCommit = "commit.";
  const std::string& field = refusal.field();
  // "commit.acts[0].grant_right.term" is told as "term": the row says which act.
  std::string rest = field.substr(std::min(field.size(), kCommit.size()));
  if (rest.starts_with("acts[")) {
    const std::size_t act = rest.find('.');
    const std::size_t dot = act == std::string::npos ? act : rest.find('.', act + 1);
    rest = dot == std::string::npos ? "" : rest.substr(dot + 1);
  }
  return fmt::format("{}@{}", refusal.reason(), rest);
}

// What was told, in the words of the row: with fields where the row has them.
std::string Compare(const ActRow& row, const Decided& decided) {
  std::vector<std::string> told;
  for (std::size_t i = 0; i < decided.refusals.size(); ++i) {
    const bool with_field =
        i < row.expected.size() && row.expected[i].find('@') != std::string::npos;
    told.push_back(Told(decided.refusals[i], with_field));
  }
  if (told == row.expected) return {};
  return fmt::format("line {}: expected [{}], was [{}]{}", row.line, fmt::join(row.expected, " "),
                     fmt::join(told, " "),
                     decided.accepted() ? "" : ": " + decided.refusals.front().message_en());
}

// Every refusal speaks both languages, has its number and does not leave a placeholder unfilled.
std::string CheckSentences(const ActRow& row, const Decided& decided) {
  for (const v1::Refusal& refusal : decided.refusals) {
    if (refusal.message_en().size() > 10 && refusal.message_zh().size() > 10) continue;
    return fmt::format("line {}: {} says too little", row.line, refusal.reason());
  }
  return {};
}

v1::Plot PlotOf(const ActRow& row) {
  v1::Plot plot;
  plot.set_code(row.Fact("code"));
  plot.set_kind(row.Fact("kind"));
  plot.set_division(row.Fact("division"));
  plot.set_tier(row.Fact("kind") == "ownership" ? "ownership" : "surface");
  plot.set_recorded_area_m2("100.00");
  plot.set_unconfirmed(row.Has("unconfirmed"));
  plot.set_state(row.Has("ended") ? v1::RECORD_STATE_ENDED : v1::RECORD_STATE_LIVE);
  return plot;
}

}  // namespace

std::string ActRow::Fact(const std::string& key, std::string_view otherwise) const {
  const auto found = facts.find(key);
  return found == facts.end() ? std::string(otherwise) : found->second;
}

std::vector<std::string> Parts(std::string_view text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream{std::string(text)};
  std::string part;
  while (std::getline(stream, part, separator)) parts.push_back(part);
  return parts;
}

ActCaseFile ReadActCases(const std::string& path) {
  std::ifstream stream(path);
  LANDBOOK_CHECK(stream.good());
  ActCaseFile file;
  std::string line;
  for (int number = 1; std::getline(stream, line); ++number) {
    const std::size_t begin = line.find_first_not_of(' ');
    if (begin == std::string::npos || line[begin] == '#') continue;
    if (line.starts_with("case ")) {
      file.cases.push_back({line.substr(5), {}});
      continue;
    }
    auto& rows = file.cases.empty() ? file.world : file.cases.back().rows;
    rows.push_back(RowOf(line, number));
  }
  return file;
}

bool ActRowRunner::RunSetting(const ActRow& row) {
  if (row.verb == "day") {
    bench_.day = row.name;
  } else if (row.verb == "document") {
    document_number_ = row.name == "none" ? "" : row.name;
  } else if (row.verb == "asking") {
    bench_.validate_only = row.name == "yes";
  } else if (row.verb == "invariants") {
    bench_.invariants = row.name == "yes";
  } else if (row.verb == "form") {
    bench_.form_only = row.name == "yes";
  } else if (row.verb == "import") {
    bench_.from_import = row.name == "yes";
  } else if (row.verb == "book") {
    bench_.SetBookState(row.name == "preparing" ? v1::BOOK_STATE_PREPARING
                        : row.name == "open"    ? v1::BOOK_STATE_OPEN
                                                : v1::BOOK_STATE_CLOSED);
  } else if (row.verb == "actor") {
    const auto role = common::RoleNamed(row.name);
    LANDBOOK_CHECK(role.has_value());
    bench_.actor.set_role(*role);
    bench_.actor.clear_via();
    if (row.Has("via")) bench_.actor.add_via(row.Fact("via"));
  } else if (row.verb == "used") {
    bench_.UseSerial(row.Fact("family"), std::stoull(row.Fact("serial")));
  } else if (row.verb == "plot") {
    named_[row.name] = {v1::RECORD_KIND_PLOT, bench_.Given(PlotOf(row))};
  } else {
    return false;
  }
  return true;
}

std::string ActRowRunner::CheckRecord(const ActRow& row) const {
  const auto found = named_.find(row.name);
  if (found == named_.end()) return fmt::format("line {}: nothing is named {}", row.line, row.name);
  const auto record = NewRecord(found->second.kind);
  const std::string bytes = bench_.RecordBytes(found->second.kind, found->second.number);
  LANDBOOK_CHECK(!bytes.empty() && record->ParseFromString(bytes));
  for (const auto& [path, wanted] : row.facts) {
    const std::string text = FieldText(*record, path);
    if (!IsAsWanted(text, wanted)) {
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
  for (const auto& [key, bytes] : bench_.AllRecords()) {
    const auto before = before_.find(key);
    const bool changed = before == before_.end() || before->second != bytes;
    if (changed && std::find(allowed.begin(), allowed.end(), key) == allowed.end()) {
      return fmt::format("line {}: {} {} changed too", row.line,
                         v1::RecordKind_Name(static_cast<v1::RecordKind>(key.first)), key.second);
    }
  }
  return {};
}

// Gives what an accepted act has made the row's names: a split's parts theirs, an advance that of
// the right it was withdrawn with, a day of the calendar its date.
void ActRowRunner::Name(const ActRow& row) {
  const auto kind = KindsMade().find(row.verb);
  if (kind != KindsMade().end()) named_[row.name] = {kind->second, last_.created.back()};
  if (row.verb == "split-household") {
    const auto parts = Parts(row.Fact("into"), ';');
    for (std::size_t i = 0; i < parts.size(); ++i) {
      named_[Parts(parts[i], ':')[0]] = {v1::RECORD_KIND_PARTY, last_.created.at(i)};
    }
  }
  if (row.verb == "withdraw" && row.Has("advance")) {
    named_[row.name + ".advance"] = {v1::RECORD_KIND_FUND_ADVANCE, last_.created.back()};
  }
  if (row.verb == "calendar") {
    for (const v1::Effect& effect : last_.records.back().effects()) {
      named_[fmt::format("day{}", effect.number())] = {effect.kind(), effect.number()};
    }
  }
}

std::string ActRowRunner::RunAct(const ActRow& row) {
  v1::Commit commit;
  commit.set_document_number(document_number_);
  const auto act = ActOfRow(row, {bench_, named_}, &commit);
  if (!act) return fmt::format("line {}: no such act: {}", row.line, row.verb);
  *commit.add_acts() = *act;
  before_ = bench_.AllRecords();
  last_ = bench_.Commit(commit);
  if (last_.accepted()) Name(row);
  std::string fault = Compare(row, last_);
  return fault.empty() ? CheckSentences(row, last_) : fault;
}

std::string ActRowRunner::Run(const ActRow& row) {
  if (RunSetting(row)) return {};
  if (row.verb == "expect") return CheckRecord(row);
  if (row.verb == "only") return CheckUnchanged(row);
  if (row.verb != "journal") return RunAct(row);
  for (const auto& [path, wanted] : row.facts) {
    LANDBOOK_CHECK(!last_.records.empty());
    const std::string text = FieldText(last_.records.back(), path);
    if (!IsAsWanted(text, wanted)) {
      return fmt::format("line {}: the act's {} should be {}, is {}", row.line, path, wanted, text);
    }
  }
  return {};
}

}  // namespace landbook::registry
