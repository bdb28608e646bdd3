// The contract right: who holds one, for how long, and how it passes within the collective (RLCL
// 16-35).
#include <algorithm>
#include <array>
#include <optional>

#include "fmt/format.h"
#include "services/law/evidence.h"
#include "services/law/resolutions.h"
#include "services/law/rule.h"
#include "services/law/term.h"

namespace landbook::law {
namespace {

using Act = v1::Act;

void RefuseClass(const NewHolder& holder, Reason reason, const Sentence& wanted, Answer* answer) {
  answer->Refuse(
      reason, holder.field,
      {fmt::format("Party {} cannot take this right: it has to be {}.", holder.party.number,
                   wanted.english),
       fmt::format("第 {} 号主体不能取得该项权利：须为{}。", holder.party.number, wanted.chinese)});
}

Sentence SayHousehold() {
  return {"a household of the collective that owns the land", "本集体经济组织的农户"};
}

// --- ownership is the collective's and stays with it.

void RefuseDisposal(Answer* answer) {
  answer->Refuse(
      Reason::OWNERSHIP_STAYS_COLLECTIVE, "right",
      {"Ownership of collective land is not disposed of. A right entered for the wrong "
       "collective is corrected; expropriation ends it.",
       "集体土地所有权不得转让、退出或者收回。登记有误的，请办理更正登记；征收的，办理注销。"});
}

bool EndsOwnershipLawfully(const Facts& facts) {
  if (!facts.is(Act::kExtinguishRight)) return false;
  const v1::ExtinguishCause cause = facts.act().extinguish_right().cause();
  return cause == v1::EXTINGUISH_CAUSE_EXPROPRIATION || cause == v1::EXTINGUISH_CAUSE_LOSS;
}

void AskOwnership(const Facts& facts, Answer* answer) {
  if (!IsOwnership(facts.right_type())) return;
  if (!facts.is(Act::kGrantRight)) {
    if (!EndsOwnershipLawfully(facts)) RefuseDisposal(answer);
    return;
  }
  for (const NewHolder& holder : facts.holders) {
    if (IsCollectiveOfLand(holder.party.record, facts.land->plot.record)) continue;
    RefuseClass(holder, Reason::HOLDER_NOT_ALLOWED,
                {"the collective that owns at the plot's division", "该宗地所在区划的农民集体"},
                answer);
  }
}

// --- a contract right is a household's of the collective.

// A household of people admitted in part only gets no land (RCEO 15). An older register that is
// silent on standing is believed for what it recorded.
bool MayContract(const v1::Household& household, const Facts& facts) {
  if (HasMember(household)) return true;
  const bool recorded = facts.carried_over || (facts.is(Act::kGrantRight) &&
                                               facts.grant().basis() == v1::GRANT_BASIS_EXISTING);
  const bool silent = std::any_of(household.members().begin(), household.members().end(),
                                  [](const v1::HouseholdMember& member) {
                                    return member.standing() == v1::MEMBER_STANDING_NOT_STATED;
                                  });
  return recorded && silent;
}

// Transfers whose class another rule asks about: C-01, C-03, I-01, I-02, I-05 and I-06.
bool IsAskedElsewhere(const Facts& facts) {
  if (!facts.is(Act::kTransferRight)) return false;
  const v1::TransferCause cause = facts.act().transfer_right().cause();
  return cause != v1::TRANSFER_CAUSE_JUDGMENT;
}

void AskContractHolder(const Facts& facts, Answer* answer) {
  if (facts.holders.empty() || IsAskedElsewhere(facts)) return;
  if (!IsContractRight(facts.right_type())) return;
  for (const NewHolder& holder : facts.holders) {
    const v1::Party& party = holder.party.record;
    const bool of_class =
        IsOfClass(party, facts.right_type().holder_class(), *facts.plot(), facts.state());
    if (!of_class || (party.has_household() && !MayContract(party.household(), facts))) {
      RefuseClass(holder, Reason::HOLDER_NOT_ALLOWED, SayHousehold(), answer);
    }
  }
}

// --- no term is longer than law allows.

void RefuseTooLong(const TermSpan& term, std::uint32_t years, const std::string& source,
                   Answer* answer) {
  const Sentence said = SayTerm(term);
  answer->Refuse(Reason::TERM_TOO_LONG, "term",
                 {fmt::format("The term {} is longer than the {} years that such a right may have. "
                              "Shorten it.",
                              said.english, years),
                  fmt::format("期限{}超过该项权利最长 {} 年的规定，请缩短。", said.chinese, years)},
                 source);
}

// A pack's number of years, within the calendar.
int Years(std::uint32_t years) { return static_cast<int>(std::min(years, 9999U)); }

// What a household contracts today runs for its class of land: cropland 30 years (RLCL 21).
bool IsNewContract(const Facts& facts) {
  return IsContractRight(facts.right_type()) && facts.is(Act::kGrantRight) && !facts.carried_over &&
         facts.grant().basis() == v1::GRANT_BASIS_HOUSEHOLD_CONTRACT;
}

void AskContractYears(const TermSpan& term, const Facts& facts, Answer* answer) {
  const v1::Plot& plot = *facts.plot();
  const auto rule = facts.pack().ExtensionRuleFor(facts.right_type().code(), plot.land_use(),
                                                  ScopeAt(plot, facts.asked));
  if (!rule || HasAtMostYears(term, Years(rule->years_max()))) return;
  RefuseTooLong(term, rule->years_max(), rule->source().document(), answer);
}

// The term that the act sets; nullopt for none. What extension and the statutory term may be, E-01
// and E-03 say.
std::optional<TermSpan> NewTerm(const Facts& facts) {
  if (facts.is(Act::kGrantRight)) return ReadTerm(facts.grant().term());
  const v1::VaryRight* act = facts.varied();
  if (act == nullptr || !act->has_term()) return std::nullopt;
  const bool elsewhere =
      act->cause() == v1::VARY_CAUSE_EXTENSION || act->cause() == v1::VARY_CAUSE_STATUTORY_TERM;
  return elsewhere ? std::nullopt : ReadTerm(act->term());
}

void AskLongestTerm(const Facts& facts, Answer* answer) {
  const auto term = NewTerm(facts);
  if (!term) return;
  const v1::RightType& type = facts.right_type();
  if (IsNewContract(facts)) return AskContractYears(*term, facts, answer);
  if (type.years_max() == 0 || HasAtMostYears(*term, Years(type.years_max()))) return;
  RefuseTooLong(*term, type.years_max(), type.source().document(), answer);
}

// --- C-01: to another household of the collective, with the issuer's consent (asked of the packs).

void AskAssignment(const Facts& facts, Answer* answer) {
  if (!IsContractRight(facts.right_type())) return;
  const v1::TransferCause cause = facts.act().transfer_right().cause();
  if (cause == v1::TRANSFER_CAUSE_EQUITY || cause == v1::TRANSFER_CAUSE_RECIRCULATION) {
    answer->Refuse(Reason::GROUND_NOT_STATUTORY, "cause",
                   {"A contract right is not contributed nor passed on: its management part is "
                    "circulated, as a right of its own.",
                    "土地承包经营权本身不得入股或者再流转；可以流转土地经营权。"},
                   "RLCL 34, 36");
  }
  if (cause != v1::TRANSFER_CAUSE_ASSIGNMENT) return;
  for (const NewHolder& holder : facts.holders) {
    if (TakesLand(holder.party.record, *facts.plot(), facts.state())) continue;
    RefuseClass(holder, Reason::TRANSFEREE_OUTSIDE_COLLECTIVE, SayHousehold(), answer);
  }
}

// --- C-03: an exchange is of one collective's parcels, both at once; its filing the packs ask for.

bool IsExchange(const v1::Act& act) {
  return act.has_transfer_right() && act.transfer_right().cause() == v1::TRANSFER_CAUSE_EXCHANGE;
}

void RefusePair(const Sentence& why, Answer* answer) {
  answer->Refuse(
      Reason::EVIDENCE_MISSING, "exchanged_for",
      {fmt::format("An exchange names the right given in return, which passes in the same "
                   "commit: {}.",
                   why.english),
       fmt::format("互换须写明换得的权利，并在同一次提交中一并办理：{}。", why.chinese)});
}

void AskExchange(const Facts& facts, Answer* answer) {
  if (!IsExchange(facts.act()) || !IsContractRight(facts.right_type())) return;
  for (const NewHolder& holder : facts.holders) {
    if (IsHouseholdOfLand(holder.party.record, *facts.plot(), facts.state())) continue;
    RefuseClass(holder, Reason::TRANSFEREE_OUTSIDE_COLLECTIVE, SayHousehold(), answer);
  }
  const v1::TransferRight& act = facts.act().transfer_right();
  const auto other = act.has_exchanged_for()
                         ? facts.state().Resolve(act.exchanged_for(), v1::RECORD_KIND_RIGHT)
                         : std::nullopt;
  const auto given = other ? RightFactsOf(*other, facts.asked) : std::nullopt;
  if (!given || !IsContractRight(*given->type)) {
    RefusePair({"it names no contract right", "未写明换得的土地承包经营权"}, answer);
  }
}

// The rights that a commit exchanges: right -> the right given for it.
std::optional<std::uint64_t> GivenFor(std::uint64_t right, const Question& question) {
  for (const v1::Act& act : question.commit->acts()) {
    if (!IsExchange(act)) continue;
    const auto passes =
        question.state->Resolve(act.transfer_right().right(), v1::RECORD_KIND_RIGHT);
    if (passes != right) continue;
    return question.state->Resolve(act.transfer_right().exchanged_for(), v1::RECORD_KIND_RIGHT);
  }
  return std::nullopt;
}

// The households that hold both rights after an exchange are of one collective.
bool IsOfOneCollective(std::uint64_t right, std::uint64_t other, const Question& question) {
  std::set<std::uint64_t> collectives;
  for (const std::uint64_t number : {right, other}) {
    const auto found = Find<v1::Right>(*question.state, number);
    if (!found) return false;
    for (const std::uint64_t holder : HoldersOf(*found)) {
      const auto household = HouseholdOf(holder, *question.state);
      if (!household) return false;
      collectives.insert(household->collective());
    }
  }
  return collectives.size() == 1;
}

void AskPairs(const Question& question, Answer* answer) {
  for (int i = 0; i < question.commit->acts_size(); ++i) {
    const v1::Act& act = question.commit->acts(i);
    if (!IsExchange(act) || !act.transfer_right().has_exchanged_for()) continue;
    const auto right = question.state->Resolve(act.transfer_right().right(), v1::RECORD_KIND_RIGHT);
    const auto other =
        question.state->Resolve(act.transfer_right().exchanged_for(), v1::RECORD_KIND_RIGHT);
    if (!right || !other) continue;  // told by AskExchange
    answer->AboutAct(static_cast<std::uint32_t>(i));
    if (GivenFor(*other, question) != right) {
      RefusePair({"the other one does not pass in return", "对方的权利未一并转移"}, answer);
    } else if (!IsOfOneCollective(*right, *other, question)) {
      RefusePair({"the two are of different collectives", "双方不属于同一集体"}, answer);
    }
  }
}

// --- C-12: a written contract.

bool IsByContract(v1::GrantBasis basis) {
  return basis == v1::GRANT_BASIS_HOUSEHOLD_CONTRACT || basis == v1::GRANT_BASIS_OTHER_CONTRACT ||
         basis == v1::GRANT_BASIS_CIRCULATION;
}

void AskContract(const Facts& facts, Answer* answer) {
  if (!IsByContract(facts.grant().basis())) return;
  RequireEvidence(facts.asked, {v1::EVIDENCE_KIND_CONTRACT}, {"the written contract", "书面合同"},
                  answer);
}

// --- C-22: no contracted land is taken back or adjusted within the term.

void RefuseTaking(std::string_view field, const Sentence& why, Answer* answer) {
  answer->Refuse(Reason::GROUND_NOT_STATUTORY, field, why);
}

void AskTakingOfContract(const Facts& facts, Answer* answer) {
  const v1::TakeBackRight& act = facts.act().take_back_right();
  const std::string measure = WordOf(act.measure());
  const auto rules = facts.pack().TakingRulesFor(act.ground(), facts.right_type().code(),
                                                 ScopeAt(*facts.plot(), facts.asked));
  const bool named = std::any_of(rules.begin(), rules.end(), [&](const v1::TakingRule& rule) {
    const auto& measures = rule.measures();
    return !rule.statute().empty() &&
           std::find(measures.begin(), measures.end(), measure) != measures.end();
  });
  if (named) return;
  RefuseTaking(
      "ground",
      {fmt::format("Contracted land is not taken back or adjusted within its term: no statute "
                   "names the ground \"{}\" for this measure.",
                   act.ground()),
       fmt::format("承包期内不得收回、调整承包地：没有法律将“{}”规定为采取该措施的事由。",
                   act.ground())},
      answer);
}

// A contract ends by law or by loss; a household that gives its land up withdraws.
void AskEndOfContract(const Facts& facts, Answer* answer) {
  const v1::ExtinguishRight& act = facts.act().extinguish_right();
  switch (act.cause()) {
    case v1::EXTINGUISH_CAUSE_AGREEMENT:
    case v1::EXTINGUISH_CAUSE_ENFORCEMENT:
      return RefuseTaking(
          "cause",
          {"A contract right does not end by agreement or for a debt. A household that "
           "gives its land back withdraws from it.",
           "土地承包经营权不因协议或者清偿债务而消灭。农户交回承包地的，办理自愿交回或者"
           "有偿退出。"},
          answer);
    case v1::EXTINGUISH_CAUSE_TERM_OVER:
      if (IsExpired(facts.right().right, facts.today())) return;
      return RefuseTaking("cause", {"The term of the contract is not over.", "承包期尚未届满。"},
                          answer);
    case v1::EXTINGUISH_CAUSE_JUDGMENT:
      return RequireEvidence(facts.asked, {v1::EVIDENCE_KIND_ORDER},
                             {"the judgment", "生效裁判文书"}, answer);
    case v1::EXTINGUISH_CAUSE_LOSS:
    case v1::EXTINGUISH_CAUSE_EXPROPRIATION:
      return RequireEvidence(facts.asked,
                             {v1::EVIDENCE_KIND_OTHER, v1::EVIDENCE_KIND_ORDER,
                              v1::EVIDENCE_KIND_PERMIT, v1::EVIDENCE_KIND_SURVEY},
                             {"what proves the loss or the expropriation", "灭失或者征收的证明"},
                             answer);
    case v1::EXTINGUISH_CAUSE_HOUSEHOLD_EXTINCT:
      return;  // I-01
    default:
      return RefuseTaking(
          "cause",
          {"Why the contract right ends is not said, and the law knows few causes. State "
           "the cause.",
           "未写明土地承包经营权消灭的原因。请填写 cause。"},
          answer);
  }
}

void AskTaking(const Facts& facts, Answer* answer) {
  if (!IsContractRight(facts.right_type())) return;
  if (facts.is(Act::kTakeBackRight)) return AskTakingOfContract(facts, answer);
  AskEndOfContract(facts, answer);
}

// --- C-24: one land is not contracted twice.

// Refuses where a right of the type stands on the unit; told where the act names the land.
void RefuseStanding(std::uint64_t unit, const v1::RightType& type, std::string_view field,
                    const Facts& facts, Answer* answer) {
  for (const auto& right : StandingRecords<v1::Right>(facts.state(), Link::kRightsOfUnit, unit)) {
    if (right.record.type() != type.code()) continue;
    return answer->Refuse(
        Reason::RIGHT_STANDS_ALREADY, field,
        {fmt::format(
             "Right {} of type {} stands on the land already. Transfer it, or end it first.",
             right.number, type.code()),
         fmt::format("该土地上已有“{}”（编号 {}），不得重复承包。请办理转移，或先行注销。",
                     type.title_zh(), right.number)});
  }
}

// Realised over a contract right, a management right is granted: not beside one that stands.
void AskManagedTwice(const Facts& facts, Answer* answer) {
  const v1::RightType* management =
      facts.asked.policy->RightTypeNamed(std::string(kManagementRight));
  if (management == nullptr) return;
  for (const RightFacts& right : facts.rights) {
    if (!IsContractRight(*right.type)) continue;
    RefuseStanding(right.land.unit.number, *management, right.field, facts, answer);
  }
}

void AskContractedTwice(const Facts& facts, Answer* answer) {
  if (facts.is(Act::kEnforceMortgage)) return AskManagedTwice(facts, answer);
  const v1::RightType& type = facts.right_type();
  if (!type.exclusive() || !(IsContractRight(type) || IsManagementRight(type))) return;
  RefuseStanding(facts.land->unit.number, type, "type", facts, answer);
}

// --- C-27: land by other methods: members come first.

bool IsOfCollective(const v1::Party& party, const Facts& facts) {
  return IsHouseholdOfLand(party, *facts.plot(), facts.state()) ||
         IsCollectiveOfLand(party, *facts.plot());
}

void AskPriorityOfMembers(const Facts& facts, Answer* answer) {
  if (facts.grant().basis() != v1::GRANT_BASIS_OTHER_CONTRACT) return;
  const bool inside = std::all_of(
      facts.holders.begin(), facts.holders.end(),
      [&](const NewHolder& holder) { return IsOfCollective(holder.party.record, facts); });
  if (inside || Has(facts.asked, v1::EVIDENCE_KIND_PRIORITY)) return;
  const auto until = common::ParseCivilDate(facts.grant().circulation().priority_until_date());
  if (until && *until < facts.today() && !facts.grant().circulation().priority_claimed()) return;
  answer->Refuse(
      Reason::EVIDENCE_MISSING, "evidence",
      {"Members of the collective come first on equal terms. State the notice to them and "
       "the period that has run, or bring their waiver.",
       "同等条件下本集体成员享有优先权。请填写公示及已届满的期限，或者提交放弃优先权的声明。"});
}

// The acts, as rules name them.
constexpr std::array kDisposals = {Act::kGrantRight, Act::kTransferRight, Act::kWithdrawRight,
                                   Act::kTakeBackRight, Act::kExtinguishRight};
constexpr std::array kHolderActs = {Act::kGrantRight, Act::kTransferRight, Act::kCorrect};
constexpr std::array kTermActs = {Act::kGrantRight, Act::kVaryRight, Act::kCorrect};
constexpr std::array kTransfer = {Act::kTransferRight};
constexpr std::array kGrant = {Act::kGrantRight};
constexpr std::array kContracts = {Act::kGrantRight, Act::kEnforceMortgage};
constexpr std::array kEnds = {Act::kTakeBackRight, Act::kExtinguishRight};

constexpr Rule kRules[] = {
    {"C-01", "RLCL 34", "转让只能给本集体其他农户，并经发包方同意",
     "A transfer is to another household of the collective, with the issuer's consent", kTransfer,
     &AskAssignment},
    {"C-02", "SPC-RL 13", "发包方无法定理由不同意或者拖延的，生效裁判代替同意",
     "A judgment stands in for a consent withheld without a ground"},
    {"C-03", "RLCL 33", "互换限于同一集体的承包地，同时办理并报发包方备案",
     "An exchange is of one collective's parcels, both at once, filed with the issuer", kTransfer,
     &AskExchange, &AskPairs},
    {"C-12", "RLCL 40", "流转、承包须签订书面合同", "A written contract", kGrant, &AskContract},
    {"C-22", "RLCL 27, 28; CC 336-337; SPC-RL 5", "承包期内不得收回、调整承包地",
     "No contracted land is taken back or adjusted within the term", kEnds, &AskTaking},
    {"C-24", "SPC-RL 19", "同一土地不得重复承包", "One land is not contracted twice", kContracts,
     &AskContractedTwice, nullptr, false, CarriedOver::kRefused},
    {"C-27", "RLCL 51, 53; CC 342", "四荒等其他方式承包，本集体成员同等条件下优先",
     "Land by tender, auction or negotiation: members come first", kGrant, &AskPriorityOfMembers},
    {"R-01", "LAL 2, 9, 11; CC 260-262", "集体土地所有权属于农民集体，不得转让",
     "Land is owned by the farmers' collective and stays with it but by expropriation", kDisposals,
     &AskOwnership, nullptr, false, CarriedOver::kKept},
    {"R-02", "RLCL 16, 23; CC 333", "家庭承包的承包方是本集体经济组织的农户",
     "A contract right is held by a household of the collective that owns the land", kHolderActs,
     &AskContractHolder, nullptr, false, CarriedOver::kKept},
    {"R-06", "RLCL 21; LAL 63; pack right_types.years_max", "权利期限不超过法定最长期限",
     "A term is no longer than the law allows its type of right", kTermActs, &AskLongestTerm,
     nullptr, false, CarriedOver::kKept},
};

}  // namespace

std::span<const Rule> ContractRules() { return kRules; }

}  // namespace landbook::law
