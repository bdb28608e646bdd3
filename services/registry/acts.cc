#include "services/registry/acts.h"

#include "google/protobuf/descriptor.h"
#include "services/registry/acts_book_state.h"

namespace landbook::registry {
namespace {

// The steps of a case.
void DecideStep(const v1::Act& act, ActContext* context) {
  switch (act.act_case()) {
    case v1::Act::kAcceptCase:
      return Decide(act.accept_case(), context);
    case v1::Act::kRequestSupplement:
      return Decide(act.request_supplement(), context);
    case v1::Act::kSupplementCase:
      return Decide(act.supplement_case(), context);
    case v1::Act::kReviewCase:
      return Decide(act.review_case(), context);
    case v1::Act::kBeginNotice:
      return Decide(act.begin_notice(), context);
    case v1::Act::kConcludeNotice:
      return Decide(act.conclude_notice(), context);
    case v1::Act::kRegisterCase:
      return Decide(act.register_case(), context);
    case v1::Act::kRefuseCase:
      return Decide(act.refuse_case(), context);
    case v1::Act::kRetractCase:
      return Decide(act.retract_case(), context);
    case v1::Act::kSuspendCase:
      return Decide(act.suspend_case(), context);
    case v1::Act::kResumeCase:
      return Decide(act.resume_case(), context);
    case v1::Act::kLapseCase:
      return Decide(act.lapse_case(), context);
    case v1::Act::kDeliverCertificate:
      return Decide(act.deliver_certificate(), context);
    default:
      return Decide(act.archive_case(), context);
  }
}

// The acts of later numbers: of resolutions, households, filings, ranks and cautions.
void DecideLater(const v1::Act& act, ActContext* context) {
  switch (act.act_case()) {
    case v1::Act::kRecordResolution:
      return Decide(act.record_resolution(), context);
    case v1::Act::kRevokeResolution:
      return Decide(act.revoke_resolution(), context);
    case v1::Act::kChangeMembership:
      return Decide(act.change_membership(), context);
    case v1::Act::kSplitHousehold:
      return Decide(act.split_household(), context);
    case v1::Act::kMergeHouseholds:
      return Decide(act.merge_households(), context);
    case v1::Act::kSetEligibility:
      return Decide(act.set_eligibility(), context);
    case v1::Act::kRecordFiling:
      return Decide(act.record_filing(), context);
    case v1::Act::kTakeBackRight:
      return Decide(act.take_back_right(), context);
    case v1::Act::kDisposePlot:
      return Decide(act.dispose_plot(), context);
    case v1::Act::kEnforceMortgage:
      return Decide(act.enforce_mortgage(), context);
    case v1::Act::kAgreeRanks:
      return Decide(act.agree_ranks(), context);
    case v1::Act::kRepayAdvance:
      return Decide(act.repay_advance(), context);
    case v1::Act::kExtendCaution:
      return Decide(act.extend_caution(), context);
    case v1::Act::kRecordCautionStep:
      return Decide(act.record_caution_step(), context);
    case v1::Act::kLapseCaution:
      return Decide(act.lapse_caution(), context);
    case v1::Act::kAmendCalendar:
      return Decide(act.amend_calendar(), context);
    default:
      return DecideStep(act, context);
  }
}

// REQUIRES: one act is set.
void DecideSet(const v1::Act& act, ActContext* context) {
  switch (act.act_case()) {
    case v1::Act::kRegisterParty:
      return Decide(act.register_party(), context);
    case v1::Act::kAmendParty:
      return Decide(act.amend_party(), context);
    case v1::Act::kEstablishPlot:
      return Decide(act.establish_plot(), context);
    case v1::Act::kAmendPlot:
      return Decide(act.amend_plot(), context);
    case v1::Act::kSplitPlot:
      return Decide(act.split_plot(), context);
    case v1::Act::kMergePlots:
      return Decide(act.merge_plots(), context);
    case v1::Act::kRetirePlot:
      return Decide(act.retire_plot(), context);
    case v1::Act::kEstablishUnit:
      return Decide(act.establish_unit(), context);
    case v1::Act::kGrantRight:
      return Decide(act.grant_right(), context);
    case v1::Act::kTransferRight:
      return Decide(act.transfer_right(), context);
    case v1::Act::kVaryRight:
      return Decide(act.vary_right(), context);
    case v1::Act::kExtinguishRight:
      return Decide(act.extinguish_right(), context);
    case v1::Act::kWithdrawRight:
      return Decide(act.withdraw_right(), context);
    case v1::Act::kRegisterMortgage:
      return Decide(act.register_mortgage(), context);
    case v1::Act::kVaryMortgage:
      return Decide(act.vary_mortgage(), context);
    case v1::Act::kDischargeMortgage:
      return Decide(act.discharge_mortgage(), context);
    case v1::Act::kPlaceCaution:
      return Decide(act.place_caution(), context);
    case v1::Act::kLiftCaution:
      return Decide(act.lift_caution(), context);
    case v1::Act::kIssueCertificate:
      return Decide(act.issue_certificate(), context);
    case v1::Act::kVoidCertificate:
      return Decide(act.void_certificate(), context);
    case v1::Act::kCorrect:
      return Decide(act.correct(), context);
    case v1::Act::kErasePrivateFields:
      return Decide(act.erase_private_fields(), context);
    case v1::Act::kAdoptPack:
      return Decide(act.adopt_pack(), context);
    case v1::Act::kAppointOfficer:
      return Decide(act.appoint_officer(), context);
    case v1::Act::kCarryOver:
      return Decide(act.carry_over(), context);
    case v1::Act::kOpenBook:
      return Decide(act.open_book(), context);
    case v1::Act::kCloseBook:
      return Decide(act.close_book(), context);
    case v1::Act::kBeginControlLayer:
      return Decide(act.begin_control_layer(), context);
    case v1::Act::kAddControlShapes:
      return Decide(act.add_control_shapes(), context);
    case v1::Act::kCompleteControlLayer:
      return Decide(act.complete_control_layer(), context);
    default:
      return DecideLater(act, context);
  }
}

}  // namespace

std::string_view ActName(const v1::Act& act) {
  const auto* field = v1::Act::descriptor()->FindFieldByNumber(act.act_case());
  return field == nullptr ? std::string_view() : std::string_view(field->name());
}

void DecideAct(const v1::Act& act, ActContext* context) {
  if (act.act_case() == v1::Act::ACT_NOT_SET) {
    return context->Refuse(Reason::ONEOF_REQUIRED, "",
                           {"The act says nothing. Set exactly one of its fields.",
                            "该行为为空，请恰好填写其中一项。"});
  }
  if (!RoleMayBring(act, context) || !BookTakes(act, context)) return;
  DecideSet(act, context);
}

void DecideForm(const v1::Act& act, ActContext* context) {
  context->set_form_only();
  DecideSet(act, context);
}

}  // namespace landbook::registry
