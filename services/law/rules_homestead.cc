// Homesteads: one a household, allocated by procedure and recorded as they are, passing within the
// collective; the right to operate an idle one; structures and the land under them (LAL 62, LALR
// 34-36, CC 353-365).
#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "fmt/format.h"
#include "services/law/area.h"
#include "services/law/evidence.h"
#include "services/law/resolutions.h"
#include "services/law/rule.h"

namespace landbook::law {
namespace {

using Act = v1::Act;

constexpr std::string_view kHomesteadType = "homestead";

bool IsGrantOfHomestead(const Facts& facts) {
  return facts.is(Act::kGrantRight) && IsHomestead(*facts.type);
}

bool IsAllocation(const Facts& facts) {
  return IsGrantOfHomestead(facts) && facts.grant().basis() == v1::GRANT_BASIS_ALLOCATION;
}

void RefuseHolder(const NewHolder& holder, const Sentence& why, Answer* answer) {
  answer->Refuse(Reason::HOLDER_NOT_ELIGIBLE, holder.field,
                 {fmt::format("Party {} {}", holder.party.number, why.english),
                  fmt::format("第 {} 号主体{}", holder.party.number, why.chinese)});
}

// --- H-01: one household, one homestead.

void AskSecondHomestead(const Facts& facts, Answer* answer) {
  if (!IsGrantOfHomestead(facts)) return;
  for (const NewHolder& holder : facts.holders) {
    const auto held = RightsHeldBy(holder.party.number, kHomesteadType, facts.state());
    if (held.empty()) continue;
    if (!IsAllocation(facts)) {
      answer->Note(fmt::format("该户另有宅基地使用权（编号 {}），一户一宅以外的既有宅基地。",
                               held.front().number));
      continue;
    }
    RefuseHolder(
        holder,
        {fmt::format("holds homestead {} already; a household is allocated one only.",
                     held.front().number),
         fmt::format("已有宅基地使用权（编号 {}），一户只能拥有一处宅基地。", held.front().number)},
        answer);
  }
}

// --- H-02: members decide, it is shown, the township approves.

void AskProcedure(const Facts& facts, Answer* answer) {
  if (!IsAllocation(facts)) return;
  RequireResolution(facts.asked,
                    {.matters = {v1::RESOLUTION_MATTER_HOMESTEAD_USE}, .plot = facts.plot()},
                    {"the use of homesteads", "宅基地使用"}, answer);
  RequireEvidence(facts.asked, {v1::EVIDENCE_KIND_DISPLAY},
                  {"what shows the public display", "公示材料"}, answer);
  if (AuthoritiesThatGave(facts.asked, v1::EVIDENCE_KIND_PERMIT) > 0) return;
  answer->Refuse(
      Reason::EVIDENCE_MISSING, "evidence",
      {"The township's approval of the allocation is missing. Bring it as evidence of kind "
       "PERMIT, given by the authority.",
       "缺少乡镇人民政府的宅基地批准文件。请提交，并写明出具机关。"});
}

// --- H-03: never on permanent basic farmland.

void AskFarmland(const Facts& facts, Answer* answer) {
  if (!IsAllocation(facts) || !IsBasicFarmland(*facts.plot())) return;
  answer->Refuse(
      Reason::PLOT_AGAINST_CONTROL_LAYER, "unit",
      {fmt::format("Plot {} is permanent basic farmland; no homestead is allocated on it.",
                   facts.plot()->code()),
       fmt::format("宗地 {} 为永久基本农田，不得批准为宅基地。", facts.plot()->code())});
}

// --- H-04: who sold, leased out or gave away the house gets no other.

void AskBarred(const Facts& facts, Answer* answer) {
  if (!IsAllocation(facts)) return;
  for (const NewHolder& holder : facts.holders) {
    const v1::Household& household = holder.party.record.household();
    if (household.eligibility() != v1::HOMESTEAD_ELIGIBILITY_BARRED) continue;
    RefuseHolder(
        holder,
        {fmt::format("sold, leased out or gave away its house; since {} it is allocated no "
                     "other.",
                     household.eligibility_since()),
         fmt::format("出卖、出租、赠与过住宅（自 {}），再申请宅基地的不予批准。",
                     household.eligibility_since())},
        answer);
  }
}

// A household that is barred stays so, unless a judgment finds that it never was.
void AskReinstated(const Facts& facts, Answer* answer) {
  if (facts.is(Act::kGrantRight)) return AskBarred(facts, answer);
  const v1::SetEligibility& act = facts.act().set_eligibility();
  const auto party = FindReferred<v1::Party>(facts.state(), act.household());
  if (!party || act.eligibility() == v1::HOMESTEAD_ELIGIBILITY_BARRED) return;
  const bool barred = party->record.household().eligibility() == v1::HOMESTEAD_ELIGIBILITY_BARRED;
  if (!barred || Has(facts.asked, v1::EVIDENCE_KIND_ORDER)) return;
  answer->Refuse(
      Reason::HOLDER_NOT_ELIGIBLE, "eligibility",
      {"The household sold, leased out or gave away its house. Only a judgment gives it a "
       "claim again.",
       "该户出卖、出租、赠与过住宅，非经生效裁判不得恢复宅基地资格权。"});
}

// --- H-05, H-06, H-08: within the collective, to a household without one, with its consent.

std::optional<v1::TransferCause> CauseOf(const Facts& facts) {
  if (facts.is(Act::kTransferRight)) return facts.act().transfer_right().cause();
  return std::nullopt;
}

// A right that the transferee gives in return is none that it keeps.
std::optional<std::uint64_t> GivenInReturn(const Facts& facts) {
  const v1::TransferRight& act = facts.act().transfer_right();
  if (act.cause() != v1::TRANSFER_CAUSE_EXCHANGE || !act.has_exchanged_for()) return std::nullopt;
  return facts.state().Resolve(act.exchanged_for(), v1::RECORD_KIND_RIGHT);
}

bool IsVoluntary(v1::TransferCause cause) {
  return cause == v1::TRANSFER_CAUSE_ASSIGNMENT || cause == v1::TRANSFER_CAUSE_EXCHANGE ||
         cause == v1::TRANSFER_CAUSE_GIFT || cause == v1::TRANSFER_CAUSE_JUDGMENT;
}

// House and land of one homestead are two rights at times, which pass together (S-02).
bool IsOnSamePlot(std::uint64_t right, const Facts& facts) {
  const auto other = RightFactsOf(right, facts.asked);
  return other && other->land.plot.number == facts.right().land.plot.number;
}

void AskTransfereeWithout(const Facts& facts, Answer* answer) {
  if (!IsHomestead(facts.right_type())) return;
  const v1::TransferCause cause = *CauseOf(facts);
  if (cause == v1::TRANSFER_CAUSE_EQUITY || cause == v1::TRANSFER_CAUSE_RECIRCULATION) {
    return answer->Refuse(Reason::GROUND_NOT_STATUTORY, "cause",
                          {"A homestead is not contributed nor passed on; it passes to a member "
                           "household by assignment, exchange or gift.",
                           "宅基地使用权不得入股或者再流转，只能在本集体内转让、互换或者赠与。"});
  }
  if (!IsVoluntary(cause)) return;
  const auto returned = GivenInReturn(facts);
  for (const NewHolder& holder : facts.holders) {
    auto held = RightsHeldBy(holder.party.number, kHomesteadType, facts.state());
    std::erase_if(held, [&](const auto& right) {
      return right.number == returned || IsOnSamePlot(right.number, facts);
    });
    if (held.empty()) continue;
    RefuseHolder(
        holder,
        {fmt::format("holds homestead {} already; a homestead passes to a household without "
                     "one.",
                     held.front().number),
         fmt::format("已有宅基地使用权（编号 {}），受让人须无宅基地。", held.front().number)},
        answer);
  }
}

// True when a house on the plot is inherited in the same commit: land and house that are two rights
// pass together, to the same heirs (S-02).
bool PassesWithHouse(const Facts& facts) {
  const auto& acts = facts.asked.commit->acts();
  return std::any_of(acts.begin(), acts.end(), [&](const v1::Act& act) {
    const v1::TransferRight& other = act.transfer_right();
    if (other.cause() != v1::TRANSFER_CAUSE_INHERITANCE) return false;
    const auto number = facts.state().Resolve(other.right(), v1::RECORD_KIND_RIGHT);
    const auto house = number ? RightFactsOf(*number, facts.asked) : std::nullopt;
    return house && IsHomestead(*house->type) && IsOfBuilding(house->land.unit.record) &&
           house->land.plot.number == facts.right().land.plot.number;
  });
}

// The heirs of a house take the land with it whoever they are (CC 230, 1122). A right in the land
// alone passes to households of the collective only, unless it passes with its house.
bool FollowsInheritedHouse(const Facts& facts) {
  if (CauseOf(facts) != v1::TRANSFER_CAUSE_INHERITANCE) return false;
  return IsOfBuilding(facts.right().land.unit.record) || PassesWithHouse(facts);
}

bool IsInside(const NewHolder& holder, const Facts& facts) {
  return IsHouseholdOfLand(holder.party.record, *facts.plot(), facts.state());
}

void RefuseOutsiders(const Facts& facts, Answer* answer) {
  for (const NewHolder& holder : facts.holders) {
    if (IsInside(holder, facts)) continue;
    answer->Refuse(Reason::TRANSFEREE_OUTSIDE_COLLECTIVE, holder.field,
                   {fmt::format("Party {} cannot take a homestead: it has to be a household of the "
                                "collective that owns the land.",
                                holder.party.number),
                    fmt::format("第 {} 号主体不能取得宅基地使用权：须为本集体经济组织的农户。",
                                holder.party.number)});
  }
}

void AskOutsiders(const Facts& facts, Answer* answer) {
  if (facts.rights.empty() || !IsHomestead(facts.right_type())) return;
  if (CauseOf(facts) == v1::TRANSFER_CAUSE_GIFT || FollowsInheritedHouse(facts)) return;
  RefuseOutsiders(facts, answer);
}

void AskGift(const Facts& facts, Answer* answer) {
  if (!IsHomestead(facts.right_type())) return;
  if (CauseOf(facts) == v1::TRANSFER_CAUSE_GIFT) RefuseOutsiders(facts, answer);
}

// --- H-07: an inherited house, with the proof and the note.

void AskSuccession(const Facts& facts, Answer* answer) {
  if (!IsHomestead(facts.right_type())) return;
  if (CauseOf(facts) != v1::TRANSFER_CAUSE_INHERITANCE) return;
  if (!Has(facts.asked, v1::EVIDENCE_KIND_ORDER)) {
    RequireEvidence(facts.asked, {v1::EVIDENCE_KIND_DEATH}, {"the proof of death", "死亡证明"},
                    answer);
    RequireEvidence(facts.asked, {v1::EVIDENCE_KIND_INHERITANCE},
                    {"the proof of succession, or the agreement of all statutory heirs",
                     "继承权证明或者全体法定继承人的协议"},
                    answer);
  }
  const bool outside =
      std::any_of(facts.holders.begin(), facts.holders.end(),
                  [&](const NewHolder& holder) { return !IsInside(holder, facts); });
  if (outside && FollowsInheritedHouse(facts)) {
    // The words of the Ministry of Natural Resources' answers on homestead registration (2020).
    answer->Note("该权利人为本农民集体经济组织原成员住宅的合法继承人");
  }
}

// --- H-10: a homestead that is lost.

void AskLoss(const Facts& facts, Answer* answer) {
  if (!IsHomestead(facts.right_type())) return;
  const v1::ExtinguishCause cause = facts.act().extinguish_right().cause();
  if (cause == v1::EXTINGUISH_CAUSE_AGREEMENT || cause == v1::EXTINGUISH_CAUSE_UNSPECIFIED) {
    return answer->Refuse(
        Reason::GROUND_NOT_STATUTORY, "cause",
        {"A homestead ends by its loss, by law or by judgment. A household that gives "
         "it back withdraws from it; state the cause.",
         "宅基地使用权因灭失、依法或者依裁判消灭；农户交回的，办理退出。请写明原因。"});
  }
  RequireEvidence(facts.asked,
                  {v1::EVIDENCE_KIND_OTHER, v1::EVIDENCE_KIND_ORDER, v1::EVIDENCE_KIND_PERMIT,
                   v1::EVIDENCE_KIND_SURVEY, v1::EVIDENCE_KIND_DEATH},
                  {"what proves the cause", "消灭原因的证明"}, answer);
}

// --- H-14, H-18: the area standard.

// How many persons a cap counts: the members of the household, within the rule's bounds.
std::int64_t PersonsCounted(const v1::AreaCapRule& rule, const v1::Household& household) {
  const auto members = std::count_if(household.members().begin(), household.members().end(),
                                     [](const v1::HouseholdMember& member) {
                                       return member.standing() == v1::MEMBER_STANDING_MEMBER;
                                     });
  std::int64_t persons = std::max<std::int64_t>(members, rule.persons_min());
  if (rule.persons_max() != 0) persons = std::min<std::int64_t>(persons, rule.persons_max());
  return persons;
}

struct Cap {
  std::int64_t hundredths = 0;
  std::string source;
};

Cap CapOf(const v1::AreaCapRule& rule, const Facts& facts) {
  std::int64_t hundredths = ParseAreaHundredths(rule.area_max_m2()).value_or(0);
  if (rule.per_person() && !facts.holders.empty()) {
    hundredths *= PersonsCounted(rule, facts.holders.front().party.record.household());
  }
  return {hundredths, rule.source().document()};
}

std::vector<v1::AreaCapRule> CapRules(const Facts& facts) {
  return facts.pack().AreaCapRules(facts.type->code(), ScopeAt(*facts.plot(), facts.asked));
}

// The cap of the ground that the act states, the smallest that packs set.
std::optional<Cap> CapOfGround(const Facts& facts) {
  std::optional<Cap> smallest;
  for (const v1::AreaCapRule& rule : CapRules(facts)) {
    if (rule.ground() != facts.grant().homestead_ground()) continue;
    Cap cap = CapOf(rule, facts);
    if (!smallest || cap.hundredths < smallest->hundredths) smallest = std::move(cap);
  }
  return smallest;
}

// What no ground would allow: the largest cap. A homestead that is recorded states no ground.
std::optional<Cap> LargestCap(const Facts& facts) {
  std::optional<Cap> largest;
  for (const v1::AreaCapRule& rule : CapRules(facts)) {
    Cap cap = CapOf(rule, facts);
    if (!largest || cap.hundredths > largest->hundredths) largest = std::move(cap);
  }
  return largest;
}

std::optional<std::int64_t> AreaOf(const Facts& facts) {
  return ParseAreaHundredths(facts.plot()->recorded_area_m2());
}

void RefuseArea(std::int64_t area, const Cap& cap, Answer* answer) {
  answer->Refuse(Reason::AREA_OVER_STANDARD, "unit",
                 {fmt::format("The plot has {} m2, and the standard allows {} m2.",
                              FormatAreaHundredths(area), FormatAreaHundredths(cap.hundredths)),
                  fmt::format("宗地面积 {} 平方米，超过 {} 平方米的标准。",
                              FormatAreaHundredths(area), FormatAreaHundredths(cap.hundredths))},
                 cap.source);
}

void RefuseUnsetCap(const Facts& facts, Answer* answer) {
  const auto matter =
      facts.pack().OpenMatterFor("area_cap_rules.homestead", ScopeAt(*facts.plot(), facts.asked));
  if (matter && CapRules(facts).empty()) return answer->Unset(*matter, "homestead_ground");
  answer->Refuse(
      Reason::AREA_OVER_STANDARD, "homestead_ground",
      {"No area standard holds for this ground, or no ground is stated. State the ground that "
       "the homestead is allocated on.",
       "未写明宅基地占用的地类，或者该地类没有面积标准。请填写 homestead_ground。"});
}

void AskStandard(const Facts& facts, Answer* answer) {
  if (!IsAllocation(facts)) return;
  const auto cap = CapOfGround(facts);
  if (!cap) return RefuseUnsetCap(facts, answer);
  const auto area = AreaOf(facts);
  if (!area) {
    return answer->Refuse(Reason::AREA_OVER_STANDARD, "unit",
                          {"The plot has no recorded area to compare with the standard.",
                           "宗地没有登记面积，无法与面积标准比较。"});
  }
  if (*area > cap->hundredths) RefuseArea(*area, *cap, answer);
}

void AskExcess(const Facts& facts, Answer* answer) {
  if (!IsGrantOfHomestead(facts) || IsAllocation(facts)) return;
  const bool stated = facts.grant().homestead_ground() != v1::HOMESTEAD_GROUND_UNSPECIFIED;
  const auto cap = stated ? CapOfGround(facts) : LargestCap(facts);
  const auto area = AreaOf(facts);
  if (!cap || !area || *area <= cap->hundredths) return;
  const std::string allowed = FormatAreaHundredths(cap->hundredths);
  const std::string excess = FormatAreaHundredths(*area - cap->hundredths);
  answer->Refuse(
      Reason::LAW_WARNS, "unit",
      {fmt::format("The homestead is {} m2 over the standard of {} m2. An authorised officer "
                   "records it with the note.",
                   excess, allowed),
       fmt::format("该宅基地超出 {} 平方米的标准 {} 平方米，由有权人员决定并注明。", allowed,
                   excess)},
      cap->source);
  answer->Note(fmt::format("超出宅基地面积标准（{} 平方米）{} 平方米。", allowed, excess));
}

// --- H-19: eligibility is given up by the household's agreement only.

void AskGivenUp(const Facts& facts, Answer* answer) {
  const v1::HomesteadEligibility becomes = facts.act().set_eligibility().eligibility();
  if (becomes != v1::HOMESTEAD_ELIGIBILITY_GIVEN_UP &&
      becomes != v1::HOMESTEAD_ELIGIBILITY_SUSPENDED) {
    return;
  }
  RequireEvidence(facts.asked, {v1::EVIDENCE_KIND_WITHDRAWAL_AGREEMENT},
                  {"the household's agreement", "农户签订的退出协议"}, answer);
}

// --- a member household's; people admitted in part get none.

void AskMemberHousehold(const Facts& facts, Answer* answer) {
  if (!IsGrantOfHomestead(facts)) return;
  for (const NewHolder& holder : facts.holders) {
    if (!IsInside(holder, facts)) {
      // An heir who is no member is recorded with the inherited house.
      if (facts.grant().basis() == v1::GRANT_BASIS_INHERITED_HOUSE) continue;
      answer->Refuse(Reason::HOLDER_NOT_ALLOWED, holder.field,
                     {fmt::format("Party {} is no household of the collective that owns the land.",
                                  holder.party.number),
                      fmt::format("第 {} 号主体不是本集体经济组织的农户。", holder.party.number)});
      continue;
    }
    if (!IsAllocation(facts)) continue;
    const v1::Household& household = holder.party.record.household();
    const bool claims = household.eligibility() != v1::HOMESTEAD_ELIGIBILITY_GIVEN_UP &&
                        household.eligibility() != v1::HOMESTEAD_ELIGIBILITY_SUSPENDED;
    if (HasMember(household) && claims) continue;
    RefuseHolder(
        holder,
        {"has no claim to a homestead: no member of full standing, or the claim was given up or "
         "suspended.",
         "没有宅基地资格：户内没有集体成员，或者资格权已放弃、暂停。"},
        answer);
  }
}

constexpr std::array kGrant = {Act::kGrantRight};
constexpr std::array kTransfer = {Act::kTransferRight};
constexpr std::array kExtinguish = {Act::kExtinguishRight};
constexpr std::array kSet = {Act::kSetEligibility};
constexpr std::array kBarredActs = {Act::kGrantRight, Act::kSetEligibility};
constexpr std::array kTakers = {Act::kTransferRight, Act::kEnforceMortgage, Act::kCorrect};

constexpr Rule kRules[] = {
    {"H-01", "LAL 62(1)", "一户一宅", "One household, one homestead", kGrant, &AskSecondHomestead,
     nullptr, false, CarriedOver::kKept},
    {"H-02", "LALR 34; LAL 62(4)", "宅基地分配经成员讨论同意、公示并报乡镇批准",
     "Allocation: the members decide, it is shown, the township approves", kGrant, &AskProcedure},
    {"H-03", "LAL 62(3)", "不得占用永久基本农田", "Never on permanent basic farmland", kGrant,
     &AskFarmland},
    {"H-04", "LAL 62(5)", "出卖、出租、赠与住宅后再申请宅基地的不予批准",
     "Who sold, leased out or gave away the house gets no other homestead", kBarredActs,
     &AskReinstated},
    {"H-05", "CC 363; LAL 62", "转让给本集体无宅基地的成员农户并经集体同意",
     "A transfer is to a member household without a homestead, with the collective's consent",
     kTransfer, &AskTransfereeWithout},
    {"H-06", "LAL 62; CC 363; 国办发〔1999〕39号", "不得转让给本集体以外的人",
     "Never to anybody outside the collective", kTakers, &AskOutsiders},
    {"H-07", "CC 230, 1122", "房屋继承须提交继承证明，登记簿注记",
     "An inherited house: proof of succession, and the note", kTransfer, &AskSuccession},
    {"H-08", "LAL 62(5)", "赠与同转让", "A gift as a transfer", kTransfer, &AskGift},
    {"H-10", "CC 364", "宅基地灭失的，使用权消灭，可重新分配",
     "A homestead lost ends; another may be allocated", kExtinguish, &AskLoss},
    {"H-14", "LAL 62(1); ZJLAND 55", "新批宅基地不超过面积标准",
     "An allocated homestead is within the area standard", kGrant, &AskStandard},
    {"H-18", "国土资发〔2016〕191号", "超面积的既有宅基地注明超占",
     "An existing homestead over the standard is recorded with a note", kGrant, &AskExcess, nullptr,
     true},
    {"H-19", "LAL 62(6)", "放弃资格权须有农户的协议",
     "Eligibility is given up only by the household's agreement", kSet, &AskGivenUp},
    {"R-03", "CC 362; LAL 62; RCEO 15",
     "宅基地使用权由本集体成员的农户取得，享有部分权利的人不得取得",
     "A homestead right is a member household's; people admitted in part get none", kGrant,
     &AskMemberHousehold, nullptr, false, CarriedOver::kKept},
};

}  // namespace

std::span<const Rule> HomesteadRules() { return kRules; }

}  // namespace landbook::law
