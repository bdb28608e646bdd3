#include "services/registry/law_simulation_office_testing.h"

#include "fmt/format.h"
#include "storage/check.h"

namespace landbook::registry {
namespace {

const std::map<std::string, v1::RecordKind>& KindsMade() {
  static const auto& kinds = *new std::map<std::string, v1::RecordKind>{
      {"collective", v1::RECORD_KIND_PARTY}, {"person", v1::RECORD_KIND_PARTY},
      {"household", v1::RECORD_KIND_PARTY},  {"organisation", v1::RECORD_KIND_PARTY},
      {"authority", v1::RECORD_KIND_PARTY},  {"merge-households", v1::RECORD_KIND_PARTY},
      {"unit", v1::RECORD_KIND_UNIT},        {"carry", v1::RECORD_KIND_RIGHT},
      {"grant", v1::RECORD_KIND_RIGHT},      {"mortgage", v1::RECORD_KIND_MORTGAGE},
      {"caution", v1::RECORD_KIND_CAUTION},  {"resolution", v1::RECORD_KIND_RESOLUTION},
      {"file", v1::RECORD_KIND_FILING},      {"accept", v1::RECORD_KIND_CASE}};
  return kinds;
}

// The names of the households that a split makes.
std::vector<std::string> PartsOfSplit(const ActRow& row) {
  std::vector<std::string> names;
  for (const std::string& part : Parts(row.Fact("into"), ';')) names.push_back(Parts(part, ':')[0]);
  return names;
}

v1::Actor Administrator() {
  v1::Actor actor;
  actor.set_principal("Chief");
  actor.set_role(v1::ROLE_ADMINISTRATOR);
  return actor;
}

}  // namespace

SimulatedOffice::SimulatedOffice() {
  bench_.invariants = true;
  bench_.by_case = false;  // whether a case stands behind an act is asked too
  for (const auto& [name, roles] : Officers()) {
    for (const std::string& role : roles) officers_.Add({0, "officer", name, {{"role", role}}, {}});
  }
}

void SimulatedOffice::PutPlot(const std::string& name, const v1::Plot& plot) {
  Call(name, v1::RECORD_KIND_PLOT, bench_.Given(plot));
}

void SimulatedOffice::Call(const std::string& name, v1::RecordKind kind, std::uint64_t number) {
  named_[name] = {kind, number};
  names_[{kind, number}] = name;
}

std::string SimulatedOffice::NameOf(v1::RecordKind kind, std::uint64_t number) const {
  const auto found = names_.find({kind, number});
  return found == names_.end() ? fmt::format("{} {}", v1::RecordKind_Name(kind), number)
                               : found->second;
}

void SimulatedOffice::NameWithin(const ActRow& row, std::uint32_t act) {
  const auto name = [&](const std::string& made, std::size_t place) {
    v1::CreatedBy created;
    created.set_act(act);
    created.set_created(static_cast<std::uint32_t>(place));
    named_[made] = {v1::RECORD_KIND_PARTY, 0, created};
  };
  if (row.verb == "merge-households") name(row.name, 0);
  if (row.verb != "split-household") return;
  const auto parts = PartsOfSplit(row);
  for (std::size_t i = 0; i < parts.size(); ++i) name(parts[i], i);
}

void SimulatedOffice::Name(const ActRow& row, const std::vector<std::uint64_t>& created) {
  const auto kind = KindsMade().find(row.verb);
  if (kind != KindsMade().end()) Call(row.name, kind->second, created.back());
  if (row.verb == "split-household") {
    const auto parts = PartsOfSplit(row);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      Call(parts[i], v1::RECORD_KIND_PARTY, created.at(i));
    }
  }
  if (row.verb != "enforce") return;
  // A management right over each contract right, in the order of the mortgage.
  auto made = created.begin();
  const auto mortgage = bench_.Read<v1::Mortgage>(NumberOf(row.name));
  for (const std::uint64_t right : mortgage.rights()) {
    if (bench_.Read<v1::Right>(right).type() != "contract") continue;
    const std::string name = row.name + "." + NameOf(v1::RECORD_KIND_RIGHT, right);
    Call(name, v1::RECORD_KIND_RIGHT, *made++);
  }
}

v1::Commit SimulatedOffice::Gather(const std::vector<ActRow>& rows) {
  v1::Commit commit;
  std::set<std::pair<int, std::uint64_t>> changed;
  for (const ActRow& row : rows) {
    if (commit.acts_size() > 0) {
      for (const v1::ActRecord& record : bench_.Preview(commit).records) {
        for (const auto& effect : record.effects()) changed.emplace(effect.kind(), effect.number());
      }
    }
    const auto act = ActOfRow(row, {bench_, named_, changed}, &commit);
    LANDBOOK_CHECK(act.has_value());
    *commit.add_acts() = *act;
    NameWithin(row, static_cast<std::uint32_t>(commit.acts_size() - 1));
  }
  return commit;
}

Decided SimulatedOffice::CommitAs(const v1::Actor& actor, const std::vector<ActRow>& rows,
                                  const v1::Commit& commit) {
  const v1::Actor registrar = bench_.actor;
  bench_.actor = actor;
  Decided decided = bench_.Commit(commit);
  bench_.actor = registrar;
  std::erase_if(named_, [](const auto& named) { return named.second.within.has_value(); });
  for (std::size_t i = 0; decided.accepted() && i < rows.size(); ++i) {
    Name(rows[i], decided.created[i]);
  }
  return decided;
}

Decided SimulatedOffice::Bring(const std::vector<ActRow>& rows, const Bringer& by) {
  v1::Commit commit = Gather(rows);
  commit.set_document_number(by.document);
  const v1::Actor actor = by.officer.empty()
                              ? Administrator()
                              : officers_.ActorFor(by.officer, commit.acts(0), bench_.day);
  return CommitAs(actor, rows, commit);
}

v1::Application SimulatedOffice::ApplicationFor(const Draft& draft, v1::Commit* commit) {
  const v1::Commit planned = Gather(draft.rows);
  std::erase_if(named_, [](const auto& named) { return named.second.within.has_value(); });
  *commit->mutable_overrides() = planned.overrides();
  const std::set<std::pair<int, std::uint64_t>> none;
  return ApplicationOfDraft(draft, planned, {bench_, named_, none});
}

Decided SimulatedOffice::BringApplication(const ActRow& row, const v1::Commit& commit) {
  return CommitAs(officers_.ActorFor(row.Fact("by"), commit.acts(0), bench_.day), {row}, commit);
}

Decided SimulatedOffice::Accept(const Draft& draft, const std::string& officer) {
  v1::Commit commit;
  *commit.add_acts()->mutable_accept_case()->mutable_application() = ApplicationFor(draft, &commit);
  return BringApplication({0, "accept", draft.applied.name, {{"by", officer}}, {}}, commit);
}

Decided SimulatedOffice::Supplement(const Draft& supplemented, const ActRow& row) {
  v1::Commit commit;
  v1::SupplementCase& step = *commit.add_acts()->mutable_supplement_case();
  const std::uint64_t number = NumberOf(row.name);
  step.mutable_case_()->set_number(number);
  step.set_etag(bench_.EtagOf(v1::RECORD_KIND_CASE, number));
  *step.mutable_application() = ApplicationFor(supplemented, &commit);
  return BringApplication(row, commit);
}

Decided SimulatedOffice::Step(const ActRow& row) { return Bring({row}, {row.Fact("by")}); }

Decided SimulatedOffice::Register(const Draft& draft, const ActRow& row) {
  std::vector<ActRow> rows = draft.rows;
  if (row.Has("tampered")) rows.front().facts["price"] = "1";
  rows.push_back(row);
  v1::Commit commit = Gather(rows);
  *commit.mutable_evidence() = bench_.Read<v1::Application>(NumberOf(row.name)).evidence();
  return CommitAs(officers_.ActorFor(row.Fact("by"), *commit.acts().rbegin(), bench_.day), rows,
                  commit);
}

}  // namespace landbook::registry
