// The acts, one function each: what an act asks, decided over the state, as refusals or records.
//
// Every function reads and changes through the context only, tells all that stands in the way, and
// puts nothing once it has refused. Files: acts_party.cc, acts_plot.cc, acts_unit.cc,
// acts_grant.cc, acts_contract.cc, acts_transfer.cc, acts_vary.cc, acts_withdrawal.cc,
// acts_mortgage.cc, acts_enforcement.cc, acts_caution.cc, acts_certificate.cc, acts_correct.cc,
// acts_entry.cc (carry-over), acts_erase.cc, acts_pack.cc, acts_officer.cc, acts_book.cc,
// acts_control.cc (control layers), acts_filing.cc, acts_calendar.cc, acts_resolution.cc,
// acts_membership.cc, acts_household.cc, acts_mortgage_rank.cc, acts_advance.cc,
// acts_caution_step.cc, acts_taking.cc, acts_case.cc, acts_notice.cc, acts_case_end.cc. What
// several share is in form.h, standing.h, holders.h and terms.h; law is asked by act_law.h.
#ifndef LANDBOOK_SERVICES_REGISTRY_ACTS_H_
#define LANDBOOK_SERVICES_REGISTRY_ACTS_H_

#include "landbook/v1/act.pb.h"
#include "services/registry/act_context.h"

namespace landbook::registry {

// Decides one act of the commit under way: the only entry from outside. REQUIRES: BeginAct was
// called for it.
void DecideAct(const v1::Act& act, ActContext* context);

// Decides one act by its form alone, without asking whose act it is, what the book takes, and what
// law says of it. Tests show by it what form asks beside law. REQUIRES: as above, and an act is
// set.
void DecideForm(const v1::Act& act, ActContext* context);

// The field name of the act that is set in `act` ("transfer_right"); empty for none.
std::string_view ActName(const v1::Act& act);

void Decide(const v1::RegisterParty& act, ActContext* context);
void Decide(const v1::AmendParty& act, ActContext* context);
void Decide(const v1::EstablishPlot& act, ActContext* context);
void Decide(const v1::AmendPlot& act, ActContext* context);
void Decide(const v1::SplitPlot& act, ActContext* context);
void Decide(const v1::MergePlots& act, ActContext* context);
void Decide(const v1::RetirePlot& act, ActContext* context);
void Decide(const v1::EstablishUnit& act, ActContext* context);
void Decide(const v1::GrantRight& act, ActContext* context);
void Decide(const v1::TransferRight& act, ActContext* context);
void Decide(const v1::VaryRight& act, ActContext* context);
void Decide(const v1::ExtinguishRight& act, ActContext* context);
void Decide(const v1::WithdrawRight& act, ActContext* context);
void Decide(const v1::RegisterMortgage& act, ActContext* context);
void Decide(const v1::VaryMortgage& act, ActContext* context);
void Decide(const v1::DischargeMortgage& act, ActContext* context);
void Decide(const v1::EnforceMortgage& act, ActContext* context);
void Decide(const v1::PlaceCaution& act, ActContext* context);
void Decide(const v1::LiftCaution& act, ActContext* context);
void Decide(const v1::IssueCertificate& act, ActContext* context);
void Decide(const v1::VoidCertificate& act, ActContext* context);
void Decide(const v1::Correct& act, ActContext* context);
void Decide(const v1::ErasePrivateFields& act, ActContext* context);
void Decide(const v1::AdoptPack& act, ActContext* context);
void Decide(const v1::AppointOfficer& act, ActContext* context);
void Decide(const v1::CarryOver& act, ActContext* context);
// The plot inside a carry-over: its recorded area is the older register's. Field paths are relative
// to the plot inside (CarryOver adds its own).
void DecideCarriedPlot(const v1::CarriedPlot& plot, const v1::CarryOver& act, ActContext* context);
void Decide(const v1::OpenBook& act, ActContext* context);
void Decide(const v1::BeginControlLayer& act, ActContext* context);
void Decide(const v1::AddControlShapes& act, ActContext* context);
void Decide(const v1::CompleteControlLayer& act, ActContext* context);
void Decide(const v1::CloseBook& act, ActContext* context);
void Decide(const v1::RecordResolution& act, ActContext* context);
void Decide(const v1::RevokeResolution& act, ActContext* context);
void Decide(const v1::ChangeMembership& act, ActContext* context);
void Decide(const v1::SplitHousehold& act, ActContext* context);
void Decide(const v1::MergeHouseholds& act, ActContext* context);
void Decide(const v1::SetEligibility& act, ActContext* context);
void Decide(const v1::RecordFiling& act, ActContext* context);
void Decide(const v1::TakeBackRight& act, ActContext* context);
void Decide(const v1::DisposePlot& act, ActContext* context);
void Decide(const v1::AgreeRanks& act, ActContext* context);
void Decide(const v1::RepayAdvance& act, ActContext* context);
void Decide(const v1::ExtendCaution& act, ActContext* context);
void Decide(const v1::RecordCautionStep& act, ActContext* context);
void Decide(const v1::LapseCaution& act, ActContext* context);
void Decide(const v1::AmendCalendar& act, ActContext* context);
void Decide(const v1::AcceptCase& act, ActContext* context);
void Decide(const v1::RequestSupplement& act, ActContext* context);
void Decide(const v1::SupplementCase& act, ActContext* context);
void Decide(const v1::ReviewCase& act, ActContext* context);
void Decide(const v1::BeginNotice& act, ActContext* context);
void Decide(const v1::ConcludeNotice& act, ActContext* context);
void Decide(const v1::RegisterCase& act, ActContext* context);
void Decide(const v1::RefuseCase& act, ActContext* context);
void Decide(const v1::RetractCase& act, ActContext* context);
void Decide(const v1::SuspendCase& act, ActContext* context);
void Decide(const v1::ResumeCase& act, ActContext* context);
void Decide(const v1::LapseCase& act, ActContext* context);
void Decide(const v1::DeliverCertificate& act, ActContext* context);
void Decide(const v1::ArchiveCase& act, ActContext* context);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_ACTS_H_
