#include "services/registry/case_application.h"

#include <set>
#include <string>

#include "fmt/format.h"
#include "services/law/documents.h"
#include "services/registry/acts.h"
#include "services/registry/acts_book_state.h"
#include "services/registry/case_of_commit.h"
#include "services/registry/commit_decision.h"
#include "services/registry/form.h"
#include "services/registry/standing.h"

namespace landbook::registry {
namespace {

constexpr std::string_view kApplication = "application";

// --- Applicants.

// The registry itself applies for what it does of its own accord; every other side is a party.
std::uint64_t ReadParty(const v1::ApplicantReference& applicant, const std::string& field,
                        ActContext* context) {
  if (applicant.side() == v1::APPLICANT_SIDE_EX_OFFICIO) {
    if (applicant.has_party()) RefuseOutOfPlace(field + ".party", context);
    return 0;
  }
  const auto party = context->Load<v1::Party>(applicant.party(), field + ".party");
  return party ? party->number : 0;
}

std::uint64_t ReadAgent(const v1::ApplicantReference& applicant, const std::string& field,
                        ActContext* context) {
  if (!applicant.has_agent()) {
    if (!applicant.authority_document().empty()) {
      RefuseOutOfPlace(field + ".authority_document", context);
    }
    return 0;
  }
  const auto agent = TakePartyOf({v1::Party::kPerson, v1::Party::kOrganisation}, applicant.agent(),
                                 field + ".agent", context);
  return agent ? agent->number : 0;
}

void ReadApplicants(const v1::Application& application, ApplicationParties* read,
                    ActContext* context) {
  CheckNotEmpty(application.applicants_size(), "application.applicants", context);
  std::set<std::pair<std::uint64_t, int>> seen;
  for (int i = 0; i < application.applicants_size(); ++i) {
    const v1::ApplicantReference& applicant = application.applicants(i);
    const std::string field = fmt::format("application.applicants[{}]", i);
    const std::size_t before = context->refusal_count();
    v1::Applicant kept;
    kept.set_party(ReadParty(applicant, field, context));
    kept.set_side(applicant.side());
    kept.set_agent(ReadAgent(applicant, field, context));
    kept.set_authority_document(applicant.authority_document());
    if (context->refusal_count() != before) continue;
    CheckOnce(std::pair(kept.party(), static_cast<int>(kept.side())), &seen, field, context);
    read->applicants.push_back(std::move(kept));
  }
}

// --- Units and rights.

// A household's own affairs are about no unit.
bool IsAboutHouseholds(const v1::Act& act) {
  return act.has_split_household() || act.has_merge_households() || act.has_set_eligibility();
}

void ReadUnits(const v1::Application& application, ApplicationParties* read, ActContext* context) {
  const auto& acts = application.acts();
  if (application.units().empty() && !std::all_of(acts.begin(), acts.end(), IsAboutHouseholds)) {
    CheckNotEmpty(0, "application.units", context);
  }
  std::set<std::uint64_t> seen;
  for (int i = 0; i < application.units_size(); ++i) {
    const std::string field = fmt::format("application.units[{}]", i);
    const auto unit = context->Load<v1::Unit>(application.units(i), field);
    if (!unit || !TakeLand(unit->number, field, context)) continue;
    if (CheckOnce(unit->number, &seen, field, context)) read->units.push_back(unit->number);
  }
}

void ReadRights(const v1::Application& application, ApplicationParties* read, ActContext* context) {
  std::set<std::uint64_t> rights;
  for (const v1::Act& act : application.acts()) {
    for (const v1::Reference& named : law::RightsNamed(act)) {
      if (named.has_created_by()) continue;
      const auto right = context->NumberOf(named, v1::RECORD_KIND_RIGHT);
      if (right) rights.insert(*right);
    }
  }
  read->rights.assign(rights.begin(), rights.end());
}

// --- Acts.

// What a case registers, the certificates that go with it, and what a party tells of itself.
bool IsRegistration(v1::Act::ActCase act) {
  return AccessTo(act).by_case() || act == v1::Act::kIssueCertificate ||
         act == v1::Act::kVoidCertificate || act == v1::Act::kAmendParty;
}

void CheckAct(const v1::Act& act, const std::string& field, ActContext* context) {
  if (act.act_case() == v1::Act::ACT_NOT_SET || !IsRegistration(act.act_case())) {
    return context->Refuse(
        Reason::FIELD_OF_ANOTHER_KIND, field,
        {"A case holds the acts that registration is to do. This is none; bring it by itself.",
         "申请中只能包含拟登记的行为，该行为须另行提交。"});
  }
  if (act.amend_party().becomes().person().has_private_()) {
    RefuseOutOfPlace(fmt::format("{}.amend_party.becomes.person.private", field), context);
  }
}

void CheckActs(const v1::Application& application, ActContext* context) {
  CheckNotEmpty(application.acts_size(), "application.acts", context);
  for (int i = 0; i < application.acts_size(); ++i) {
    CheckAct(application.acts(i), fmt::format("application.acts[{}]", i), context);
  }
}

// Its case and its acts are decided against each other, so nothing else goes with them.
void CheckAlone(ActContext* context) {
  if (context->commit().acts_size() == 1) return;
  context->Refuse(
      Reason::FIELD_OF_ANOTHER_KIND, "",
      {"An application comes in a commit of its own. Send the other acts by themselves.",
       "受理和补正须单独提交，请将其他行为另行提交。"});
}

}  // namespace

std::optional<ApplicationParties> ReadApplication(const v1::Application& application,
                                                  ActContext* context) {
  const std::size_t before = context->refusal_count();
  ApplicationParties read;
  CheckAlone(context);
  ReadApplicants(application, &read, context);
  ReadUnits(application, &read, context);
  CheckActs(application, context);
  if (context->refusal_count() != before) return std::nullopt;
  ReadRights(application, &read, context);
  return read;
}

void DecideApplication(const v1::Application& application, ActContext* context) {
  if (context->form_only()) return;
  const CommitFacts& facts = context->facts();
  ProposedCommit planned;
  planned.commit = PlannedCommit(application, context->commit());
  planned.actor = facts.actor;
  planned.verdict = *facts.verdict;
  Overlay scratch(context->overlay());
  CommitFacts of_plan = facts;
  of_plan.commit = &planned.commit;
  of_plan.verdict = &planned.verdict;
  of_plan.planned = &application;
  ActContext plan(&scratch, context->book_number(), std::move(of_plan));
  DecideCommit(planned, &plan);
  constexpr std::string_view kCommit = "commit";
  for (v1::Refusal& refusal : plan.refusals()) {
    refusal.set_field(context->Path(kApplication) + refusal.field().substr(kCommit.size()));
    context->refusals().push_back(std::move(refusal));
  }
}

}  // namespace landbook::registry
