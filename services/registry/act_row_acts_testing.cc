// What acts the rows of a case file say.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "services/registry/act_row_making_testing.h"
#include "services/registry/act_rows_testing.h"
#include "storage/check.h"

namespace landbook::registry {
namespace {

// --- Parties -------------------------------------------------------------------------------------

v1::Act Collective(const Making& making) {
  static const auto& levels =
      *new std::map<std::size_t, v1::CollectiveLevel>{{9, v1::COLLECTIVE_LEVEL_TOWNSHIP},
                                                      {12, v1::COLLECTIVE_LEVEL_VILLAGE},
                                                      {14, v1::COLLECTIVE_LEVEL_GROUP}};
  v1::Act act;
  v1::Collective& made = *act.mutable_register_party()->mutable_party()->mutable_collective();
  made.set_title(making.row.name);
  made.set_acting_body(making.row.Fact("acting"));
  made.set_division(making.row.Fact("division"));
  const auto level = levels.find(made.division().size());
  made.set_level(level == levels.end() ? v1::COLLECTIVE_LEVEL_VILLAGE : level->second);
  made.set_issuer_code(making.row.Fact("issuer"));
  made.set_credit_code(making.row.Fact("credit"));
  if (making.row.Has("head")) {
    *act.mutable_register_party()->mutable_representative() =
        Refer(making.row.Fact("head"), making);
  }
  return act;
}

void SetPerson(const Making& making, v1::Person* person) {
  person->set_identity_document(making.row.Has("passport") ? v1::IDENTITY_DOCUMENT_PASSPORT
                                                           : v1::IDENTITY_DOCUMENT_RESIDENT_CARD);
  if (making.row.Has("nameless")) return;
  person->mutable_private_()->set_full_name(making.row.name);
  person->mutable_private_()->set_birth_date(making.row.Fact("born"));
  person->mutable_private_()->set_identity_number(
      making.row.Fact("id", making.row.Fact("passport")));
}

v1::Act Person(const Making& making) {
  v1::Act act;
  v1::Person& made = *act.mutable_register_party()->mutable_party()->mutable_person();
  SetPerson(making, &made);
  made.set_contractor_code(making.row.Fact("code"));
  return act;
}

// "Zhang,Li": the first is the head. "Zhang*,Li" marks heads by a star.
template <typename List>
void AddMembers(const Making& making, List* list) {
  const std::string members = making.row.Fact("members");
  const bool starred = members.find('*') != std::string::npos;
  for (std::string name : Parts(members, ',')) {
    const bool star = name.ends_with('*');
    if (star) name.pop_back();
    v1::MemberReference& member = *list->Add();
    *member.mutable_person() = Refer(name, making);
    member.set_standing(
        WordIn<v1::MemberStanding>(making.row.Fact("standing", "member"), "MEMBER_STANDING_"));
    member.set_head(starred ? star : list->size() == 1);
    member.set_co_holder(true);
  }
}

v1::Act Household(const Making& making) {
  v1::Act act;
  v1::RegisterParty& made = *act.mutable_register_party();
  made.mutable_party()->mutable_household()->set_contractor_code(making.row.Fact("code"));
  if (making.row.Has("of")) *made.mutable_collective() = Refer(making.row.Fact("of"), making);
  AddMembers(making, made.mutable_members());
  return act;
}

v1::Act Organisation(const Making& making) {
  v1::Act act;
  v1::Organisation& made = *act.mutable_register_party()->mutable_party()->mutable_organisation();
  made.set_title(making.row.name);
  made.set_contractor_code(making.row.Fact("code"));
  if (making.row.Has("head")) {
    *act.mutable_register_party()->mutable_representative() =
        Refer(making.row.Fact("head"), making);
  }
  made.set_credit_code(making.row.Fact("credit"));
  made.set_organisation_kind(making.row.Has("bank") ? v1::ORGANISATION_KIND_FINANCIAL_INSTITUTION
                                                    : v1::ORGANISATION_KIND_ENTERPRISE);
  return act;
}

v1::Act Authority(const Making& making) {
  v1::Act act;
  act.mutable_register_party()->mutable_party()->mutable_authority()->set_title(making.row.name);
  if (making.row.Has("of")) {
    *act.mutable_register_party()->mutable_collective() = Refer(making.row.Fact("of"), making);
  }
  return act;
}

v1::Act Nothing(const Making& making) {
  v1::Act act;
  if (making.row.name == "party") act.mutable_register_party()->mutable_party();
  return act;
}

v1::Act AmendPerson(const Making& making) {
  v1::Act act;
  *act.mutable_amend_party() = Changing(making, &v1::AmendParty::mutable_party);
  SetPerson(making, act.mutable_amend_party()->mutable_becomes()->mutable_person());
  return act;
}

v1::Act AmendHousehold(const Making& making) {
  v1::Act act;
  v1::AmendParty& made = *act.mutable_amend_party();
  made = Changing(making, &v1::AmendParty::mutable_party);
  made.mutable_becomes()->mutable_household()->set_contractor_code(making.row.Fact("code"));
  *made.mutable_collective() = Refer(making.row.Fact("of"), making);
  AddMembers(making, made.mutable_members());
  return act;
}

// "move Zhang": the person's new address.
v1::Act Move(const Making& making) {
  v1::Act act = AmendPerson(making);
  v1::Person& moved = *act.mutable_amend_party()->mutable_becomes()->mutable_person();
  moved.mutable_private_()->set_address("in town");
  return act;
}

// "use Works land-use=0701": an act that puts a plot to another use.
v1::Act Use(const Making& making) {
  v1::Act act;
  *act.mutable_amend_plot() = Changing(making, &v1::AmendPlot::mutable_plot);
  act.mutable_amend_plot()->set_land_use(making.row.Fact("land-use"));
  return act;
}

v1::Act Erase(const Making& making) {
  v1::Act act;
  *act.mutable_erase_private_fields()->mutable_party() = Refer(making.row.name, making);
  act.mutable_erase_private_fields()->set_ground("request of the person");
  return act;
}

// --- Rights --------------------------------------------------------------------------------------

v1::Act Unit(const Making& making) {
  v1::Act act;
  *act.mutable_establish_unit()->mutable_plot() = Refer(making.row.Fact("plot"), making);
  act.mutable_establish_unit()->set_fixture(making.row.Fact("fixture", "W"));
  return act;
}

void SetContract(const Making& making, v1::GrantRight* grant) {
  if (making.row.Has("contract")) {
    *grant->mutable_contract() = Refer(making.row.Fact("contract"), making);
  }
  if (!making.row.Has("issuer")) return;
  v1::NewContract& contract = *grant->mutable_new_contract();
  contract.set_code(making.row.Fact("contract-code"));
  *contract.mutable_issuer() = Refer(making.row.Fact("issuer"), making);
  *contract.mutable_taker() = Refer(making.row.Fact("taker"), making);
  contract.set_signed_date(making.row.Fact("signed", "1998-09-01"));
  contract.set_method("110");
  contract.set_price_fen(Fen(making.row, "price"));
  contract.set_price_unstated(making.row.Has("silent"));
}

void SetCirculation(const Making& making, v1::GrantRight* grant) {
  const ActRow& row = making.row;
  grant->set_basis(WordIn<v1::GrantBasis>(row.Fact("basis", "existing"), "GRANT_BASIS_"));
  if (row.Has("ground")) {
    grant->set_homestead_ground(
        WordIn<v1::HomesteadGround>(row.Fact("ground"), "HOMESTEAD_GROUND_"));
  }
  if (!row.Has("manner") && !row.Has("priority")) return;
  v1::Circulation& circulation = *grant->mutable_circulation();
  circulation.set_manner(WordIn<v1::CirculationManner>(row.Fact("manner"), "CIRCULATION_MANNER_"));
  circulation.set_land_use(row.Fact("land-use"));
  circulation.set_business_capital(row.Has("capital"));
  circulation.set_priority_claimed(row.Has("claimed"));
  if (!row.Has("priority")) return;
  const v1::Term priority = TermOf(row.Fact("priority"));
  circulation.set_priority_notice_date(priority.start_date());
  circulation.set_priority_until_date(priority.end_date());
}

v1::GrantRight GrantOf(const Making& making) {
  v1::GrantRight grant;
  *grant.mutable_unit() = Refer(making.row.Fact("unit"), making);
  grant.set_type(making.row.Fact("type"));
  grant.set_co_ownership(CoOwnershipOf(making.row));
  AddHolders(making.row.Fact("holders"), making, grant.mutable_holders());
  if (making.row.Has("term")) *grant.mutable_term() = TermOf(making.row.Fact("term"));
  if (making.row.Has("parent")) *grant.mutable_parent() = Refer(making.row.Fact("parent"), making);
  SetContract(making, &grant);
  SetCirculation(making, &grant);
  AddEvidence(making, &grant);
  return grant;
}

v1::Act Grant(const Making& making) {
  v1::Act act;
  *act.mutable_grant_right() = GrantOf(making);
  return act;
}

v1::Act Carry(const Making& making) {
  v1::Act act;
  *act.mutable_carry_over() = CarryOf(making);
  *act.mutable_carry_over()->mutable_right() = GrantOf(making);
  return act;
}

v1::Act CarryContract(const Making& making) {
  v1::Act act;
  *act.mutable_carry_over() = CarryOf(making);
  v1::NewContract& contract = *act.mutable_carry_over()->mutable_contract();
  contract.set_code(making.row.Fact("code"));
  *contract.mutable_issuer() = Refer(making.row.Fact("issuer"), making);
  *contract.mutable_taker() = Refer(making.row.Fact("taker"), making);
  contract.set_signed_date(making.row.Fact("signed", "1998-09-01"));
  contract.set_method("110");
  contract.set_price_fen(Fen(making.row, "price"));
  contract.set_price_unstated(!making.row.Has("price") || making.row.Has("silent"));
  return act;
}

v1::Act CarryCertificate(const Making& making) {
  v1::Act act;
  *act.mutable_carry_over() = CarryOf(making);
  v1::CarriedCertificate& made = *act.mutable_carry_over()->mutable_certificate();
  for (const std::string& right : Parts(making.row.Fact("rights"), ',')) {
    *made.add_rights() = Refer(right, making);
  }
  made.set_certificate_number(making.row.Fact("number"));
  made.set_issued_date(making.row.Fact("issued", "1999-06-01"));
  return act;
}

v1::Act Transfer(const Making& making) {
  v1::Act act;
  v1::TransferRight& made = *act.mutable_transfer_right();
  made = Changing(making, &v1::TransferRight::mutable_right);
  made.set_cause(WordIn<v1::TransferCause>(making.row.Fact("cause"), "TRANSFER_CAUSE_"));
  if (making.row.Has("for")) {
    *made.mutable_exchanged_for() = Refer(making.row.Fact("for"), making);
  }
  if (making.row.Has("price")) made.set_price_fen(Fen(making.row, "price"));
  made.set_co_ownership(CoOwnershipOf(making.row));
  AddHolders(making.row.Fact("to"), making, made.mutable_holders());
  AddEvidence(making, &made);
  return act;
}

v1::VaryRight VaryOf(const Making& making) {
  v1::VaryRight vary = Changing(making, &v1::VaryRight::mutable_right);
  AddEvidence(making, &vary);
  if (making.row.Has("term")) *vary.mutable_term() = TermOf(making.row.Fact("term"));
  if (making.row.Has("notes")) vary.mutable_notes()->add_notes(making.row.Fact("notes"));
  vary.set_cause(WordIn<v1::VaryCause>(making.row.Fact("cause"), "VARY_CAUSE_"));
  return vary;
}

v1::Act Vary(const Making& making) {
  v1::Act act;
  *act.mutable_vary_right() = VaryOf(making);
  return act;
}

v1::Act CorrectRight(const Making& making) {
  v1::Act act;
  *act.mutable_correct()->mutable_right() = VaryOf(making);
  act.mutable_correct()->set_ground("copied wrongly");
  return act;
}

v1::Act CorrectHolders(const Making& making) {
  v1::Act act;
  v1::CorrectHolders& made = *act.mutable_correct()->mutable_holders();
  made = Changing(making, &v1::CorrectHolders::mutable_right);
  made.set_co_ownership(CoOwnershipOf(making.row));
  AddHolders(making.row.Fact("to"), making, made.mutable_holders());
  act.mutable_correct()->set_ground("copied wrongly");
  return act;
}

v1::Act Extinguish(const Making& making) {
  v1::Act act;
  v1::ExtinguishRight& made = *act.mutable_extinguish_right();
  made = Changing(making, &v1::ExtinguishRight::mutable_right);
  made.set_ground("the term is over");
  made.set_cause(WordIn<v1::ExtinguishCause>(making.row.Fact("cause"), "EXTINGUISH_CAUSE_"));
  AddEvidence(making, &made);
  return act;
}

// --- The book ------------------------------------------------------------------------------------

v1::Act Open(const Making&) {
  v1::Act act;
  act.mutable_open_book();
  return act;
}

v1::Act Close(const Making& making) {
  v1::Act act;
  act.mutable_close_book()->set_to_county(making.row.Fact("to"));
  return act;
}

// The sample pack again, with another version or text put in.
v1::Act Adopt(const Making& making) {
  v1::Act act;
  for (std::string text : PackChainForTests(making.row.Fact("pack", "sample"))) {
    constexpr std::string_view kHead = "code: \"sample\"\nversion: ";
    const std::size_t place = text.find(kHead);
    if (place != std::string::npos && making.row.Has("version")) {
      const std::size_t begin = place + kHead.size();
      text.replace(begin, text.find('\n', begin) - begin, making.row.Fact("version"));
    }
    act.mutable_adopt_pack()->add_chain(making.row.Has("broken") ? "no pack" : text);
  }
  return act;
}

// "parts=FieldA:1200.00,FieldB:800.00": parts of these areas, of the plot's kind, division and use.
v1::Act Split(const Making& making) {
  v1::Act act;
  v1::SplitPlot& made = *act.mutable_split_plot();
  made = Changing(making, &v1::SplitPlot::mutable_plot);
  const auto plot =
      making.scene.bench.Read<v1::Plot>(making.scene.named.at(making.row.name).number);
  for (const std::string& named : Parts(making.row.Fact("parts"), ',')) {
    v1::NewPlot& part = *made.add_parts();
    part.set_kind(plot.kind());
    part.set_division(plot.division());
    part.set_land_use(plot.land_use());
    part.set_stated_area_m2(Parts(named, ':').at(1));
  }
  return act;
}

const std::map<std::string, RowBuilder>& Builders() {
  static const auto& builders =
      *new std::map<std::string, RowBuilder>{{"collective", Collective},
                                             {"person", Person},
                                             {"household", Household},
                                             {"organisation", Organisation},
                                             {"authority", Authority},
                                             {"amend-person", AmendPerson},
                                             {"amend-household", AmendHousehold},
                                             {"erase", Erase},
                                             {"move", Move},
                                             {"use", Use},
                                             {"unit", Unit},
                                             {"split", Split},
                                             {"grant", Grant},
                                             {"carry", Carry},
                                             {"transfer", Transfer},
                                             {"vary", Vary},
                                             {"correct-right", CorrectRight},
                                             {"correct-holders", CorrectHolders},
                                             {"extinguish", Extinguish},
                                             {"carry-contract", CarryContract},
                                             {"carry-certificate", CarryCertificate},
                                             {"open", Open},
                                             {"close", Close},
                                             {"adopt", Adopt},
                                             {"nothing", Nothing}};
  return builders;
}

// The override of the row's act, which will be the commit's next.
void AddOverride(const ActRow& row, v1::Commit* commit) {
  if (!row.Has("override")) return;
  v1::Override& accepted = *commit->add_overrides();
  accepted.set_rule(row.Fact("override"));
  accepted.set_act(static_cast<std::uint32_t>(commit->acts_size()));
  accepted.set_reason("the parties insist");
  accepted.set_document_number("O-1");
}

}  // namespace

std::optional<v1::Act> ActOfRow(const ActRow& row, const RowScene& scene, v1::Commit* commit) {
  for (const auto* builders :
       {&Builders(), &CaseActBuilders(), &CaseStepBuilders(), &MortgageActBuilders()}) {
    const auto found = builders->find(row.verb);
    if (found == builders->end()) continue;
    AddOverride(row, commit);
    return found->second({row, scene, commit});
  }
  return std::nullopt;
}

}  // namespace landbook::registry
