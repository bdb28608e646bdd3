// Members and households: who belongs to a collective, how households divide and join, and what is
// inherited (RCEO 11-18, 66; RLCL 6, 24, 31, 32, 54).
#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>

#include "fmt/format.h"
#include "services/law/evidence.h"
#include "services/law/resolutions.h"
#include "services/law/rule.h"

namespace landbook::law {
namespace {

using Act = v1::Act;

// A change of membership with the household it is in.
struct Change {
  const v1::ChangeMembership& act;
  v1::Household household;
  // How the person stood before; nullopt for one who joins.
  std::optional<v1::HouseholdMember> before;
};

std::optional<Change> ChangeOf(const Facts& facts) {
  const v1::ChangeMembership& act = facts.act().change_membership();
  const auto party = FindReferred<v1::Party>(facts.state(), act.household());
  const auto person = facts.state().Resolve(act.person(), v1::RECORD_KIND_PARTY);
  if (!party || !party->record.has_household() || !person) return std::nullopt;
  Change change{act, party->record.household(), std::nullopt};
  for (const v1::HouseholdMember& member : change.household.members()) {
    if (member.person() == *person) change.before = member;
  }
  return change;
}

bool IsMember(v1::MemberStanding standing) { return standing == v1::MEMBER_STANDING_MEMBER; }

bool WasMember(const Change& change) {
  return change.before && IsMember(change.before->standing());
}

bool LosesMembership(const Change& change) {
  const v1::MemberStanding becomes = change.act.standing();
  return becomes == v1::MEMBER_STANDING_LOST || (WasMember(change) && !IsMember(becomes));
}

// --- D-08: new members are confirmed by the assembly, and the list is filed.

bool IsWithAuthority(const v1::Party& party, const v1::Plot*) { return party.has_authority(); }

void AskConfirmed(const Change& change, const Facts& facts, Answer* answer) {
  const bool decided = RequireResolution(
      facts.asked,
      {.matters = {v1::RESOLUTION_MATTER_MEMBERS}, .collective = change.household.collective()},
      {"the confirmation of members", "确认成员"}, answer);
  if (!decided) return;
  if (HasFiling(facts.asked, {v1::FILING_MATTER_MEMBER_LIST, 0}, &IsWithAuthority, nullptr)) return;
  answer->Refuse(
      Reason::EVIDENCE_MISSING, "evidence",
      {"The list of members is not filed with the township. Record the filing, and name it as "
       "evidence.",
       "成员名册尚未报乡镇备案。请先登记备案，并列入材料。"});
}

// People admitted in part are decided on by three quarters (RCEO 15), which D-05 asked of the vote.
void AskAdmitted(const Change& change, const Facts& facts, Answer* answer) {
  RequireResolution(
      facts.asked,
      {.matters = {v1::RESOLUTION_MATTER_ADMISSION}, .collective = change.household.collective()},
      {"the admission of people", "接收享有部分权利的人员"}, answer);
}

// Nobody becomes a member by the founding of a household, once the book is open.
void AskFounded(const Facts& facts, Answer* answer) {
  const Question& asked = facts.asked;
  if (!asked.book_open || asked.from_import || IsByAdministratorsHand(asked)) return;
  const auto& members = facts.act().register_party().members();
  const bool founded =
      std::any_of(members.begin(), members.end(), [](const v1::MemberReference& member) {
        return IsMember(member.standing()) || member.standing() == v1::MEMBER_STANDING_ADMITTED;
      });
  if (!founded) return;
  answer->Refuse(
      Reason::EVIDENCE_MISSING, "members",
      {"The book is open: people become members by a change of membership, which brings the "
       "confirmation and the filed list. Enter them as NOT_MEMBER, then change their membership; "
       "or "
       "have an administrator enter the household under a document.",
       "登记簿已启用：成员身份须经成员身份变更登记，并附成员大会确认和备案名册。请先按非成员登记，"
       "再办理成员身份变更；或由系统管理员依批准文件登记。"});
}

void AskNewMember(const Facts& facts, Answer* answer) {
  if (facts.is(Act::kRegisterParty)) return AskFounded(facts, answer);
  const auto change = ChangeOf(facts);
  if (!change || LosesMembership(*change)) return;
  const bool admitted = change->act.standing() == v1::MEMBER_STANDING_ADMITTED;
  if (admitted) return AskAdmitted(*change, facts, answer);
  const bool confirmed_before = change->act.ground() == v1::MEMBERSHIP_GROUND_CONFIRMED_BEFORE &&
                                change->act.since_date() < "2025-05-01";
  const bool anew = IsMember(change->act.standing()) && !WasMember(*change);
  if (anew && !confirmed_before) AskConfirmed(*change, facts, answer);
}

// --- D-09: membership is lost on the grounds of the law, and on no other.

bool EndsMembership(v1::MembershipGround ground) {
  switch (ground) {
    case v1::MEMBERSHIP_GROUND_DEATH:
    case v1::MEMBERSHIP_GROUND_NATIONALITY_LOST:
    case v1::MEMBERSHIP_GROUND_MEMBER_ELSEWHERE:
    case v1::MEMBERSHIP_GROUND_CIVIL_SERVANT:
    case v1::MEMBERSHIP_GROUND_LEFT_VOLUNTARILY:
    case v1::MEMBERSHIP_GROUND_OTHER_BY_LAW:
      return true;
    default:
      return false;
  }
}

void AskProofOfLoss(const Change& change, const Facts& facts, Answer* answer) {
  if (change.act.ground() == v1::MEMBERSHIP_GROUND_LEFT_VOLUNTARILY) return;  // D-13
  if (change.act.ground() == v1::MEMBERSHIP_GROUND_DEATH) {
    return RequireEvidence(facts.asked, {v1::EVIDENCE_KIND_DEATH, v1::EVIDENCE_KIND_ORDER},
                           {"the proof of death", "死亡证明"}, answer);
  }
  RequireEvidence(
      facts.asked,
      {v1::EVIDENCE_KIND_OTHER, v1::EVIDENCE_KIND_CIVIL_STATUS, v1::EVIDENCE_KIND_ORDER},
      {"what proves the ground", "丧失成员身份事由的证明"}, answer);
}

void AskGround(const Facts& facts, Answer* answer) {
  const auto change = ChangeOf(facts);
  if (!change || !LosesMembership(*change)) return;
  if (EndsMembership(change->act.ground())) return AskProofOfLoss(*change, facts, answer);
  answer->Refuse(
      Reason::GROUND_NOT_STATUTORY, "ground",
      {"Membership is not lost on this ground. It is lost by death, loss of nationality, "
       "membership elsewhere, becoming a civil servant, leaving by request, and what a law "
       "adds.",
       "该事由不导致丧失成员身份。法定事由为死亡、丧失国籍、取得其他集体成员身份、成为公务员、"
       "自愿退出以及法律规定的其他情形。"});
}

// --- D-10: land is kept on marriage, divorce and widowhood.

bool IsOfMarriage(v1::MembershipGround ground) {
  return ground == v1::MEMBERSHIP_GROUND_MARRIAGE || ground == v1::MEMBERSHIP_GROUND_DIVORCE ||
         ground == v1::MEMBERSHIP_GROUND_WIDOWHOOD;
}

void AskLandKept(const Facts& facts, Answer* answer) {
  const auto change = ChangeOf(facts);
  if (!change || !change->before || !IsOfMarriage(change->act.ground())) return;
  if (!change->before->co_holder() || change->act.co_holder()) return;
  answer->Refuse(
      Reason::LAW_WARNS, "co_holder",
      {"The person would hold the household's land no longer because of a marriage, a divorce or "
       "a bereavement. Contracted land is kept until there is land elsewhere; an authorised "
       "officer decides.",
       "该人将因婚姻变动不再共有本户承包地。在新居住地取得承包地之前应予保留，由有权人员决定。"});
}

// --- D-13: leaving needs the person's request and the assembly's consent.

void AskLeaving(const Facts& facts, Answer* answer) {
  const auto change = ChangeOf(facts);
  if (!change || change->act.ground() != v1::MEMBERSHIP_GROUND_LEFT_VOLUNTARILY) return;
  const auto person = facts.state().Resolve(change->act.person(), v1::RECORD_KIND_PARTY);
  if (!person || !GivenBy(facts.asked, v1::EVIDENCE_KIND_CONSENT, *person)) {
    return answer->Refuse(
        Reason::CONSENT_MISSING, "evidence",
        {"Who leaves the collective asks for it in writing. Bring the request, given by "
         "the person.",
         "自愿退出须由本人书面申请，请提交本人出具的申请。"});
  }
  RequireResolution(
      facts.asked,
      {.matters = {v1::RESOLUTION_MATTER_MEMBERS}, .collective = change->household.collective()},
      {"the member's leaving", "成员退出"}, answer);
}

// --- I-01, I-02, I-03: what is inherited.

bool IsInheritance(const Facts& facts) {
  return facts.is(Act::kTransferRight) &&
         facts.act().transfer_right().cause() == v1::TRANSFER_CAUSE_INHERITANCE;
}

void AskExtinct(const Facts& facts, Answer* answer) {
  const auto holders = HoldersOf(facts.right().right);
  for (const std::uint64_t holder : holders) {
    const auto household = HouseholdOf(holder, facts.state());
    if (household && IsExtinct(*household)) continue;
    answer->Refuse(
        Reason::GROUND_NOT_STATUTORY, "cause",
        {fmt::format("Household {} is not extinct: while a member is left, the members go on.",
                     holder),
         fmt::format("第 {} 号农户尚有成员，由其余成员继续承包，不因农户消亡注销。", holder)});
  }
}

void AskCropland(const Facts& facts, Answer* answer) {
  if (!IsContractRight(facts.right_type())) return;
  if (facts.is(Act::kExtinguishRight)) {
    const auto cause = facts.act().extinguish_right().cause();
    if (cause == v1::EXTINGUISH_CAUSE_HOUSEHOLD_EXTINCT) AskExtinct(facts, answer);
    return;
  }
  if (!IsInheritance(facts) || IsForest(*facts.plot())) return;
  answer->Refuse(
      Reason::GROUND_NOT_STATUTORY, "cause",
      {"The contract right over cropland and grassland is not inherited: the remaining members of "
       "the household go on, and with the last of them it ends.",
       "耕地、草地的承包经营权不发生继承：由本户其余成员继续承包，农户消亡的注销。"});
}

void RequireSuccession(const Facts& facts, Answer* answer) {
  if (Has(facts.asked, v1::EVIDENCE_KIND_ORDER)) return;
  RequireEvidence(facts.asked, {v1::EVIDENCE_KIND_DEATH}, {"the proof of death", "死亡证明"},
                  answer);
  RequireEvidence(facts.asked, {v1::EVIDENCE_KIND_INHERITANCE},
                  {"the proof of succession, or the agreement of all statutory heirs",
                   "继承权证明或者全体法定继承人的协议"},
                  answer);
}

void AskForest(const Facts& facts, Answer* answer) {
  if (!IsInheritance(facts) || !IsContractRight(facts.right_type())) return;
  if (IsForest(*facts.plot())) RequireSuccession(facts, answer);
}

void AskOtherContracts(const Facts& facts, Answer* answer) {
  if (!IsInheritance(facts) || !IsManagementRight(facts.right_type())) return;
  RequireSuccession(facts, answer);
}

// --- I-05: a household's land passes with its parts, by a contract of their own.

bool IsHouseholdChange(const Facts& facts) {
  return facts.act().transfer_right().cause() == v1::TRANSFER_CAUSE_HOUSEHOLD_CHANGE;
}

// True when the new holder was made from a holder, by a split or a merge.
bool DescendsFrom(const v1::Household& household, const std::set<std::uint64_t>& holders) {
  return std::any_of(household.made_from().begin(), household.made_from().end(),
                     [&](std::uint64_t from) { return holders.contains(from); });
}

void AskOwnContract(const Facts& facts, Answer* answer) {
  if (!IsHouseholdChange(facts)) return;
  const auto holders = HoldersOf(facts.right().right);
  for (const NewHolder& holder : facts.holders) {
    const bool stays = holders.contains(holder.party.number);
    if (stays || DescendsFrom(holder.party.record.household(), holders)) continue;
    answer->Refuse(
        Reason::HOLDER_NOT_ELIGIBLE, holder.field,
        {fmt::format("Party {} is no household that was made from the holder by a split or a "
                     "merge.",
                     holder.party.number),
         fmt::format("第 {} 号主体并非由原权利人分户、合户而成。", holder.party.number)});
  }
  if (!IsContractRight(facts.right_type())) return;
  RequireEvidence(facts.asked, {v1::EVIDENCE_KIND_CONTRACT},
                  {"the new contract with the issuer", "与发包方另行签订的合同"}, answer);
}

// --- I-06: a gift inside the collective is a transfer.

void AskGift(const Facts& facts, Answer* answer) {
  if (!IsContractRight(facts.right_type())) return;
  if (facts.act().transfer_right().cause() != v1::TRANSFER_CAUSE_GIFT) return;
  for (const NewHolder& holder : facts.holders) {
    if (TakesLand(holder.party.record, *facts.plot(), facts.state())) continue;
    answer->Refuse(
        Reason::TRANSFEREE_OUTSIDE_COLLECTIVE, holder.field,
        {fmt::format("Party {} is no household of the collective; a gift goes inside only.",
                     holder.party.number),
         fmt::format("第 {} 号主体不是本集体的农户，赠与限于本集体内部。", holder.party.number)});
  }
}

// --- I-07: a split is among the household's own members, and leaves somebody.

std::set<std::uint64_t> CurrentMembers(const v1::Household& household) {
  std::set<std::uint64_t> members;
  for (const v1::HouseholdMember& member : household.members()) {
    if (member.standing() != v1::MEMBER_STANDING_LOST) members.insert(member.person());
  }
  return members;
}

void AskSplit(const Facts& facts, Answer* answer) {
  const v1::SplitHousehold& act = facts.act().split_household();
  const auto party = FindReferred<v1::Party>(facts.state(), act.household());
  if (!party) return;
  const auto members = CurrentMembers(party->record.household());
  std::set<std::uint64_t> stay = members;
  for (int i = 0; i < act.parts_size(); ++i) {
    for (int j = 0; j < act.parts(i).members_size(); ++j) {
      const auto person = facts.state().Resolve(act.parts(i).members(j), v1::RECORD_KIND_PARTY);
      if (person) stay.erase(*person);
      if (person && members.contains(*person)) continue;
      answer->Refuse(Reason::HOLDER_NOT_ELIGIBLE, fmt::format("parts[{}].members[{}]", i, j),
                     {"Who leaves a household is a member of it.", "分户成员须为本户成员。"});
    }
  }
  if (!stay.empty()) return;
  answer->Refuse(Reason::HOUSEHOLD_WITHOUT_MEMBERS, "parts",
                 {"Nobody would be left in the household. Leave those who stay out of the parts.",
                  "原户将没有成员。请勿将留在原户的成员列入分出的户。"});
}

// --- I-08: a merge is within one collective, and takes every right along.

void AskMerge(const Facts& facts, Answer* answer) {
  std::set<std::uint64_t> collectives;
  for (const v1::HouseholdVersion& version : facts.act().merge_households().households()) {
    const auto party = FindReferred<v1::Party>(facts.state(), version.household());
    if (party) collectives.insert(party->record.household().collective());
  }
  if (collectives.size() == 1) return;
  answer->Refuse(Reason::HOLDER_NOT_ELIGIBLE, "households",
                 {"Households join within one collective only.", "合户限于同一集体的农户。"});
}

// The first standing right that the party still holds; 0 for none.
std::uint64_t RightLeftWith(std::uint64_t party, const State& state) {
  const auto rights = StandingRecords<v1::Right>(state, Link::kRightsOfHolder, party);
  return rights.empty() ? 0 : rights.front().number;
}

void AskRightsTaken(const Question& question, Answer* answer) {
  for (int i = 0; i < question.commit->acts_size(); ++i) {
    const v1::Act& act = question.commit->acts(i);
    if (!act.has_merge_households()) continue;
    answer->AboutAct(static_cast<std::uint32_t>(i));
    for (const v1::HouseholdVersion& version : act.merge_households().households()) {
      const auto party = question.state->Resolve(version.household(), v1::RECORD_KIND_PARTY);
      const std::uint64_t right = party ? RightLeftWith(*party, *question.state) : 0;
      if (right == 0) continue;
      answer->Refuse(
          Reason::PARTY_HOLDS_RIGHTS, "households",
          {fmt::format("Household {} has joined another and still holds right {}. Pass every right "
                       "of it in the same commit.",
                       *party, right),
           fmt::format("第 {} 号农户已合户，仍持有第 {} 号权利。请在同一次提交中一并转移。", *party,
                       right)});
      break;
    }
  }
}

constexpr std::array kJoin = {Act::kRegisterParty, Act::kChangeMembership};
constexpr std::array kChange = {Act::kChangeMembership};
constexpr std::array kTransfer = {Act::kTransferRight};
constexpr std::array kTransferOrEnd = {Act::kTransferRight, Act::kExtinguishRight};
constexpr std::array kSplit = {Act::kSplitHousehold};
constexpr std::array kMerge = {Act::kMergeHouseholds};

constexpr Rule kRules[] = {
    {"D-08", "RCEO 12, 66", "新增成员经成员大会确认，成员名册报乡镇备案；此前已确认的无须重新确认",
     "New members are confirmed by the assembly and the list is filed; those confirmed before need "
     "no new confirmation",
     kJoin, &AskNewMember},
    {"D-09", "RCEO 17, 18",
     "不得因就学、服役、务工、经商、婚姻变化、服刑、进城落户或退出权利而丧失成员身份",
     "Membership is not lost by study, service, work, marriage, divorce, widowhood, prison, a "
     "move, or a right withdrawn",
     kChange, &AskGround},
    {"D-10", "RLCL 6, 31", "妇女婚姻变动时，在新居住地未取得承包地的，原承包地保留",
     "A woman keeps her land on marriage, divorce and widowhood until she has land elsewhere",
     kChange, &AskLandKept, nullptr, true},
    {"D-13", "RCEO 16", "自愿退出成员身份须本人书面申请并经成员大会同意",
     "Leaving the collective needs the person's request and the assembly's consent", kChange,
     &AskLeaving},
    {"I-01", "RLCL 32", "耕地、草地承包权不继承；农户消亡的注销",
     "Cropland is not inherited; an extinct household's right is cancelled", kTransferOrEnd,
     &AskCropland},
    {"I-02", "RLCL 32; SPC-RL 23", "林地承包人死亡，继承人在承包期内继续",
     "Heirs of forest land go on within the term", kTransfer, &AskForest},
    {"I-03", "RLCL 54; SPC-RL 23", "其他方式承包，继承人在承包期内继续",
     "So do heirs of land by other methods", kTransfer, &AskOtherContracts},
    {"I-05", "RLCL 24; ACC2019 105, 106", "分户合户与发包方另签合同",
     "A split household's land has its own contract", kTransfer, &AskOwnContract},
    {"I-06", "RLCL 34", "集体内部赠与承包地按转让办理",
     "A gift inside the collective is a transfer", kTransfer, &AskGift},
    {"I-07", "RLCL 16; RCEO 11", "分户限于本户成员，且原户不得无人",
     "A split is among the household's own members and leaves somebody", kSplit, &AskSplit},
    {"I-08", "RLCL 16", "合户限于同一集体，权利一并转入",
     "A merge is within one collective and takes every right along", kMerge, &AskMerge,
     &AskRightsTaken},
};

}  // namespace

std::span<const Rule> MemberRules() { return kRules; }

}  // namespace landbook::law
