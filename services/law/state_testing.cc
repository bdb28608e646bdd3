#include "services/law/state_testing.h"

#include <absl/strings/str_split.h>

#include <algorithm>
#include <tuple>

#include "fmt/format.h"

namespace landbook::law {
namespace {

// Read once: a property asks for a village again and again.
common::Policy PolicyOf(std::string_view pack) {
  static auto* const known = new std::map<std::string, common::Policy, std::less<>>;
  if (const auto found = known->find(pack); found != known->end()) return found->second;
  const auto chain = common::PackChainFromDirectory(LANDBOOK_SOURCE_DIR "/deploy/policy", pack);
  EXPECT_TRUE(chain.ok());
  auto policy = common::Policy::FromTexts(*chain);
  for (const v1::Refusal& refusal : policy.ok() ? common::RefusalList{} : policy.refusals()) {
    ADD_FAILURE() << refusal.field() << ": " << refusal.message_en();
  }
  known->emplace(pack, *policy);
  return *policy;
}

template <typename Numbers>
bool Contains(const Numbers& numbers, std::uint64_t number) {
  return std::find(numbers.begin(), numbers.end(), number) != numbers.end();
}

bool IsNamePart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

}  // namespace

std::optional<std::string> MapState::Record(v1::RecordKind kind, std::uint64_t number) const {
  const auto found = records_.find({kind, number});
  if (found == records_.end()) return std::nullopt;
  return found->second;
}

template <typename Linking, typename From>
std::vector<std::uint64_t> MapState::Those(From is_linked) const {
  std::vector<std::uint64_t> numbers;
  for (const auto& [key, bytes] : records_) {
    Linking record;
    if (key.first != kKindOf<Linking> || !record.ParseFromString(bytes)) continue;
    if (is_linked(record)) numbers.push_back(key.second);
  }
  return numbers;
}

std::vector<std::uint64_t> MapState::Linked(Link link, std::uint64_t from) const {
  switch (link) {
    case Link::kUnitsOfPlot:
      return Those<v1::Unit>([&](const auto& unit) { return unit.plot() == from; });
    case Link::kRightsOfUnit:
      return Those<v1::Right>([&](const auto& right) { return right.unit() == from; });
    case Link::kRightsOfHolder:
      return Those<v1::Right>([&](const auto& right) { return HoldersOf(right).contains(from); });
    case Link::kRightsOfParent:
      return Those<v1::Right>([&](const auto& right) { return right.parent() == from; });
    case Link::kMortgagesOfRight:
      return Those<v1::Mortgage>(
          [&](const auto& mortgage) { return Contains(mortgage.rights(), from); });
    case Link::kCautionsOfUnit:
      return Those<v1::Caution>([&](const auto& caution) { return caution.unit() == from; });
    case Link::kRankAgreementsOfRight:
      return Those<v1::RankAgreement>(
          [&](const auto& agreement) { return agreement.right() == from; });
    default:
      return Those<v1::Certificate>(
          [&](const auto& certificate) { return certificate.right().number() == from; });
  }
}

std::optional<std::uint64_t> MapState::Resolve(const v1::Reference& reference,
                                               v1::RecordKind kind) const {
  if (reference.target_case() != v1::Reference::kNumber) return std::nullopt;
  if (!records_.contains({kind, reference.number()})) return std::nullopt;
  return reference.number();
}

std::optional<CivilDate> MapState::BirthDate(std::uint64_t person) const {
  const auto found = born_.find(person);
  return found == born_.end() ? std::nullopt : found->second;
}

std::string Say(const std::vector<Told>& told) {
  std::vector<std::string> words;
  for (const Told& one : told) {
    const v1::Refusal& refusal = one.refusal;
    words.push_back(refusal.field().empty()
                        ? refusal.rule()
                        : fmt::format("{}@{}", refusal.rule(), refusal.field()));
    EXPECT_FALSE(refusal.rule().empty()) << refusal.message_en();
    EXPECT_FALSE(refusal.source().empty()) << refusal.rule();
    EXPECT_FALSE(refusal.message_zh().empty()) << refusal.rule();
  }
  return fmt::format("{}", fmt::join(words, " "));
}

Village::Village(std::string_view pack, std::string_view county, CivilDate today)
    : policy_(PolicyOf(pack)),
      pack_(PackRules::OfPolicy(policy_)),
      days_{today, today},
      county_(county) {
  PutParties();
  PutLand();
  PutRights();
}

std::uint64_t Village::NumberOf(const std::string& name) {
  const auto [entry, added] = numbers_.emplace(name, next_);
  if (added) ++next_;
  return entry->second;
}

std::string Village::Expand(const std::string& text) {
  std::string expanded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool reference = text[i] == '$';
    if (!reference && text[i] != '#') {
      expanded += text[i];
      continue;
    }
    if (text.compare(i, 2, "#c") == 0) {  // names begin with a capital
      expanded += county_;
      ++i;
      continue;
    }
    std::string name;
    while (i + 1 < text.size() && IsNamePart(text[i + 1])) name += text[++i];
    expanded += reference ? fmt::format("{{ number: {} }}", NumberOf(name))
                          : fmt::format("{}", NumberOf(name));
  }
  return expanded;
}

void Village::PutPerson(const std::string& name, CivilDate born) {
  state_.SetBirthDate(Put<v1::Party>(name, "person {}"), born);
}

void Village::PutHousehold(const std::string& name, const std::string& collective,
                           const std::vector<std::string>& members) {
  std::string text = fmt::format("household {{ collective: #{} ", collective);
  for (const std::string& member : members) {
    text += fmt::format(
        "members {{ person: #{} standing: MEMBER_STANDING_MEMBER head: {} co_holder: true }} ",
        member, member == members.front());
  }
  Put<v1::Party>(name, text + "}");
}

void Village::PutParties() {
  for (const char* name : {"Township", "CountyGov", "Court", "Fund"}) {
    Put<v1::Party>(name, fmt::format("authority {{ title: '{}' }}", name));
  }
  Put<v1::Party>("Village1", "collective { division: '#c101201' }");
  Put<v1::Party>("Group1", "collective { division: '#c10120101' }");
  Put<v1::Party>("Group2", "collective { division: '#c10120102' }");
  PutPerson("Zhang", {1970, 5, 1});
  PutPerson("Wang", {1972, 3, 8});
  PutPerson("Son", {1998, 7, 7});
  PutPerson("Child", {2012, 6, 1});
  PutPerson("Li", {1965, 1, 1});
  PutPerson("Sun", {1960, 2, 2});
  PutPerson("Zhao", {1980, 10, 10});
  PutPerson("Townsman", {1985, 12, 12});
  PutHousehold("Zhangs", "Group1", {"Zhang", "Wang", "Son", "Child"});
  PutHousehold("Lis", "Group1", {"Li"});
  PutHousehold("Suns", "Group1", {"Sun"});
  PutHousehold("Zhaos", "Group2", {"Zhao"});
  for (const char* name : {"Bank", "Bank2"}) {
    Put<v1::Party>(name,
                   "organisation { organisation_kind: ORGANISATION_KIND_FINANCIAL_INSTITUTION }");
  }
  Put<v1::Party>("Farm", "organisation { organisation_kind: ORGANISATION_KIND_ENTERPRISE }");
}

void Village::PutLand() {
  const std::string live = " state: RECORD_STATE_LIVE ";
  Put<v1::Plot>("Field",
                "kind: 'contracted' division: '#c10120101' code: '#c1012010100001' "
                "recorded_area_m2: '2000.00' land_use: '0101'" +
                    live);
  Put<v1::Plot>("Field2",
                "kind: 'contracted' division: '#c10120101' code: '#c1012010100002' "
                "recorded_area_m2: '1500.00' land_use: '0101'" +
                    live);
  Put<v1::Plot>("Field3",
                "kind: 'contracted' division: '#c10120101' code: '#c1012010100003' "
                "recorded_area_m2: '500.00' land_use: '0101'" +
                    live);
  Put<v1::Plot>("Hill",
                "kind: 'contracted' division: '#c10120101' code: '#c1012010100009' "
                "recorded_area_m2: '9000.00' land_use: '0301'" +
                    live);
  Put<v1::Plot>("Yard",
                "kind: 'homestead' division: '#c101201' code: '#c101201JC00001' "
                "recorded_area_m2: '160.00'" +
                    live);
  Put<v1::Plot>("Yard2",
                "kind: 'homestead' division: '#c101201' code: '#c101201JC00002' "
                "recorded_area_m2: '160.00'" +
                    live);
  Put<v1::Plot>("Works",
                "kind: 'construction' division: '#c101201' code: '#c101201JB00001' "
                "recorded_area_m2: '3000.00'" +
                    live);
  Put<v1::Plot>("Ground", "kind: 'ownership' division: '#c101201' code: '#c101201JA00001'" + live);
  for (const auto& [unit, plot, code] :
       std::vector<std::tuple<std::string, std::string, std::string>>{
           {"FieldU", "Field", "#c101201JD00001W00000000"},
           {"Field2U", "Field2", "#c101201JD00002W00000000"},
           {"Field3U", "Field3", "#c101201JD00003W00000000"},
           {"HillU", "Hill", "#c101201JD00009W00000000"},
           {"YardU", "Yard", "#c101201JC00001F00000001"},
           {"Yard2U", "Yard2", "#c101201JC00002F00000001"},
           {"WorksU", "Works", "#c101201JB00001W00000000"},
           {"GroundU", "Ground", "#c101201JA00001W00000000"}}) {
    Put<v1::Unit>(unit, fmt::format("plot: #{} code: '{}' state: RECORD_STATE_LIVE", plot, code));
  }
}

void Village::PutRights() {
  const std::string live = " state: RECORD_STATE_LIVE ";
  const std::string second_round =
      " term { start_date: '1998-10-01' end_date: '2028-09-30' } "
      "basis: GRANT_BASIS_HOUSEHOLD_CONTRACT" +
      live;
  Put<v1::Right>("Owner",
                 "unit: #GroundU type: 'ownership' holders { party: #Village1 } "
                 "basis: GRANT_BASIS_OWNERSHIP" +
                     live);
  Put<v1::Right>("Contract",
                 "unit: #FieldU type: 'contract' holders { party: #Zhangs }" + second_round);
  Put<v1::Right>("Contract2",
                 "unit: #Field2U type: 'contract' holders { party: #Lis }" + second_round);
  Put<v1::Right>("Wood", "unit: #HillU type: 'contract' holders { party: #Suns }" + second_round);
  Put<v1::Right>("Home",
                 "unit: #YardU type: 'homestead' holders { party: #Zhangs } "
                 "term { start_date: '2000-01-01' no_end: true } "
                 "basis: GRANT_BASIS_EXISTING" +
                     live);
  Put<v1::Right>("Plant",
                 "unit: #WorksU type: 'construction' holders { party: #Farm } "
                 "term { start_date: '2020-01-01' end_date: '2059-12-31' } "
                 "basis: GRANT_BASIS_APPROVED_USE" +
                     live);
}

void Village::Resolve(const std::string& name, const std::string& collective,
                      const std::string& matter) {
  Put<v1::Resolution>(
      name, fmt::format("collective: #{} matters: RESOLUTION_MATTER_{} meeting_date: '2025-06-01' "
                        "state: RECORD_STATE_LIVE",
                        collective, matter));
}

void Village::File(const std::string& name, const std::string& matter, const std::string& rights,
                   const std::string& with) {
  std::string text =
      fmt::format("matter: FILING_MATTER_{} with: #{} date: '2025-01-10' ", matter, with);
  for (const auto right : absl::StrSplit(rights, ',', absl::SkipEmpty())) {
    text += fmt::format("rights: #{} ", std::string(right.data(), right.size()));
  }
  Put<v1::Filing>(name, text);
}

v1::Act Village::ActOf(const std::string& text) {
  v1::Act act;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(Expand(text), &act)) << text;
  return act;
}

v1::Evidence Village::EvidenceOf(const std::string& word) {
  const std::size_t equals = word.find('=');
  std::string kind = word.substr(0, equals);
  for (char& c : kind) c = c == '-' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
  v1::Evidence evidence;
  v1::EvidenceKind parsed = v1::EVIDENCE_KIND_UNSPECIFIED;
  EXPECT_TRUE(v1::EvidenceKind_Parse("EVIDENCE_KIND_" + kind, &parsed)) << word;
  evidence.set_kind(parsed);
  evidence.set_date("2025-01-01");
  if (equals == std::string::npos) return evidence;
  for (const auto part : absl::StrSplit(word.substr(equals + 1), ',')) {
    const std::uint64_t number = NumberOf(std::string(part.data(), part.size()));
    if (parsed == v1::EVIDENCE_KIND_RESOLUTION) {
      evidence.mutable_resolution()->set_number(number);
    } else if (parsed == v1::EVIDENCE_KIND_FILING) {
      evidence.mutable_filing()->set_number(number);
    } else {
      evidence.add_given_by()->set_number(number);
    }
  }
  return evidence;
}

Question Village::Common() const {
  Question question;
  question.state = &state_;
  question.policy = &policy_;
  question.pack = &pack_;
  question.days = days_;
  question.commit = &commit_;
  question.the_case = case_ ? &*case_ : nullptr;
  question.case_number = case_number_;
  question.actor = actor_ ? &*actor_ : nullptr;
  question.at_acceptance = at_acceptance_;
  question.from_import = from_import_;
  question.book_open = book_open_;
  question.by_hand = by_hand_;
  return question;
}

std::string Village::Ask(const std::string& act, const std::string& evidence) {
  const v1::Act asked = ActOf(act);
  std::vector<v1::Evidence> pieces;
  for (const auto word : absl::StrSplit(evidence, ' ', absl::SkipEmpty())) {
    pieces.push_back(EvidenceOf(std::string(word.data(), word.size())));
  }
  Question question = Common();
  question.act = &asked;
  for (const v1::Evidence& piece : pieces) question.evidence.push_back(&piece);
  last_ = Judge(question);
  // Of what is carried over, a rule keeps or refuses, and what it says is told alike.
  std::vector<Told> told = last_.breaches;
  told.insert(told.end(), last_.refusals.begin(), last_.refusals.end());
  return Say(told);
}

std::string Village::AskCommit(const std::vector<std::string>& acts) {
  commit_.clear_acts();
  for (const std::string& act : acts) *commit_.add_acts() = ActOf(act);
  last_ = JudgeCommit(Common());
  return Say(last_.refusals);
}

}  // namespace landbook::law
