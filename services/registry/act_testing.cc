#include "services/registry/act_testing.h"

#include <array>
#include <utility>

#include "geo/area.h"
#include "services/registry/act_law.h"
#include "services/registry/acts.h"
#include "services/registry/case_of_commit.h"
#include "services/registry/invariants.h"
#include "services/registry/law_state.h"
#include "services/registry/private_vault.h"
#include "storage/bytes.h"
#include "storage/check.h"

namespace landbook::registry {
namespace {

constexpr BookNumber kBook = 1;

// Read once: every case of every file has a bench of its own.
const common::Policy& PolicyNamed(const std::string& pack) {
  static auto* const known = new std::map<std::string, common::Policy>;
  auto found = known->find(pack);
  if (found == known->end()) {
    auto policy = common::Policy::FromTexts(PackChainForTests(pack));
    LANDBOOK_CHECK(policy.ok());
    found = known->emplace(pack, *std::move(policy)).first;
  }
  return found->second;
}

storage::Secret SecretOf(std::uint8_t byte) {
  std::array<std::uint8_t, storage::Secret::kSize> bytes{};
  bytes.fill(byte);
  return storage::Secret(bytes);
}

v1::AdoptedPack AdoptedPackOf(const common::Policy& policy) {
  v1::AdoptedPack pack;
  pack.set_code(policy.code());
  pack.set_version(policy.version());
  for (const std::string& text : policy.chain()) pack.add_chain(text);
  return pack;
}

}  // namespace

std::vector<std::string> PackChainForTests(const std::string& pack) {
  auto chain =
      common::PackChainFromDirectory(std::string(LANDBOOK_SOURCE_DIR) + "/deploy/policy", pack);
  LANDBOOK_CHECK(chain.ok());
  return *std::move(chain);
}

std::vector<std::string> SampleChainForTests() { return PackChainForTests("sample"); }

std::vector<std::string> Decided::reasons() const {
  std::vector<std::string> names;
  for (const v1::Refusal& refusal : refusals) names.push_back(refusal.reason());
  return names;
}

ActBench::ActBench(const BenchCounty& county)
    : secrets_{SecretOf(1), SecretOf(2), SecretOf(3)},
      policy_(PolicyNamed(county.pack)),
      rules_(law::PackRules::OfPolicy(policy_)),
      vault_(MakePrivateVault(kBook, storage::Suite::Sha256Ed25519(), secrets_, random_)) {
  actor.set_principal("registrar");
  actor.set_role(v1::ROLE_REGISTRAR);
  v1::BookRecord book;
  book.set_code(county.code);
  book.set_pack(Given(AdoptedPackOf(policy_)));
  LANDBOOK_CHECK(Fold(&state_, kBook, ++sequence_)
                     .Apply(v1::RECORD_KIND_BOOK, 0, book.SerializeAsString())
                     .ok());
  SetBookState(v1::BOOK_STATE_OPEN);
}

CommitVerdict ActBench::VerdictOf(const v1::Commit& commit) const {
  CommitVerdict verdict;
  for (int i = 0; i < commit.acts_size(); ++i) {
    const auto& parts = commit.acts(i).split_plot().parts();
    for (int part = 0; part < parts.size(); ++part) {
      const v1::Tier& tier = *policy_.TierNamed(policy_.PlotKindNamed(parts[part].kind())->tier());
      verdict.boundaries.push_back(
          {.act = static_cast<std::uint32_t>(i),
           .part = static_cast<std::uint32_t>(part),
           .tier = static_cast<std::uint8_t>(tier.number()),
           .compact = {},
           .box = {},
           .computed_area_hundredths_m2 =
               geo::ParseHundredths(parts[part].stated_area_m2()).value_or(0)});
    }
  }
  return verdict;
}

Decided ActBench::Decide(const v1::Commit& commit, bool whole, Overlay* changes) {
  const CommitVerdict verdict = VerdictOf(commit);
  const VersionReader state(changes, kBook);
  const auto the_case = CaseOf(commit, state);
  const auto governing = GoverningPackOf(the_case, state);
  ActContext context(changes, kBook,
                     {.commit = &commit,
                      .actor = actor,
                      .sequence = sequence_ + 1,
                      .day = day,
                      .case_number = the_case ? the_case->number : 0,
                      .law_day = the_case ? the_case->accepted_date : accepted,
                      .from_import = from_import,
                      .validate_only = validate_only,
                      .policy = governing ? &governing->policy : &policy_,
                      .rules = governing ? &governing->rules : &rules_,
                      .verdict = &verdict,
                      .vault = vault_.get()});
  for (int i = 0; i < commit.acts_size(); ++i) {
    const std::size_t before = context.refusal_count();
    context.BeginAct(static_cast<std::uint32_t>(i), ActName(commit.acts(i)));
    if (form_only) {
      DecideForm(commit.acts(i), &context);
    } else {
      DecideAct(commit.acts(i), &context);
    }
    // An act that refuses has put nothing.
    LANDBOOK_CHECK(context.refusal_count() == before || context.record().effects().empty());
  }
  LANDBOOK_CHECK(context.status().ok());
  if (whole && !form_only && context.refusals().empty()) AskLawOfWhole(&context);
  if (by_case) {
    std::erase_if(context.refusals(),
                  [](const v1::Refusal& told) { return told.rule() == "K-01"; });
  }
  if (whole && invariants && context.refusals().empty()) CheckInvariants(&context);
  Decided decided{std::move(context.refusals()), std::move(context.records()), {}};
  for (const auto& of_act : context.created()) {
    auto& numbers = decided.created.emplace_back();
    for (const auto& created : of_act) numbers.push_back(created.number);
  }
  return decided;
}

Decided ActBench::Commit(const v1::Commit& commit) {
  Overlay changes(&state_);
  Decided decided = Decide(commit, /*whole=*/true, &changes);
  if (!decided.accepted()) return {std::move(decided.refusals), {}, {}};
  state_.Absorb(std::move(changes));
  ++sequence_;
  return decided;
}

Decided ActBench::Preview(const v1::Commit& commit) {
  Overlay changes(&state_);
  return Decide(commit, /*whole=*/false, &changes);
}

Decided ActBench::Do(const v1::Act& act) {
  v1::Commit commit;
  *commit.add_acts() = act;
  return Commit(commit);
}

std::uint64_t ActBench::GivenBytes(v1::RecordKind kind, const std::string& bytes) {
  const std::uint64_t number = ReadNumber(state_, NumberCounterKey(kBook, kind)) + 1;
  PutBytes(kind, number, bytes);
  return number;
}

void ActBench::PutBytes(v1::RecordKind kind, std::uint64_t number, const std::string& bytes) {
  LANDBOOK_CHECK(Fold(&state_, kBook, ++sequence_).Apply(kind, number, bytes).ok());
}

void ActBench::AskState(const std::function<void(const law::State&)>& ask) {
  const v1::Commit commit;
  const CommitVerdict verdict;
  Overlay changes(&state_);
  const ActContext context(&changes, kBook,
                           {.commit = &commit,
                            .actor = actor,
                            .sequence = sequence_ + 1,
                            .day = day,
                            .policy = &policy_,
                            .rules = &rules_,
                            .verdict = &verdict,
                            .vault = vault_.get()});
  ask(LawState(context));
}

void ActBench::SetBookState(v1::BookState state) {
  auto book = Read<v1::BookRecord>(0);
  book.set_state(state);
  LANDBOOK_CHECK(Fold(&state_, kBook, ++sequence_)
                     .Apply(v1::RECORD_KIND_BOOK, 0, book.SerializeAsString())
                     .ok());
}

void ActBench::UseSerial(const std::string& family, std::uint64_t serial) {
  std::string bytes;
  storage::AppendU64(bytes, serial);
  state_.Put(SerialCounterKey(kBook, family), std::move(bytes));
}

std::string ActBench::RecordBytes(v1::RecordKind kind, std::uint64_t number) const {
  return VersionReader(&state_, kBook).Value(RecordKey(kind, number)).value_or("");
}

std::string ActBench::EtagOf(v1::RecordKind kind, std::uint64_t number) const {
  const auto version = VersionReader(&state_, kBook).Get(RecordKey(kind, number));
  return version ? std::to_string(version->from) : "";
}

std::size_t ActBench::RightsHeldBy(std::uint64_t party, const std::string& type) const {
  std::size_t held = 0;
  VersionReader(&state_, kBook)
      .Scan(TableKey(Table::kRightsOfHolder).U64(party),
            [&](std::string_view key, std::uint64_t, std::string_view) {
              const auto right = Read<v1::Right>(
                  storage::ByteReader(key.substr(key.size() - sizeof(std::uint64_t))).ReadU64());
              const bool stands = right.state() == v1::RECORD_STATE_LIVE;
              held += stands && right.type() == type ? 1 : 0;
              return true;
            });
  return held;
}

std::map<std::pair<int, std::uint64_t>, std::string> ActBench::AllRecords() const {
  std::map<std::pair<int, std::uint64_t>, std::string> all;
  for (const v1::RecordKind kind :
       {v1::RECORD_KIND_PARTY, v1::RECORD_KIND_PLOT, v1::RECORD_KIND_UNIT, v1::RECORD_KIND_RIGHT,
        v1::RECORD_KIND_CONTRACT, v1::RECORD_KIND_MORTGAGE, v1::RECORD_KIND_CAUTION,
        v1::RECORD_KIND_CERTIFICATE, v1::RECORD_KIND_RESOLUTION, v1::RECORD_KIND_FILING,
        v1::RECORD_KIND_RANK_AGREEMENT, v1::RECORD_KIND_FUND_ADVANCE, v1::RECORD_KIND_CASE,
        v1::RECORD_KIND_APPLICATION}) {
    const std::uint64_t last = ReadNumber(state_, NumberCounterKey(kBook, kind));
    for (std::uint64_t number = 1; number <= last; ++number) {
      all[{kind, number}] = RecordBytes(kind, number);
    }
  }
  return all;
}

}  // namespace landbook::registry
