// What acts the rows of a case file say: resolutions, households, filings, withdrawal and taking
// back, ranks and advances, cautions, the calendar, officers.
#include <map>
#include <string>
#include <vector>

#include "services/common/civil_date.h"
#include "services/registry/act_row_making_testing.h"
#include "storage/check.h"

namespace landbook::registry {
namespace {

std::uint32_t Count(const ActRow& row, const std::string& key) {
  return static_cast<std::uint32_t>(std::stoul(row.Fact(key, "0")));
}

// --- Resolutions and households ------------------------------------------------------------------

v1::Act Resolution(const Making& making) {
  const ActRow& row = making.row;
  v1::Act act;
  v1::RecordResolution& made = *act.mutable_record_resolution();
  *made.mutable_collective() = Refer(row.Fact("of"), making);
  made.set_body(WordIn<v1::ResolutionBody>(row.Fact("body"), "RESOLUTION_BODY_"));
  for (const std::string& matter : Parts(row.Fact("matter"), ',')) {
    made.add_matters(WordIn<v1::ResolutionMatter>(matter, "RESOLUTION_MATTER_"));
  }
  made.set_summary("decided");
  made.set_convened_date(row.Fact("convened"));
  made.set_meeting_date(row.Fact("met"));
  made.mutable_vote()->set_entitled(Count(row, "entitled"));
  made.mutable_vote()->set_present(Count(row, "present"));
  made.mutable_vote()->set_present_online(Count(row, "online"));
  made.mutable_vote()->set_present_by_proxy(Count(row, "proxy"));
  made.mutable_vote()->set_in_favour(Count(row, "favour"));
  made.mutable_vote()->set_against(Count(row, "against"));
  made.mutable_vote()->set_abstaining(Count(row, "abstaining"));
  const v1::Term plan = TermOf(row.Fact("plan", ".."));
  made.set_plan_display_from(plan.start_date());
  made.set_plan_display_until(plan.end_date());
  const v1::Term result = TermOf(row.Fact("result", ".."));
  made.set_result_display_from(result.start_date());
  made.set_result_display_until(result.end_date());
  made.set_document_number("R-1");
  made.set_minutes_hash(row.Fact("minutes"));
  made.set_charter_delegates(row.Has("charter"));
  return act;
}

v1::Act Revoke(const Making& making) {
  v1::Act act;
  v1::RevokeResolution& made = *act.mutable_revoke_resolution();
  made = Changing(making, &v1::RevokeResolution::mutable_resolution);
  made.set_ground("a later resolution");
  made.set_document_number("R-9");
  return act;
}

v1::Act Membership(const Making& making) {
  const ActRow& row = making.row;
  v1::Act act;
  v1::ChangeMembership& made = *act.mutable_change_membership();
  made = ChangingNamed(row.Fact("of"), making, &v1::ChangeMembership::mutable_household);
  *made.mutable_person() = Refer(row.name, making);
  made.set_standing(WordIn<v1::MemberStanding>(row.Fact("standing"), "MEMBER_STANDING_"));
  made.set_ground(WordIn<v1::MembershipGround>(row.Fact("ground"), "MEMBERSHIP_GROUND_"));
  made.set_since_date(row.Fact("since"));
  made.set_co_holder(row.Fact("co") == "yes");
  AddEvidence(making, &made);
  return act;
}

// "into=Sons:Son,Child;Others:Li": each part with its people, the head first.
v1::Act SplitHousehold(const Making& making) {
  v1::Act act;
  v1::SplitHousehold& made = *act.mutable_split_household();
  made = Changing(making, &v1::SplitHousehold::mutable_household);
  for (const std::string& part : Parts(making.row.Fact("into"), ';')) {
    v1::NewHousehold& household = *made.add_parts();
    household.set_contractor_code(making.row.Fact("code"));
    const auto named = Parts(part, ':');
    if (named.size() < 2) continue;
    for (const std::string& person : Parts(named[1], ',')) {
      *household.add_members() = Refer(person, making);
    }
  }
  AddEvidence(making, &made);
  return act;
}

v1::Act MergeHouseholds(const Making& making) {
  v1::Act act;
  v1::MergeHouseholds& made = *act.mutable_merge_households();
  for (const std::string& name : Parts(making.row.Fact("of"), ',')) {
    v1::HouseholdVersion& household = *made.add_households();
    *household.mutable_household() = Refer(name, making);
    household.set_etag(Etag(name, making));
  }
  made.set_contractor_code(making.row.Fact("code"));
  *made.mutable_head() = Refer(making.row.Fact("head"), making);
  AddEvidence(making, &made);
  return act;
}

v1::Act Eligibility(const Making& making) {
  v1::Act act;
  v1::SetEligibility& made = *act.mutable_set_eligibility();
  made = Changing(making, &v1::SetEligibility::mutable_household);
  made.set_eligibility(
      WordIn<v1::HomesteadEligibility>(making.row.Fact("to"), "HOMESTEAD_ELIGIBILITY_"));
  made.set_ground("recognised by the collective");
  AddEvidence(making, &made);
  return act;
}

v1::Act File(const Making& making) {
  const ActRow& row = making.row;
  v1::Act act;
  v1::RecordFiling& made = *act.mutable_record_filing();
  made.set_matter(WordIn<v1::FilingMatter>(row.Fact("matter"), "FILING_MATTER_"));
  for (const std::string& right : Parts(row.Fact("rights"), ',')) {
    *made.add_rights() = Refer(right, making);
  }
  *made.mutable_with() = Refer(row.Fact("with"), making);
  if (row.Has("to")) *made.mutable_counterparty() = Refer(row.Fact("to"), making);
  made.set_date(row.Fact("date", making.scene.bench.day));
  made.set_document_number("F-1");
  if (row.Has("term")) *made.mutable_term() = TermOf(row.Fact("term"));
  if (row.Has("priority")) {
    const v1::Term priority = TermOf(row.Fact("priority"));
    made.mutable_circulation()->set_priority_notice_date(priority.start_date());
    made.mutable_circulation()->set_priority_until_date(priority.end_date());
  }
  AddEvidence(making, &made);
  return act;
}

// --- Withdrawal, taking back, disposition --------------------------------------------------------

// "money:5000000:2025-06-01,town-housing:1000": kind, fen and, once it is settled, the day.
void AddCompensation(const Making& making, v1::WithdrawRight* made) {
  for (const std::string& text : Parts(making.row.Fact("pay"), ',')) {
    const auto parts = Parts(text, ':');
    v1::CompensationPart& part = *made->add_compensation();
    part.set_kind(WordIn<v1::CompensationKind>(parts.at(0), "COMPENSATION_KIND_"));
    part.set_value_fen(std::stoll(parts.at(1)));
    if (parts.size() > 2) part.set_settled_date(parts[2]);
  }
}

// "advance=Fund:5000000 debtor=Group1".
void AddAdvance(const Making& making, v1::WithdrawRight* made) {
  if (!making.row.Has("advance")) return;
  const auto parts = Parts(making.row.Fact("advance"), ':');
  v1::NewAdvance& advance = *made->mutable_advance();
  *advance.mutable_fund() = Refer(parts.at(0), making);
  advance.set_advanced_fen(std::stoll(parts.at(1)));
  *advance.mutable_debtor() = Refer(making.row.Fact("debtor"), making);
  advance.set_advanced_date(making.row.Fact("advanced", making.scene.bench.day));
  advance.set_document_number("A-1");
}

v1::Act Withdraw(const Making& making) {
  const ActRow& row = making.row;
  v1::Act act;
  v1::WithdrawRight& made = *act.mutable_withdraw_right();
  made = Changing(making, &v1::WithdrawRight::mutable_right);
  made.set_route(row.Fact("route") == "paid" ? v1::WITHDRAWAL_ROUTE_PAID
                                             : v1::WITHDRAWAL_ROUTE_RETURN);
  made.set_notice_date(row.Fact("notice"));
  made.set_eligibility_after(
      WordIn<v1::EligibilityAfter>(row.Fact("eligibility"), "ELIGIBILITY_AFTER_"));
  made.set_compensation_fen(Fen(row, "fen"));
  made.set_compensation_settled(row.Has("settled"));
  made.set_extent(WordIn<v1::WithdrawalExtent>(row.Fact("extent"), "WITHDRAWAL_EXTENT_"));
  AddCompensation(making, &made);
  AddAdvance(making, &made);
  for (const std::string& tie : Parts(row.Fact("tied"), ',')) {
    made.add_tied_to(WordIn<v1::TiedTo>(tie, "TIED_TO_"));
  }
  made.set_disposition(WordIn<v1::PlotDisposition>(row.Fact("disposition"), "PLOT_DISPOSITION_"));
  made.set_disposition_document(row.Fact("plan"));
  AddEvidence(making, &made);
  return act;
}

v1::Act TakeBack(const Making& making) {
  const ActRow& row = making.row;
  v1::Act act;
  v1::TakeBackRight& made = *act.mutable_take_back_right();
  made = Changing(making, &v1::TakeBackRight::mutable_right);
  made.set_measure(WordIn<v1::TakingMeasure>(row.Fact("measure"), "TAKING_MEASURE_"));
  made.set_ground(row.Fact("ground"));
  made.set_compensation_fen(Fen(row, "fen"));
  made.set_compensation_settled(row.Has("settled"));
  if (row.Has("approved")) *made.mutable_approved_by() = Refer(row.Fact("approved"), making);
  if (row.Has("replaced")) *made.mutable_replaced_by() = Refer(row.Fact("replaced"), making);
  AddEvidence(making, &made);
  return act;
}

v1::Act Dispose(const Making& making) {
  v1::Act act;
  v1::DisposePlot& made = *act.mutable_dispose_plot();
  made = Changing(making, &v1::DisposePlot::mutable_plot);
  made.set_disposition(WordIn<v1::PlotDisposition>(making.row.Fact("to"), "PLOT_DISPOSITION_"));
  made.set_document_number(making.row.Fact("plan"));
  AddEvidence(making, &made);
  return act;
}

// --- Mortgages and advances ----------------------------------------------------------------------

v1::Act Ranks(const Making& making) {
  v1::Act act;
  v1::AgreeRanks& made = *act.mutable_agree_ranks();
  *made.mutable_right() = Refer(making.row.Fact("over"), making);
  for (const std::string& name : Parts(making.row.Fact("order"), ',')) {
    *made.add_mortgages() = Refer(name, making);
  }
  made.set_document_number("K-1");
  // `order` is the ranks' order here, and no court's.
  ActRow row = making.row;
  row.facts.erase("order");
  AddEvidence(Making{row, making.scene, making.commit}, &made);
  return act;
}

v1::Act Repay(const Making& making) {
  v1::Act act;
  v1::RepayAdvance& made = *act.mutable_repay_advance();
  made = Changing(making, &v1::RepayAdvance::mutable_advance);
  made.set_repaid_fen(Fen(making.row, "fen"));
  made.set_repaid_date(making.row.Fact("date", making.scene.bench.day));
  made.set_document_number("P-1");
  return act;
}

// --- Cautions ------------------------------------------------------------------------------------

v1::Act Caution(const Making& making) {
  const ActRow& row = making.row;
  v1::Act act;
  v1::PlaceCaution& made = *act.mutable_place_caution();
  if (row.Has("unit")) *made.mutable_unit() = Refer(row.Fact("unit"), making);
  if (row.Has("right")) *made.mutable_right() = Refer(row.Fact("right"), making);
  made.set_cause(WordIn<v1::CautionCause>(row.Fact("cause"), "CAUTION_CAUSE_"));
  made.set_organ(row.Fact("organ", "court"));
  made.set_document_number("C-1");
  made.set_effective_date(row.Fact("from", "2026-01-01"));
  made.set_expiry_date(row.Fact("until"));
  for (const std::string& name : Parts(row.Fact("beneficiary"), ',')) {
    *made.add_beneficiaries() = Refer(name, making);
  }
  made.set_advance_notice_kind(
      WordIn<v1::AdvanceNoticeKind>(row.Fact("notice-of"), "ADVANCE_NOTICE_KIND_"));
  made.set_registrable_date(row.Fact("registrable"));
  AddEvidence(making, &made);
  return act;
}

v1::Act Lift(const Making& making) {
  v1::Act act;
  *act.mutable_lift_caution() = Changing(making, &v1::LiftCaution::mutable_caution);
  act.mutable_lift_caution()->set_ground("order");
  act.mutable_lift_caution()->set_document_number(making.row.Fact("document"));
  EvidenceOf(making);  // the papers of its case, which the act names none of
  return act;
}

v1::Act Extend(const Making& making) {
  v1::Act act;
  v1::ExtendCaution& made = *act.mutable_extend_caution();
  made = Changing(making, &v1::ExtendCaution::mutable_caution);
  made.set_expiry_date(making.row.Fact("until"));
  made.set_document_number(making.row.Fact("document"));
  EvidenceOf(making);
  return act;
}

v1::Act Step(const Making& making) {
  v1::Act act;
  v1::RecordCautionStep& made = *act.mutable_record_caution_step();
  made = Changing(making, &v1::RecordCautionStep::mutable_caution);
  made.set_step_date(making.row.Fact("date"));
  made.set_registrable_date(making.row.Fact("from"));
  made.set_document_number(making.row.Fact("document"));
  return act;
}

v1::Act Lapse(const Making& making) {
  v1::Act act;
  *act.mutable_lapse_caution() = Changing(making, &v1::LapseCaution::mutable_caution);
  return act;
}

// --- The office ----------------------------------------------------------------------------------

// "calendar 2026-10-01..2026-10-08 working=no": every day from the first to the last.
v1::Act Calendar(const Making& making) {
  v1::Act act;
  v1::AmendCalendar& made = *act.mutable_amend_calendar();
  if (making.row.name.empty()) return act;
  const v1::Term days = TermOf(making.row.name);
  auto day = common::ParseCivilDate(days.start_date());
  const auto last = common::ParseCivilDate(days.end_date());
  LANDBOOK_CHECK(day && last);
  for (; *day <= *last; day = common::AddDays(*day, 1)) {
    v1::CalendarDay& added = *made.add_days();
    added.set_date(common::FormatCivilDate(*day));
    added.set_working(making.row.Fact("working") == "yes");
    added.set_document_number("G-1");
    if (making.row.Has("twice")) *made.add_days() = v1::CalendarDay(added);
  }
  return act;
}

v1::Act Appoint(const Making& making) {
  const ActRow& row = making.row;
  v1::Act act;
  v1::AppointOfficer& made = *act.mutable_appoint_officer();
  made.set_principal(row.name);
  made.set_role(row.Has("administrator")
                    ? v1::ROLE_ADMINISTRATOR
                    : WordIn<v1::Role>(row.Fact("role", "registrar"), "ROLE_"));
  made.set_from_date(row.Fact("from", "2026-01-01"));
  made.set_until_date(row.Fact("until"));
  made.set_ended(row.Has("ended"));
  if (row.Has("party")) *made.mutable_party() = Refer(row.Fact("party"), making);
  return act;
}

}  // namespace

const std::map<std::string, RowBuilder>& CaseActBuilders() {
  static const auto& builders =
      *new std::map<std::string, RowBuilder>{{"resolution", Resolution},
                                             {"revoke", Revoke},
                                             {"membership", Membership},
                                             {"split-household", SplitHousehold},
                                             {"merge-households", MergeHouseholds},
                                             {"eligibility", Eligibility},
                                             {"file", File},
                                             {"withdraw", Withdraw},
                                             {"take-back", TakeBack},
                                             {"dispose", Dispose},
                                             {"ranks", Ranks},
                                             {"repay", Repay},
                                             {"caution", Caution},
                                             {"lift", Lift},
                                             {"extend", Extend},
                                             {"step", Step},
                                             {"registrable", Step},
                                             {"lapse", Lapse},
                                             {"calendar", Calendar},
                                             {"appoint", Appoint}};
  return builders;
}

}  // namespace landbook::registry
