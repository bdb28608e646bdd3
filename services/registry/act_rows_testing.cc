#include "services/registry/act_rows_testing.h"

#include <algorithm>
#include <fstream>
#include <memory>
#include <sstream>
#include <utility>

#include "fmt/format.h"
#include "services/common/identity.h"
#include "services/registry/act_row_making_testing.h"
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
                                                 {"merge-households", v1::RECORD_KIND_PARTY},
                                                 {"accept", v1::RECORD_KIND_CASE}};
  return kinds;
}

// How a row tells a refusal: by its reason or, as ids of rules have a dash, by its rule; with the
// field that it is about or without.
std::string Told(const v1::Refusal& refusal, const std::string& wanted) {
  const bool by_rule = wanted.substr(0, wanted.find('@')).find('-') != std::string::npos;
  const std::string& said = by_rule ? refusal.rule() : refusal.reason();
  if (wanted.find('@') == std::string::npos) return said;
  constexpr std::string_view kCommit = "commit.";
  const std::string& field = refusal.field();
  // "commit.acts[0].grant_right.term" is told as "term": the row says which act.
  std::string rest = field.substr(std::min(field.size(), kCommit.size()));
  if (rest.starts_with("acts[")) {
    const std::size_t act = rest.find('.');
    const std::size_t dot = act == std::string::npos ? act : rest.find('.', act + 1);
    rest = dot == std::string::npos ? "" : rest.substr(dot + 1);
  }
  return fmt::format("{}@{}", said, rest);
}

// What was told, in the words of the row: with fields where the row has them.
std::string Compare(const ActRow& row, const Decided& decided) {
  std::vector<std::string> told;
  for (std::size_t i = 0; i < decided.refusals.size(); ++i) {
    const v1::Refusal& refusal = decided.refusals[i];
    // What was not expected is told by its rule, or its reason for form, with the field.
    const std::string unexpected = refusal.rule().empty() ? "@" : "-@";
    told.push_back(Told(refusal, i < row.expected.size() ? row.expected[i] : unexpected));
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
  plot.set_recorded_area_m2(row.Fact("area", "100.00"));
  plot.set_land_use(row.Fact("use"));
  if (row.Has("basic-farmland")) {
    v1::Attribute& attribute = *plot.add_attributes();
    attribute.set_key("SFJBNT");
    attribute.set_value("1");
  }
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

// What stands on a plot, put without an act.
void ActRowRunner::Build(const ActRow& row) {
  const std::uint64_t number = named_.at(row.name).number;
  auto plot = bench_->Read<v1::Plot>(number);
  plot.clear_structures();
  v1::Structure& structure = *plot.add_structures();
  structure.set_description("house");
  structure.set_begun_date(row.Fact("begun"));
  structure.set_completed_date(row.Fact("finished"));
  structure.set_permit_number(row.Fact("permit"));
  bench_->Replace(number, plot);
}

ActRow ActRowRunner::InCounty(ActRow row) const {
  const auto fill = [&](std::string* text) {
    constexpr std::string_view kCode = "{c}";
    for (std::size_t at = text->find(kCode); at != std::string::npos; at = text->find(kCode)) {
      text->replace(at, kCode.size(), county_.code);
    }
  };
  fill(&row.name);
  for (auto& [key, value] : row.facts) fill(&value);
  return row;
}

// What the acts behind it are decided under.
bool ActRowRunner::RunSetting(const ActRow& row) {
  if (row.verb == "county") {
    county_ = {row.name, row.Fact("pack", "sample")};
    bench_ = std::make_unique<ActBench>(county_);
  } else if (row.verb == "day") {
    bench_->day = row.name;
  } else if (row.verb == "accepted") {
    bench_->accepted = row.name;
  } else if (row.verb == "document") {
    document_number_ = row.name == "none" ? "" : row.name;
  } else if (row.verb == "asking") {
    bench_->validate_only = row.name == "yes";
  } else if (row.verb == "invariants") {
    bench_->invariants = row.name == "yes";
  } else if (row.verb == "form") {
    bench_->form_only = row.name == "yes";
  } else if (row.verb == "import") {
    bench_->from_import = row.name == "yes";
  } else if (row.verb == "together") {
    together_ = Together{{}, {}, {}, named_, {}};
  } else {
    return RunOffice(row);
  }
  return true;
}

// Who acts on which book, and what is in it by no act.
bool ActRowRunner::RunOffice(const ActRow& row) {
  if (row.verb == "book") {
    bench_->SetBookState(row.name == "preparing" ? v1::BOOK_STATE_PREPARING
                         : row.name == "open"    ? v1::BOOK_STATE_OPEN
                                                 : v1::BOOK_STATE_CLOSED);
  } else if (row.verb == "actor") {
    const auto role = common::RoleNamed(row.name);
    LANDBOOK_CHECK(role.has_value());
    bench_->actor.set_role(*role);
    bench_->actor.clear_via();
    if (row.Has("via")) bench_->actor.add_via(row.Fact("via"));
  } else if (row.verb == "by-hand" || row.verb == "by-case") {
    ByHand(row);
  } else if (row.verb == "used") {
    bench_->UseSerial(row.Fact("family"), std::stoull(row.Fact("serial")));
  } else if (row.verb == "plot") {
    named_[row.name] = {v1::RECORD_KIND_PLOT, bench_->Given(PlotOf(row))};
  } else if (row.verb == "structure") {
    Build(row);
  } else if (row.verb == "officer") {
    officers_.Add(row);
  } else {
    return false;
  }
  return true;
}

// "by-hand D-7" is an administrator's hand with that document, "by-hand none" a registrar's without
// a case; "by-case" lets cases stand behind the acts again.
void ActRowRunner::ByHand(const ActRow& row) {
  const bool by_case = row.verb == "by-case";
  const bool registrar = by_case || row.name == "none";
  bench_->by_case = by_case;
  bench_->actor.set_role(registrar ? v1::ROLE_REGISTRAR : v1::ROLE_ADMINISTRATOR);
  bench_->actor.clear_via();
  if (!by_case) document_number_ = registrar ? "" : row.name;
}

// Gives what an act has made the row's names: a split's parts theirs, an advance that of the right
// it was withdrawn with, a day of the calendar its date.
void ActRowRunner::Name(const ActRow& row, const std::vector<std::uint64_t>& created) {
  const auto kind = KindsMade().find(row.verb);
  if (kind != KindsMade().end()) named_[row.name] = {kind->second, created.back()};
  if (row.verb == "split-household") {
    const auto parts = Parts(row.Fact("into"), ';');
    for (std::size_t i = 0; i < parts.size(); ++i) {
      named_[Parts(parts[i], ':')[0]] = {v1::RECORD_KIND_PARTY, created.at(i)};
    }
  }
  if (row.verb == "split") {
    const auto parts = Parts(row.Fact("parts"), ',');
    const auto rights = RightsInPlot(row.name);
    const std::size_t each = created.size() / parts.size();  // a plot, its unit, the rights in it
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const std::string part = Parts(parts[i], ':')[0];
      named_[part] = {v1::RECORD_KIND_PLOT, created.at(i * each)};
      for (std::size_t right = 0; right < rights.size(); ++right) {
        named_[rights[right] + "." + part] = {v1::RECORD_KIND_RIGHT,
                                              created.at((i + 1) * each - rights.size() + right)};
      }
    }
  }
  if (row.verb == "accept") named_[row.name + ".caution"] = {v1::RECORD_KIND_CAUTION, created[0]};
  if (row.verb == "withdraw" && row.Has("advance")) {
    named_[row.name + ".advance"] = {v1::RECORD_KIND_FUND_ADVANCE, created.back()};
  }
  if (row.verb == "calendar") {
    for (const v1::Effect& effect : last_.records.back().effects()) {
      named_[fmt::format("day{}", effect.number())] = {effect.kind(), effect.number()};
    }
  }
}

std::vector<std::string> ActRowRunner::RightsInPlot(const std::string& plot) const {
  std::map<std::uint64_t, std::string> rights;
  for (const auto& [name, record] : named_) {
    if (record.kind != v1::RECORD_KIND_RIGHT || record.within) continue;
    const auto right = bench_->Read<v1::Right>(record.number);
    const bool taken_along =
        right.state() == v1::RECORD_STATE_LIVE || right.ended_cause() == "split";
    const auto unit = bench_->Read<v1::Unit>(right.unit());
    if (taken_along && unit.plot() == named_.at(plot).number) rights[record.number] = name;
  }
  std::vector<std::string> names;
  for (const auto& [number, name] : rights) names.push_back(name);
  return names;
}

// The names of what an act of the commit under way will have made.
void ActRowRunner::NameWithin(const ActRow& row, std::uint32_t act) {
  const auto name = [&](const std::string& made, v1::RecordKind kind, std::size_t place) {
    v1::CreatedBy created;
    created.set_act(act);
    created.set_created(static_cast<std::uint32_t>(place));
    named_[made] = {kind, 0, created};
  };
  const auto kind = KindsMade().find(row.verb);
  if (kind != KindsMade().end()) name(row.name, kind->second, 0);
  if (row.verb == "split") {
    const auto parts = Parts(row.Fact("parts"), ',');
    const auto rights = RightsInPlot(row.name);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const std::string part = Parts(parts[i], ':')[0];
      name(part, v1::RECORD_KIND_PLOT, i);
      for (std::size_t right = 0; right < rights.size(); ++right) {
        name(rights[right] + "." + part, v1::RECORD_KIND_RIGHT, i * rights.size() + right);
      }
    }
  }
  if (row.verb != "split-household") return;
  const auto parts = Parts(row.Fact("into"), ';');
  for (std::size_t i = 0; i < parts.size(); ++i) {
    name(Parts(parts[i], ':')[0], v1::RECORD_KIND_PARTY, i);
  }
}

std::string ActRowRunner::AddAct(const ActRow& row) {
  if (together_->commit.acts_size() > 0) {
    for (const v1::ActRecord& record : bench_->Preview(together_->commit).records) {
      for (const v1::Effect& effect : record.effects()) {
        together_->changed.emplace(effect.kind(), effect.number());
      }
    }
  }
  const auto act = ActOfRow(row, {*bench_, named_, together_->changed}, &together_->commit);
  if (!act) return fmt::format("line {}: no such act: {}", row.line, row.verb);
  *together_->commit.add_acts() = *act;
  together_->rows.push_back(row);
  if (CaseStepBuilders().contains(row.verb)) together_->officer = row.Fact("by");
  NameWithin(row, static_cast<std::uint32_t>(together_->commit.acts_size() - 1));
  return {};
}

// Commits what was gathered; `row` says what is expected of it.
std::string ActRowRunner::RunCommit(const ActRow& row) {
  Together gathered = *std::exchange(together_, std::nullopt);
  named_ = std::move(gathered.named_before);
  gathered.commit.set_document_number(document_number_);
  before_ = bench_->AllRecords();
  const v1::Actor actor = bench_->actor;
  if (!gathered.officer.empty()) {
    bench_->actor =
        officers_.ActorFor(gathered.officer, *gathered.commit.acts().rbegin(), bench_->day);
  } else if (row.verb == "household" && bench_->by_case && actor.role() == v1::ROLE_REGISTRAR) {
    // Whose members no assembly of the story confirms (D-08).
    bench_->actor.set_role(v1::ROLE_ADMINISTRATOR);
    gathered.commit.set_document_number("D-0");
  }
  last_ = bench_->Commit(gathered.commit);
  bench_->actor = actor;
  for (std::size_t i = 0; last_.accepted() && i < gathered.rows.size(); ++i) {
    Name(gathered.rows[i], last_.created[i]);
  }
  std::string fault = Compare(row, last_);
  return fault.empty() ? CheckSentences(row, last_) : fault;
}

// "load TEXT": a pack of the county's own under its chain, with the rules of the text.
std::string ActRowRunner::LoadPack(const ActRow& row) const {
  std::vector<std::string> chain = bench_->policy().chain();
  chain.push_back(
      fmt::format("code: 'own' version: 1 title: '本县' parent: '{}' divisions: '{}' {}",
                  bench_->policy().code(), county_.code, row.name));
  const auto policy = common::Policy::FromTexts(chain);
  Decided decided;
  if (!policy.ok()) decided.refusals = policy.refusals();
  std::string fault = Compare(row, decided);
  return fault.empty() ? CheckSentences(row, decided) : fault;
}

// Says what stands in the way of what was gathered, and keeps nothing.
std::string ActRowRunner::Explain(const ActRow& row) {
  Together gathered = *std::exchange(together_, std::nullopt);
  named_ = std::move(gathered.named_before);
  const v1::Actor actor = bench_->actor;
  bench_->actor =
      officers_.ActorFor(gathered.officer, *gathered.commit.acts().rbegin(), bench_->day);
  const bool asking = std::exchange(bench_->validate_only, true);
  Decided decided = bench_->Preview(gathered.commit);
  bench_->validate_only = asking;
  bench_->actor = actor;
  return Compare(row, decided);
}

std::string ActRowRunner::RunWorld(const std::string& name) {
  const std::string path = fmt::format("{}/tests/acts/worlds/{}.rows", LANDBOOK_SOURCE_DIR, name);
  for (const ActRow& row : ReadActCases(path).world) {
    const std::string fault = Run(row);
    if (!fault.empty()) return fmt::format("world {}: {}", name, fault);
  }
  return {};
}

std::string ActRowRunner::Run(const ActRow& written) {
  const ActRow row = InCounty(written);
  if (RunSetting(row)) return {};
  if (row.verb == "world") return RunWorld(row.name);
  if (RunDraft(row)) return {};
  if (row.verb == "load") return LoadPack(row);
  if (auto checked = Check(row)) return *std::move(checked);
  if (row.verb == "done") return RunCommit(row);
  if (row.verb == "accept" || row.verb == "supplement" || row.verb == "explain") {
    return BringApplication(row);
  }
  if (row.verb == "register" && !together_) return RegisterCase(row);
  if (together_) return AddAct(row);
  together_ = Together{{}, {}, {}, named_, {}};
  const std::string fault = AddAct(row);
  if (fault.empty()) return RunCommit(row);
  together_.reset();
  return fault;
}

}  // namespace landbook::registry
