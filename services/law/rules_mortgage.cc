// Mortgages: what secures, to whom, in what rank, and how one changes, is released, realised and
// ends (CC 394-424, RLCL 47, LAL 63).
#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <vector>

#include "fmt/format.h"
#include "services/law/evidence.h"
#include "services/law/mortgage_object.h"
#include "services/law/ranks.h"
#include "services/law/resolutions.h"
#include "services/law/rule.h"
#include "services/law/term.h"

namespace landbook::law {
namespace {

using Act = v1::Act;

bool Registers(const Facts& facts) { return facts.is(Act::kRegisterMortgage); }

// The rule of the packs about one right.
std::optional<v1::MortgageRule> RuleOf(const RightFacts& right, const Facts& facts) {
  return facts.pack().MortgageRuleFor(right.type->code(),
                                      ScopeAt(right.land.plot.record, facts.asked));
}

void RefuseObject(const RightFacts& right, const Sentence& why, Answer* answer) {
  answer->Refuse(Reason::MORTGAGE_NOT_PERMITTED, right.field,
                 {fmt::format("Right {} may not be mortgaged: {}.", right.number, why.english),
                  fmt::format("第 {} 号权利不得抵押：{}。", right.number, why.chinese)});
}

// Each of the parties has to consent in writing; each that has not is told.
void RequireConsent(const std::set<std::uint64_t>& parties, Reason reason, const Sentence& why,
                    const Question& question, Answer* answer) {
  const auto consenting = GiversOf(question, v1::EVIDENCE_KIND_CONSENT);
  for (const std::uint64_t party : parties) {
    if (consenting.contains(party)) continue;
    answer->Refuse(reason, "evidence",
                   {fmt::format("{}: bring the written consent of party {}.", why.english, party),
                    fmt::format("{}，请提交第 {} 号主体的书面同意。", why.chinese, party)});
  }
}

// --- G-01: contracts in writing.

void AskDebt(const Facts& facts, Answer* answer) {
  if (Has(facts.asked, v1::EVIDENCE_KIND_DEBT)) return;
  answer->Refuse(
      Reason::MORTGAGE_EVIDENCE_MISSING, "evidence",
      {"The contracts of debt and mortgage are missing. Bring them as evidence of kind DEBT.",
       "缺少主债权合同和抵押合同，请提交。"});
}

// --- G-03: no change of rank or amount against other mortgagees.

// The mortgagees whose place would be worse by the agreement.
std::set<std::uint64_t> WhoGrowWorse(const Facts& facts) {
  const auto before = RankedMortgages(facts.right().number, facts.state());
  std::vector<std::uint64_t> after;
  for (const auto& mortgage : before) after.push_back(mortgage.number);
  std::vector<std::uint64_t> agreed;
  for (const v1::Reference& reference : facts.act().agree_ranks().mortgages()) {
    const auto number = facts.state().Resolve(reference, v1::RECORD_KIND_MORTGAGE);
    if (number) agreed.push_back(*number);
  }
  Reorder(agreed, &after);
  std::set<std::uint64_t> worse;
  for (std::size_t i = 0; i < before.size(); ++i) {
    const auto place = std::find(after.begin(), after.end(), before[i].number) - after.begin();
    if (static_cast<std::size_t>(place) > i) worse.insert(before[i].record.mortgagee());
  }
  return worse;
}

// The mortgagees behind a mortgage, over any of the rights that it is over.
std::set<std::uint64_t> WhoComeBehind(const Facts& facts) {
  std::set<std::uint64_t> behind;
  for (const RightFacts& right : facts.rights) {
    const auto ranked = RankedMortgages(right.number, facts.state());
    auto own = std::find_if(ranked.begin(), ranked.end(), [&](const auto& mortgage) {
      return mortgage.number == facts.mortgage->number;
    });
    for (; own != ranked.end(); ++own) {
      if (own->number != facts.mortgage->number) behind.insert(own->record.mortgagee());
    }
  }
  return behind;
}

void AskOthers(const Facts& facts, Answer* answer) {
  if (facts.is(Act::kAgreeRanks)) {
    return RequireConsent(WhoGrowWorse(facts), Reason::LATER_MORTGAGEE_CONSENT_MISSING,
                          {"The rank grows worse", "顺位因此变差"}, facts.asked, answer);
  }
  const v1::VaryMortgage& act = facts.act().vary_mortgage();
  if (!act.has_secured_fen() || act.secured_fen() <= facts.mortgage->record.secured_fen()) return;
  RequireConsent(WhoComeBehind(facts), Reason::LATER_MORTGAGEE_CONSENT_MISSING,
                 {"The amount grows, and others rank behind", "担保数额增加，且有顺位在后的抵押权"},
                 facts.asked, answer);
}

// --- G-04: a registered limit on transfer.

void AskRestriction(const Facts& facts, Answer* answer) {
  std::set<std::uint64_t> mortgagees;
  for (const auto& mortgage : StandingRecords<v1::Mortgage>(facts.state(), Link::kMortgagesOfRight,
                                                            facts.right().number)) {
    if (mortgage.record.transfer_restricted()) mortgagees.insert(mortgage.record.mortgagee());
  }
  RequireConsent(mortgagees, Reason::TRANSFER_RESTRICTED_BY_MORTGAGE,
                 {"A registered agreement limits transfer", "已登记禁止或者限制转让的约定"},
                 facts.asked, answer);
}

// --- G-05: with its debt.

void AskPassing(const Facts& facts, Answer* answer) {
  if (!facts.act().vary_mortgage().has_mortgagee()) return;
  if (Has(facts.asked, v1::EVIDENCE_KIND_DEBT)) return;
  answer->Refuse(
      Reason::MORTGAGE_EVIDENCE_MISSING, "evidence",
      {"A mortgage passes with its debt only. Bring the assignment of the debt as evidence of "
       "kind DEBT.",
       "抵押权随债权转让，请提交债权转让的材料。"});
}

// --- G-06: a lease that was there before survives.

void AskLeases(const Facts& facts, Answer* answer) {
  for (const RightFacts& right : facts.rights) {
    const auto derived =
        StandingRecords<v1::Right>(facts.state(), Link::kRightsOfParent, right.number);
    if (derived.empty()) continue;
    answer->Refuse(
        Reason::LAW_WARNS, right.field,
        {fmt::format("Right {} derives from it and survives the mortgage. The mortgagee takes "
                     "the risk; an authorised officer accepts it.",
                     derived.front().number),
         fmt::format("第 {} 号权利由其派生，不受抵押权影响。请向抵押权人说明，由有权人员决定。",
                     derived.front().number)});
  }
}

// --- G-07: land and building together.

bool IsAmong(std::uint64_t number, const Facts& facts) {
  return std::any_of(facts.rights.begin(), facts.rights.end(),
                     [&](const RightFacts& right) { return right.number == number; });
}

// The right of the same type on the building over the land, or on the land under the building.
std::optional<std::uint64_t> OtherPart(const RightFacts& right, const State& state) {
  const v1::Unit& own = right.land.unit.record;
  for (const auto& unit :
       StandingRecords<v1::Unit>(state, Link::kUnitsOfPlot, right.land.plot.number)) {
    const bool together = (IsOfBuilding(own) && IsOfLandAlone(unit.record)) ||
                          (IsOfLandAlone(own) && IsOfBuilding(unit.record));
    if (!together) continue;
    for (const auto& other : StandingRecords<v1::Right>(state, Link::kRightsOfUnit, unit.number)) {
      if (other.record.type() == right.right.type()) return other.number;
    }
  }
  return std::nullopt;
}

void AskTogether(const Facts& facts, Answer* answer) {
  for (const RightFacts& right : facts.rights) {
    const auto other = OtherPart(right, facts.state());
    if (!other || IsAmong(*other, facts)) continue;
    answer->Refuse(
        Reason::MORTGAGE_NOT_PERMITTED, "rights",
        {fmt::format("Land and building are mortgaged together: name right {} too.", *other),
         fmt::format("房屋与土地须一并抵押：请一并列入第 {} 号权利。", *other)});
  }
}

// --- G-09: what discharges.

void AskDischarge(const Facts& facts, Answer* answer) {
  if (Has(facts.asked, v1::EVIDENCE_KIND_ORDER)) return;
  if (GivenBy(facts.asked, v1::EVIDENCE_KIND_CONSENT, facts.mortgage->record.mortgagee())) return;
  answer->Refuse(
      Reason::MORTGAGE_EVIDENCE_MISSING, "evidence",
      {fmt::format("Nothing shows that the debt is paid or the mortgage waived. Bring the "
                   "written statement of its mortgagee, party {}, or a judgment.",
                   facts.mortgage->record.mortgagee()),
       fmt::format("缺少债权消灭或者放弃抵押权的凭据。请提交抵押权人（第 {} 号主体）的书面证明，"
                   "或者生效裁判。",
                   facts.mortgage->record.mortgagee())});
}

// --- G-10: neither ownership nor use changes with the realisation.

std::set<std::uint64_t> PlotsRealised(const Question& question) {
  std::set<std::uint64_t> plots;
  for (const v1::Act& act : question.commit->acts()) {
    if (!act.has_enforce_mortgage()) continue;
    const auto mortgage =
        FindReferred<v1::Mortgage>(*question.state, act.enforce_mortgage().mortgage());
    if (!mortgage) continue;
    for (const std::uint64_t number : mortgage->record.rights()) {
      if (const auto right = RightFactsOf(number, question)) plots.insert(right->land.plot.number);
    }
  }
  return plots;
}

void AskUnchanged(const Question& question, Answer* answer) {
  const auto plots = PlotsRealised(question);
  for (int i = 0; !plots.empty() && i < question.commit->acts_size(); ++i) {
    const v1::Act& act = question.commit->acts(i);
    if (!act.has_amend_plot() || !act.amend_plot().has_land_use()) continue;
    const auto plot = question.state->Resolve(act.amend_plot().plot(), v1::RECORD_KIND_PLOT);
    if (!plot || !plots.contains(*plot)) continue;
    answer->AboutAct(static_cast<std::uint32_t>(i));
    answer->Refuse(
        Reason::GROUND_NOT_STATUTORY, "land_use",
        {"The realisation of a mortgage does not change the use of the land. A change of use "
         "has its own procedure, and its own case.",
         "实现抵押权不得改变土地用途。改变用途须另行依法办理。"});
  }
}

// --- G-11: a ceiling and its period.

void RefuseMaximum(std::string_view field, const Sentence& why, Answer* answer) {
  answer->Refuse(Reason::MORTGAGE_EVIDENCE_MISSING, field, why);
}

void AskMaximum(const Facts& facts, Answer* answer) {
  const v1::RegisterMortgage& act = facts.new_mortgage();
  const bool maximum = act.mortgage_kind() == v1::MORTGAGE_KIND_MAXIMUM_AMOUNT;
  if (maximum && !ReadTerm(act.maximum_amount().claim_period())) {
    RefuseMaximum("maximum_amount",
                  {"A maximum-amount mortgage states the period whose claims come under it.",
                   "最高额抵押须写明债权确定期间。"},
                  answer);
  }
  if (!maximum && act.has_maximum_amount()) {
    RefuseMaximum("maximum_amount",
                  {"A period of claims came for a mortgage of a single debt. Say that it is a "
                   "maximum-amount mortgage, or leave it out.",
                   "一般抵押不应填写最高额抵押事项。"},
                  answer);
  }
}

void AskDetermined(const Facts& facts, Answer* answer) {
  if (Registers(facts)) return AskMaximum(facts, answer);
  const v1::VaryMortgage& act = facts.act().vary_mortgage();
  if (!act.maximum_amount().has_determined_fen()) return;
  const std::int64_t ceiling =
      act.has_secured_fen() ? act.secured_fen() : facts.mortgage->record.secured_fen();
  if (act.maximum_amount().determined_fen() <= ceiling) return;
  RefuseMaximum("maximum_amount.determined_fen",
                {fmt::format("{} fen were determined, above the ceiling of {} fen.",
                             act.maximum_amount().determined_fen(), ceiling),
                 fmt::format("确定的债权额 {} 分超过最高额 {} 分。",
                             act.maximum_amount().determined_fen(), ceiling)},
                answer);
}

// --- G-14: the debt ends within the right's term.

void AskDebtTerm(const Facts& facts, Answer* answer) {
  const auto debt = ReadTerm(facts.new_mortgage().debt_term());
  for (const RightFacts& right : facts.rights) {
    if (!IsManagementRight(*right.type) && !IsContractRight(*right.type)) continue;
    const auto term = ReadTerm(right.right.term());
    if (!debt || !term || !term->end || (debt->end && *debt->end <= *term->end)) continue;
    return answer->Refuse(
        Reason::LAW_WARNS, "debt_term",
        {fmt::format("The debt runs past {}, when the right ends. An authorised officer "
                     "may accept it.",
                     common::FormatCivilDate(*term->end)),
         fmt::format("债务履行期限超过权利的届满日 {}，由有权人员决定。",
                     common::FormatCivilDate(*term->end))});
  }
}

// --- G-15: collective property secures nothing by a manager's hand alone.

void AskCollectiveProperty(const Facts& facts, Answer* answer) {
  for (const RightFacts& right : facts.rights) {
    for (const std::uint64_t holder : HoldersOf(right.right)) {
      const auto party = Find<v1::Party>(facts.state(), holder);
      if (IsOwnership(*right.type) || !party || !party->has_collective()) continue;
      RequireResolution(
          facts.asked,
          {.matters = {v1::RESOLUTION_MATTER_OTHER, v1::RESOLUTION_MATTER_MARKET_ENTRY},
           .collective = holder},
          {"the security that its property gives", "以集体财产提供担保"}, answer);
    }
  }
}

// --- G-16: ownership is not mortgaged.

void AskOwnership(const Facts& facts, Answer* answer) {
  for (const RightFacts& right : facts.rights) {
    if (!IsOwnership(*right.type)) continue;
    RefuseObject(right, {"land ownership is no object of a mortgage", "土地所有权不得抵押"},
                 answer);
  }
}

// --- G-17: nor a homestead, unless a law says so.

void AskHomestead(const Facts& facts, Answer* answer) {
  for (const RightFacts& right : facts.rights) {
    if (!IsHomestead(*right.type) && !IsOperation(*right.type)) continue;
    if (IsOpenToMortgage(*right.type, RuleOf(right, facts))) continue;
    RefuseObject(
        right,
        {"the use right of a homestead, and the farm house on it, are mortgaged only where a law "
         "or a decision of the NPC Standing Committee says so, and no pack in force names one",
         "宅基地使用权及其上农房，法律或者全国人大常委会决定另有规定的除外，不得抵押；现行政策包"
         "未载明此种规定"},
        answer);
  }
}

// --- G-19: of a contract right the management part; and what no pack opens stays closed.

void AskObject(const Facts& facts, Answer* answer) {
  for (const RightFacts& right : facts.rights) {
    const v1::RightType& type = *right.type;
    if (IsOwnership(type) || IsHomestead(type) || IsOperation(type)) continue;  // G-16, G-17
    const auto rule = RuleOf(right, facts);
    if (!IsOpenToMortgage(type, rule)) {
      RefuseObject(right, {"no policy pack in force permits it", "现行政策包未准许"}, answer);
      continue;
    }
    const auto object = rule->object();
    if (object == v1::MORTGAGE_OBJECT_UNSPECIFIED || object == facts.new_mortgage().object())
      continue;
    answer->Refuse(
        Reason::MORTGAGE_NOT_PERMITTED, "object",
        {"Of a contract right the management part alone secures a debt. State the object.",
         "承包方只能以土地经营权融资担保，请填写抵押客体。"},
        rule->source().document());
  }
}

// --- G-20: to a financial institution only.

std::optional<Numbered<v1::Party>> MortgageeOf(const Facts& facts) {
  return FindReferred<v1::Party>(facts.state(), Registers(facts)
                                                    ? facts.new_mortgage().mortgagee()
                                                    : facts.act().vary_mortgage().mortgagee());
}

void AskMortgagee(const Facts& facts, Answer* answer) {
  const auto mortgagee = MortgageeOf(facts);
  if (!mortgagee) return;
  const bool financial = mortgagee->record.organisation().organisation_kind() ==
                         v1::ORGANISATION_KIND_FINANCIAL_INSTITUTION;
  const bool only =
      std::any_of(facts.rights.begin(), facts.rights.end(), [&](const RightFacts& right) {
        const auto rule = RuleOf(right, facts);
        return rule && rule->permitted() && rule->financial_institution_only();
      });
  if (financial || !only) return;
  answer->Refuse(
      Reason::MORTGAGEE_NOT_FINANCIAL, "mortgagee",
      {fmt::format("Party {} is no financial institution, and such a right secures to one only.",
                   mortgagee->number),
       fmt::format("第 {} 号主体不是金融机构，该项权利只能向金融机构融资担保。",
                   mortgagee->number)});
}

// --- G-23: released in part, the mortgagee consenting, and never the last right.

void AskRelease(const Facts& facts, Answer* answer) {
  const auto& released = facts.act().vary_mortgage().released_rights();
  if (released.empty()) return;
  std::set<std::uint64_t> left(facts.mortgage->record.rights().begin(),
                               facts.mortgage->record.rights().end());
  for (const v1::Reference& reference : released) {
    const auto number = facts.state().Resolve(reference, v1::RECORD_KIND_RIGHT);
    if (number) left.erase(*number);
  }
  if (left.empty()) {
    answer->Refuse(Reason::MORTGAGE_RIGHTS_REQUIRED, "released_rights",
                   {"A mortgage keeps at least one right. To end it, discharge it.",
                    "部分解除后至少保留一项权利；全部解除的，办理注销。"});
  }
  RequireConsent({facts.mortgage->record.mortgagee()}, Reason::CONSENT_MISSING,
                 {"Rights are released from the mortgage", "部分解除抵押"}, facts.asked, answer);
}

// --- G-24: realised over the management part: a management right with a term.

void AskRealisedTerm(const Facts& facts, Answer* answer) {
  const bool contract = std::any_of(facts.rights.begin(), facts.rights.end(),
                                    [](const auto& right) { return IsContractRight(*right.type); });
  const bool stated = ReadTerm(facts.act().enforce_mortgage().term()).has_value();
  if (!contract || stated) return;
  answer->Refuse(
      Reason::TERM_REQUIRED, "term",
      {"Realised over a contract right, a management right is granted and the contract stays. "
       "State its term.",
       "以承包地的土地经营权实现债权的，设立土地经营权，承包关系不变。请填写期限。"});
}

// --- G-25: by a judgment, or an agreement of mortgagee and holders.

void AskTitle(const Facts& facts, Answer* answer) {
  if (Has(facts.asked, v1::EVIDENCE_KIND_ORDER)) return;
  std::set<std::uint64_t> sides = {facts.mortgage->record.mortgagee()};
  for (const RightFacts& right : facts.rights) sides.merge(HoldersOf(right.right));
  const auto consenting = GiversOf(facts.asked, v1::EVIDENCE_KIND_CONSENT);
  const bool agreed =
      std::includes(consenting.begin(), consenting.end(), sides.begin(), sides.end());
  if (agreed) return;
  answer->Refuse(
      Reason::EVIDENCE_MISSING, "evidence",
      {"A realisation rests on a judgment, or on a written agreement of the mortgagee and every "
       "holder. Bring one.",
       "实现抵押权须有生效裁判，或者抵押权人与全体权利人的书面协议，请提交。"});
}

// --- M-15: enterprise land is not mortgaged alone.

bool HasBuilding(const RightFacts& right, const State& state) {
  return IsOfBuilding(right.land.unit.record) || !right.land.plot.record.structures().empty() ||
         !right.land.unit.record.structures().empty() || OtherPart(right, state).has_value();
}

void AskLandAlone(const Facts& facts, Answer* answer) {
  for (const RightFacts& right : facts.rights) {
    const bool with_building = NeedsBuildingToMortgage(*right.type, right.right.basis());
    if (!with_building || HasBuilding(right, facts.state())) continue;
    RefuseObject(
        right,
        {"what was given to an enterprise of the township or village is not mortgaged without the "
         "building on it",
         "乡镇、村企业的建设用地使用权不得单独抵押"},
        answer);
  }
}

constexpr std::array kRegister = {Act::kRegisterMortgage};
constexpr std::array kVary = {Act::kVaryMortgage};
constexpr std::array kRanks = {Act::kAgreeRanks, Act::kVaryMortgage};
constexpr std::array kTransfer = {Act::kTransferRight};
constexpr std::array kDischarge = {Act::kDischargeMortgage};
constexpr std::array kEnforce = {Act::kEnforceMortgage};
constexpr std::array kMortgagee = {Act::kRegisterMortgage, Act::kVaryMortgage};

constexpr Rule kRules[] = {
    {"G-01", "CC 400", "抵押须有书面合同", "Contracts of debt and mortgage in writing", kRegister,
     &AskDebt},
    {"G-02", "CC 414", "抵押权按登记先后受偿", "Rank follows registration"},
    {"G-03", "CC 409", "变更顺位、数额不得损害其他抵押权人",
     "No change of rank or amount against other mortgagees", kRanks, &AskOthers},
    {"G-04", "CC 406; SPC-G 43", "登记的限制转让约定须抵押权人同意",
     "A registered limit on transfer needs the mortgagee's consent", kTransfer, &AskRestriction},
    {"G-05", "CC 407", "抵押权随债权转让", "A mortgage moves with its debt", kVary, &AskPassing},
    {"G-06", "CC 405", "抵押前已占有的租赁继续有效",
     "A lease with possession before the mortgage survives", kRegister, &AskLeases, nullptr, true},
    {"G-07", "CC 397, 417", "房地一并抵押", "Land and building are mortgaged together", kRegister,
     &AskTogether},
    {"G-09", "CC 393", "债权消灭等注销抵押须有凭据", "Discharge shows why", kDischarge,
     &AskDischarge},
    {"G-10",
     "CC 418",
     "实现抵押权不得改变所有权性质和土地用途",
     "Realisation changes neither ownership nor use",
     {},
     nullptr,
     &AskUnchanged},
    {"G-11", "CC 420-424", "最高额抵押载明债权确定期间和最高额",
     "A maximum-amount mortgage states its ceiling and period", kMortgagee, &AskDetermined},
    {"G-14", "RLCL 38(3)", "债务期限应在经营权期限内",
     "The debt ends within the management right's term", kRegister, &AskDebtTerm, nullptr, true},
    {"G-15", "RCEO 35, 58", "不得以集体财产违规担保",
     "Collective property secures nothing by a manager's hand alone", kRegister,
     &AskCollectiveProperty},
    {"G-16", "CC 399(1)", "土地所有权不得抵押", "Land ownership is not mortgaged", kRegister,
     &AskOwnership, nullptr, false, CarriedOver::kKept},
    {"G-17", "CC 399(2), 397", "宅基地使用权及其上农房不得抵押，法律另有规定除外",
     "A homestead and its farm house are not mortgaged unless a law says so", kRegister,
     &AskHomestead, nullptr, false, CarriedOver::kKept},
    {"G-19", "RLCL 47", "承包方以土地经营权担保，向发包方备案",
     "The contractor secures by the management part, filed with the issuer", kRegister, &AskObject},
    {"G-20", "RLCL 47", "抵押权人限于金融机构", "Only a financial institution", kMortgagee,
     &AskMortgagee, nullptr, false, CarriedOver::kKept},
    {"G-21", "RLCL 47", "流转取得的经营权担保须承包方书面同意并备案",
     "A management right got by circulation: the contractor's written consent and a filing"},
    {"G-22", "CC 399(4)", "权属有争议的不得抵押", "What is in dispute is not mortgaged"},
    {"G-23", "CC 393, 409", "部分解除抵押须抵押权人同意，且至少保留一项",
     "A partial release: the mortgagee consents, and one right stays", kVary, &AskRelease},
    {"G-24", "RLCL 47", "以承包经营权实现的，设立土地经营权，承包关系不变",
     "Realised over a contract right: a management right with a term", kEnforce, &AskRealisedTerm},
    {"G-25", "CC 410", "实现抵押权须有裁判或者协议",
     "Realisation rests on a judgment or an agreement", kEnforce, &AskTitle},
    {"M-09", "LAL 63(3); LALR 43; ZB 2(1)2(4)",
     "集体建设用地转让、抵押书面通知所有权人；淄博须其同意",
     "Construction land: written notice to the owner; in Zibo the owner's consent"},
    {"M-15", "CC 398", "乡村企业建设用地不得单独抵押", "Enterprise land is not mortgaged alone",
     kRegister, &AskLandAlone},
};

}  // namespace

std::span<const Rule> MortgageRules() { return kRules; }

}  // namespace landbook::law
