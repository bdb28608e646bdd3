// What acts the rows of a case file say: mortgages, cautions and certificates.
#include <map>
#include <string>

#include "services/registry/act_row_making_testing.h"

namespace landbook::registry {
namespace {

v1::RegisterMortgage MortgageOf(const Making& making) {
  v1::RegisterMortgage made;
  for (const std::string& name : Parts(making.row.Fact("rights"), ',')) {
    v1::RightVersion& right = *made.add_rights();
    *right.mutable_right() = Refer(name, making);
    right.set_etag(Etag(name, making));
  }
  *made.mutable_mortgagee() = Refer(making.row.Fact("to"), making);
  made.set_mortgage_kind(making.row.Fact("kind") == "maximum" ? v1::MORTGAGE_KIND_MAXIMUM_AMOUNT
                                                              : v1::MORTGAGE_KIND_GENERAL);
  made.set_secured_fen(Fen(making.row, "fen"));
  *made.mutable_debt_term() = TermOf(making.row.Fact("term", "2026-03-02..2027-03-01"));
  made.set_transfer_restricted(making.row.Has("restricted"));
  if (making.row.Has("ceiling-period")) {
    *made.mutable_maximum_amount()->mutable_claim_period() =
        TermOf(making.row.Fact("ceiling-period"));
  }
  if (making.row.Has("appraised")) {
    made.mutable_support()->set_appraised_fen(Fen(making.row, "appraised"));
  }
  made.set_object(WordIn<v1::MortgageObject>(making.row.Fact("object"), "MORTGAGE_OBJECT_"));
  AddEvidence(making, &made);
  return made;
}

v1::Act Mortgage(const Making& making) {
  v1::Act act;
  *act.mutable_register_mortgage() = MortgageOf(making);
  return act;
}

v1::Act CarryMortgage(const Making& making) {
  v1::Act act;
  *act.mutable_carry_over() = CarryOf(making);
  *act.mutable_carry_over()->mutable_mortgage() = MortgageOf(making);
  return act;
}

v1::Act VaryMortgage(const Making& making) {
  v1::Act act;
  v1::VaryMortgage& made = *act.mutable_vary_mortgage();
  made = Changing(making, &v1::VaryMortgage::mutable_mortgage);
  if (making.row.Has("fen")) made.set_secured_fen(Fen(making.row, "fen"));
  if (making.row.Has("term")) *made.mutable_debt_term() = TermOf(making.row.Fact("term"));
  if (making.row.Has("to")) *made.mutable_mortgagee() = Refer(making.row.Fact("to"), making);
  // "determined=900000:2028-03-02": the claims that were determined, and the day.
  if (making.row.Has("determined")) {
    const auto parts = Parts(making.row.Fact("determined"), ':');
    made.mutable_maximum_amount()->set_determined_fen(std::stoll(parts.at(0)));
    made.mutable_maximum_amount()->set_determined_date(parts.at(1));
  }
  for (const std::string& right : Parts(making.row.Fact("rights"), ',')) {
    *made.add_released_rights() = Refer(right, making);
  }
  AddEvidence(making, &made);
  return act;
}

v1::Act Discharge(const Making& making) {
  v1::Act act;
  *act.mutable_discharge_mortgage() = Changing(making, &v1::DischargeMortgage::mutable_mortgage);
  act.mutable_discharge_mortgage()->set_ground("the debt is paid");
  AddEvidence(making, act.mutable_discharge_mortgage());
  return act;
}

v1::Act Enforce(const Making& making) {
  v1::Act act;
  v1::EnforceMortgage& made = *act.mutable_enforce_mortgage();
  made = Changing(making, &v1::EnforceMortgage::mutable_mortgage);
  AddHolders(making.row.Fact("to"), making, made.mutable_acquirers());
  made.set_co_ownership(CoOwnershipOf(making.row));
  if (making.row.Has("term")) *made.mutable_term() = TermOf(making.row.Fact("term"));
  made.set_proceeds_fen(Fen(making.row, "proceeds"));
  AddEvidence(making, &made);
  return act;
}

v1::Act Certify(const Making& making) {
  v1::Act act;
  v1::IssueCertificate& made = *act.mutable_issue_certificate();
  if (making.row.Has("right")) *made.mutable_right() = Refer(making.row.Fact("right"), making);
  if (making.row.Has("mortgage")) {
    *made.mutable_mortgage() = Refer(making.row.Fact("mortgage"), making);
  }
  return act;
}

v1::Act Void(const Making& making) {
  v1::Act act;
  *act.mutable_void_certificate() = Changing(making, &v1::VoidCertificate::mutable_certificate);
  act.mutable_void_certificate()->set_ground("lost");
  return act;
}

}  // namespace

const std::map<std::string, RowBuilder>& MortgageActBuilders() {
  static const auto& builders =
      *new std::map<std::string, RowBuilder>{{"mortgage", Mortgage},
                                             {"carry-mortgage", CarryMortgage},
                                             {"vary-mortgage", VaryMortgage},
                                             {"enforce", Enforce},
                                             {"release", VaryMortgage},
                                             {"discharge", Discharge},
                                             {"certify", Certify},
                                             {"void", Void}};
  return builders;
}

}  // namespace landbook::registry
