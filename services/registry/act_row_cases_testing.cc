// Cases as rows: drafts, what brings them into the book, and who sits in the office.
#include <utility>

#include "fmt/format.h"
#include "services/common/civil_date.h"
#include "services/registry/act_row_making_testing.h"
#include "services/registry/act_rows_testing.h"
#include "services/registry/acts_book_state.h"

namespace landbook::registry {
namespace {

// "Suns:holder,Zhangs:obligor"; an agent stands for the first of them.
void AddApplicants(const Making& making, v1::Application* application) {
  const ActRow& row = making.row;
  for (const std::string& one : Parts(row.Fact("by"), ',')) {
    const auto parts = Parts(one, ':');
    v1::ApplicantReference& applicant = *application->add_applicants();
    applicant.set_side(WordIn<v1::ApplicantSide>(parts.at(1), "APPLICANT_SIDE_"));
    if (applicant.side() == v1::APPLICANT_SIDE_EX_OFFICIO) continue;
    *applicant.mutable_party() = Refer(parts[0], making);
  }
  if (!row.Has("agent")) return;
  v1::ApplicantReference& represented = *application->mutable_applicants(0);
  *represented.mutable_agent() = Refer(row.Fact("agent"), making);
  represented.set_authority_document(row.Fact("authority"));
}

v1::RegistrationType RegistrationTypeOf(const std::string& kind, const ActBench& bench) {
  const auto found = bench.rules().CaseKindNamed(
      kind, {.day = *common::ParseCivilDate(bench.day), .division = {}});
  return found ? found->registration_type() : v1::REGISTRATION_TYPE_OTHER;
}

}  // namespace

v1::Application ApplicationOfDraft(const Draft& draft, const v1::Commit& planned,
                                   const RowScene& scene) {
  const ActRow& row = draft.applied;
  v1::Commit none;
  const Making making{row, scene, &none};
  v1::Application application;
  application.set_kind(row.Fact("kind"));
  application.set_registration_type(
      row.Has("type") ? WordIn<v1::RegistrationType>(row.Fact("type"), "REGISTRATION_TYPE_")
                      : RegistrationTypeOf(row.Fact("kind"), scene.bench));
  AddApplicants(making, &application);
  for (const std::string& unit : Parts(row.Fact("units"), ',')) {
    *application.add_units() = Refer(unit, making);
  }
  *application.mutable_acts() = planned.acts();
  *application.mutable_evidence() = planned.evidence();
  application.set_filing_place(v1::FILING_PLACE_WINDOW);
  return application;
}

void OfficerRows::Add(const ActRow& row) {
  appointed_[row.name].push_back({WordIn<v1::Role>(row.Fact("role"), "ROLE_"),
                                  row.Fact("from", "2000-01-01"), row.Fact("until", "9999-12-31")});
}

v1::Actor OfficerRows::ActorFor(const std::string& officer, const v1::Act& act,
                                const std::string& day) const {
  v1::Actor actor;
  actor.set_principal(officer);
  actor.set_role(v1::ROLE_CITIZEN);
  actor.add_via("ConveyanceService");
  const auto found = appointed_.find(officer);
  if (found == appointed_.end()) return actor;
  const auto& roles = AccessTo(act.act_case()).roles();
  for (const Appointed& appointed : found->second) {
    if (day < appointed.from || day > appointed.until) continue;
    const bool brings = std::find(roles.begin(), roles.end(), appointed.role) != roles.end();
    if (brings || actor.role() == v1::ROLE_CITIZEN) actor.set_role(appointed.role);
    if (brings) break;
  }
  return actor;
}

// Takes the rows of a draft, from "apply" to "drafted". True for a row that is part of one.
bool ActRowRunner::RunDraft(const ActRow& row) {
  if (row.verb == "apply") {
    drafting_ = Draft{row, {}};
  } else if (!drafting_) {
    return false;
  } else if (row.verb == "drafted") {
    Draft drafted = *std::exchange(drafting_, std::nullopt);
    drafts_[drafted.applied.name] = std::move(drafted);
  } else {
    drafting_->rows.push_back(row);
  }
  return true;
}

// Makes the acts of a draft, as the book is now, in the commit under way.
std::string ActRowRunner::GatherDraft(const Draft& draft) {
  together_ = Together{{}, {}, {}, named_, {}};
  for (const ActRow& row : draft.rows) {
    std::string fault = AddAct(row);
    if (!fault.empty()) return fault;
  }
  return {};
}

// "accept A by=Wu", "supplement A by=Wu survey=yes", whose facts are evidence of the draft's first
// act, and "explain A", which asks without accepting.
std::string ActRowRunner::BringApplication(const ActRow& row) {
  Draft& draft = drafts_.at(row.name);
  if (row.verb == "supplement") {
    for (const auto& [key, value] : row.facts) {
      if (key != "by") draft.rows.front().facts[key] = value;
    }
  }
  std::string fault = GatherDraft(draft);
  if (!fault.empty()) return fault;
  Together planned = *std::exchange(together_, std::nullopt);
  named_ = planned.named_before;
  v1::Commit none;
  const RowScene scene{*bench_, named_, {}};
  const v1::Application application = ApplicationOfDraft(draft, planned.commit, scene);
  together_ = Together{{}, {row}, {}, named_, row.Fact("by", "Intake")};
  *together_->commit.mutable_overrides() = planned.commit.overrides();
  v1::Act& act = *together_->commit.add_acts();
  if (row.verb == "supplement") {
    *act.mutable_supplement_case()->mutable_case_() = Refer(row.name, {row, scene, &none});
    act.mutable_supplement_case()->set_etag(Etag(row.name, {row, scene, &none}));
    *act.mutable_supplement_case()->mutable_application() = application;
    return RunCommit(row);
  }
  *act.mutable_accept_case()->mutable_application() = application;
  if (row.verb == "accept") return RunCommit(row);
  return Explain(row);
}

// The draft's acts on the evidence that was accepted, then the step that registers them.
std::string ActRowRunner::RegisterCase(const ActRow& row) {
  std::string fault = GatherDraft(drafts_.at(row.name));
  const auto accepted = named_.find(row.name);
  if (accepted != named_.end()) {
    *together_->commit.mutable_evidence() =
        bench_->Read<v1::Application>(accepted->second.number).evidence();
  }
  if (fault.empty()) fault = AddAct(row);
  return fault.empty() ? RunCommit(row) : fault;
}

}  // namespace landbook::registry
