// Resolutions: which body decides what, by what majority, after what notice and display (RLCL 19,
// 28, 52; RCEO 26-28, 64); and acts that may rest on them only.
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "fmt/format.h"
#include "services/law/evidence.h"
#include "services/law/resolutions.h"
#include "services/law/rule.h"

namespace landbook::law {
namespace {

using Act = v1::Act;

// The day on which the Law on Rural Collective Economic Organisations came into force.
constexpr CivilDate kCollectiveLawDay = {2025, 5, 1};

bool IsRecorded(const Facts& facts) { return facts.is(Act::kRecordResolution); }

const v1::RecordResolution& Recorded(const Facts& facts) { return facts.act().record_resolution(); }

bool IsVillagers(v1::ResolutionBody body) {
  return body == v1::RESOLUTION_BODY_VILLAGERS_ASSEMBLY ||
         body == v1::RESOLUTION_BODY_VILLAGERS_REPRESENTATIVES ||
         body == v1::RESOLUTION_BODY_GROUP_ASSEMBLY;
}

// What a recorded resolution is judged by: the packs of its meeting's day, at its collective's
// division.
struct Meeting {
  CivilDate day;
  Numbered<v1::Party> collective;
};

std::optional<Meeting> MeetingOf(const Facts& facts) {
  const auto day = common::ParseCivilDate(Recorded(facts).meeting_date());
  auto collective = FindReferred<v1::Party>(facts.state(), Recorded(facts).collective());
  if (!day || !collective) return std::nullopt;
  return Meeting{*day, *std::move(collective)};
}

std::optional<v1::ResolutionRule> RuleOn(v1::ResolutionMatter matter, const Meeting& meeting,
                                         const Facts& facts) {
  return facts.pack().ResolutionRuleFor(
      matter, Recorded(facts).body(),
      {.day = meeting.day, .division = meeting.collective.record.collective().division()});
}

// True when villagers decided although a collective organisation does.
bool IsUsurped(const Meeting& meeting, const Facts& facts) {
  return IsVillagers(Recorded(facts).body()) && meeting.day >= kCollectiveLawDay &&
         !HasNoOrganisation(meeting.collective.record);
}

// Asks about every matter that the resolution decided and that its body may decide.
template <typename Ask>
void ForEachRule(const Facts& facts, Ask ask) {
  if (!IsRecorded(facts)) return;
  const auto meeting = MeetingOf(facts);
  if (!meeting) return;
  for (const int number : Recorded(facts).matters()) {
    const auto matter = static_cast<v1::ResolutionMatter>(number);
    const auto rule = RuleOn(matter, *meeting, facts);
    if (rule) ask(matter, *rule, *meeting);
  }
}

// --- The vote: D-05 for the member assembly, the matter's own rule for other bodies.

std::string_view VoteRuleOf(v1::ResolutionMatter matter, v1::ResolutionBody body) {
  if (body == v1::RESOLUTION_BODY_MEMBER_ASSEMBLY) return "D-05";
  switch (matter) {
    case v1::RESOLUTION_MATTER_CONTRACT_PLAN:
      return "D-01";
    case v1::RESOLUTION_MATTER_CONTRACT_TO_OUTSIDERS:
      return "D-02";
    case v1::RESOLUTION_MATTER_CONTRACT_ADJUSTMENT:
      return "D-03";
    case v1::RESOLUTION_MATTER_MARKET_ENTRY:
      return "D-04";
    default:
      return IsVillagers(body) ? "D-07" : "D-06";
  }
}

bool Carries(const v1::Vote& vote, const v1::ResolutionRule& rule) {
  const std::uint32_t whole =
      rule.favour_of() == v1::MAJORITY_OF_PRESENT ? vote.present() : vote.entitled();
  const bool present = rule.present_denominator() == 0 ||
                       IsAtLeast(vote.present(), vote.entitled(),
                                 {rule.present_numerator(), rule.present_denominator()});
  return vote.entitled() > 0 && rule.favour_denominator() > 0 && present &&
         IsAtLeast(vote.in_favour(), whole, {rule.favour_numerator(), rule.favour_denominator()});
}

Sentence SayVote(const v1::Vote& vote, const v1::ResolutionRule& rule) {
  return {
      fmt::format("{} of {} entitled came and {} were in favour; {}/{} have to be, and {}/{} to be "
                  "present where that is asked.",
                  vote.present(), vote.entitled(), vote.in_favour(), rule.favour_numerator(),
                  rule.favour_denominator(), rule.present_numerator(),
                  std::max(rule.present_denominator(), 1U)),
      fmt::format(
          "应到 {} 人，实到 {} 人，同意 {} 人；须 {}/{} 同意，要求到会比例的须 {}/{} 到会。",
          vote.entitled(), vote.present(), vote.in_favour(), rule.favour_numerator(),
          rule.favour_denominator(), rule.present_numerator(),
          std::max(rule.present_denominator(), 1U))};
}

// Asks the votes that are told by that rule.
void AskVotes(const Facts& facts, std::string_view told_by, Answer* answer) {
  ForEachRule(facts, [&](v1::ResolutionMatter matter, const v1::ResolutionRule& rule,
                         const Meeting& meeting) {
    const bool own = VoteRuleOf(matter, Recorded(facts).body()) == told_by;
    if (!own || IsUsurped(meeting, facts) || Carries(Recorded(facts).vote(), rule)) return;
    answer->Refuse(Reason::RESOLUTION_NOT_CARRIED, "vote", SayVote(Recorded(facts).vote(), rule),
                   rule.source().document());
  });
}

// --- D-01: the contracting plan, and contracts that rest on it.

void AskPlan(const Facts& facts, Answer* answer) {
  if (IsRecorded(facts)) return AskVotes(facts, "D-01", answer);
  if (!IsContractRight(*facts.type)) return;
  if (facts.grant().basis() != v1::GRANT_BASIS_HOUSEHOLD_CONTRACT) return;
  RequireResolution(
      facts.asked,
      {.matters = {v1::RESOLUTION_MATTER_CONTRACT_PLAN, v1::RESOLUTION_MATTER_CONTRACT_ADJUSTMENT},
       .plot = facts.plot()},
      {"the contracting plan", "承包方案"}, answer);
}

// --- D-02: contracting to outsiders.

bool TakesOutside(const Facts& facts) {
  if (facts.is(Act::kDisposePlot)) {
    return facts.act().dispose_plot().disposition() == v1::PLOT_DISPOSITION_TO_OUTSIDERS;
  }
  if (facts.is(Act::kWithdrawRight)) {
    return facts.act().withdraw_right().disposition() == v1::PLOT_DISPOSITION_TO_OUTSIDERS;
  }
  if (facts.grant().basis() != v1::GRANT_BASIS_OTHER_CONTRACT) return false;
  return std::any_of(facts.holders.begin(), facts.holders.end(), [&](const NewHolder& holder) {
    return !IsHouseholdOfLand(holder.party.record, *facts.plot(), facts.state()) &&
           !IsCollectiveOfLand(holder.party.record, *facts.plot());
  });
}

void RequireTownship(const Facts& facts, Answer* answer) {
  if (AuthoritiesThatGave(facts.asked, v1::EVIDENCE_KIND_PERMIT) > 0) return;
  answer->Refuse(
      Reason::EVIDENCE_MISSING, "evidence",
      {"Contracting to outsiders needs the township's approval. Bring it as evidence of kind "
       "PERMIT, given by the authority.",
       "发包给本集体以外的人须报乡镇人民政府批准。请提交批准文件，并写明出具机关。"});
}

void AskToOutsiders(const Facts& facts, Answer* answer) {
  if (IsRecorded(facts)) return AskVotes(facts, "D-02", answer);
  if (!TakesOutside(facts)) return;
  const bool decided = RequireResolution(
      facts.asked, {.matters = {v1::RESOLUTION_MATTER_CONTRACT_TO_OUTSIDERS}, .plot = facts.plot()},
      {"contracting to outsiders", "发包给本集体以外的人"}, answer);
  if (decided) RequireTownship(facts, answer);
}

// --- D-03: adjusting plots.

void AskAdjustment(const Facts& facts, Answer* answer) {
  if (IsRecorded(facts)) return AskVotes(facts, "D-03", answer);
  if (!IsContractRight(facts.right_type())) return;
  if (facts.act().take_back_right().measure() != v1::TAKING_MEASURE_ADJUST) return;
  const bool decided = RequireResolution(
      facts.asked, {.matters = {v1::RESOLUTION_MATTER_CONTRACT_ADJUSTMENT}, .plot = facts.plot()},
      {"the adjustment of plots", "个别调整承包地"}, answer);
  if (!decided || AuthoritiesThatGave(facts.asked, v1::EVIDENCE_KIND_PERMIT) > 1) return;
  answer->Refuse(
      Reason::EVIDENCE_MISSING, "evidence",
      {"An adjustment needs the approval of the township and of the county. Bring both as "
       "evidence of kind PERMIT, each given by its authority.",
       "个别调整承包地须经乡镇和县级人民政府批准。请提交两级批准文件，并写明出具机关。"});
}

// --- D-04: marketing construction land.

void AskMarketEntry(const Facts& facts, Answer* answer) {
  if (IsRecorded(facts)) return AskVotes(facts, "D-04", answer);
  if (facts.grant().basis() != v1::GRANT_BASIS_MARKET_ENTRY) return;
  RequireResolution(facts.asked,
                    {.matters = {v1::RESOLUTION_MATTER_MARKET_ENTRY}, .plot = facts.plot()},
                    {"marketing construction land", "集体经营性建设用地入市"}, answer);
}

// --- D-05: the member assembly: ten days' notice, two thirds present, two thirds of all.

std::optional<CivilDate> LatestNotice(const v1::ResolutionRule& rule, const Meeting& meeting) {
  if (rule.convened_days_before() == 0) return std::nullopt;
  return common::AddDays(meeting.day, -std::int64_t{rule.convened_days_before()});
}

void AskAssembly(const Facts& facts, Answer* answer) {
  if (!IsRecorded(facts)) return;
  bool told = false;
  ForEachRule(
      facts, [&](v1::ResolutionMatter, const v1::ResolutionRule& rule, const Meeting& meeting) {
        const auto latest = LatestNotice(rule, meeting);
        const auto convened = common::ParseCivilDate(Recorded(facts).convened_date());
        if (!latest || (convened && *convened <= *latest) || std::exchange(told, true)) return;
        answer->Refuse(
            Reason::RESOLUTION_NOT_CARRIED, "convened_date",
            {fmt::format("The meeting of {} has to be called by {}, {} days before.",
                         Recorded(facts).meeting_date(), common::FormatCivilDate(*latest),
                         rule.convened_days_before()),
             fmt::format("{} 的会议须提前 {} 日通知，最迟为 {}。", Recorded(facts).meeting_date(),
                         rule.convened_days_before(), common::FormatCivilDate(*latest))},
            rule.source().document());
      });
  AskVotes(facts, "D-05", answer);
}

// --- D-06: no body decides what the law keeps for another.

void AskBody(const Facts& facts, Answer* answer) {
  const auto meeting = MeetingOf(facts);
  if (!meeting) {
    return answer->Refuse(
        Reason::REFERENCE_UNRESOLVED, "collective",
        {"The collective or the day of the meeting is not known.", "集体或者会议日期无法确定。"});
  }
  for (int i = 0; i < Recorded(facts).matters_size(); ++i) {
    const auto rule = RuleOn(Recorded(facts).matters(i), *meeting, facts);
    if (!rule) {
      answer->Refuse(
          Reason::RESOLUTION_NOT_CARRIED, "body",
          {fmt::format("On {} the law leaves matter {} to another body of the collective.",
                       Recorded(facts).meeting_date(), i),
           fmt::format("依 {} 的法律，第 {} 项事项不由该机构决定。", Recorded(facts).meeting_date(),
                       i + 1)});
    } else if (rule->charter_required() && !Recorded(facts).charter_delegates()) {
      answer->Refuse(
          Reason::RESOLUTION_NOT_CARRIED, "charter_delegates",
          {"Representatives decide this matter only where the charter leaves it to them. State "
           "that it does.",
           "章程授权的，成员代表大会方可决定该事项，请写明。"},
          rule->source().document());
    }
  }
  AskVotes(facts, "D-06", answer);
}

// --- D-07: villagers decide where no collective organisation exists, and only there.

void AskVillagers(const Facts& facts, Answer* answer) {
  const auto meeting = MeetingOf(facts);
  if (!meeting) return;
  const auto& matters = Recorded(facts).matters();
  const bool could = std::all_of(matters.begin(), matters.end(), [&](int matter) {
    return RuleOn(static_cast<v1::ResolutionMatter>(matter), *meeting, facts).has_value();
  });
  if (could && IsUsurped(*meeting, facts)) {
    answer->Refuse(
        Reason::RESOLUTION_NOT_CARRIED, "body",
        {"The collective has an organisation, so that its members decide. Villagers decide where "
         "the acting body is the village committee or group.",
         "该集体已设立集体经济组织，应由成员大会等机构决定；未设立的，方由村民会议等决定。"});
  }
  AskVotes(facts, "D-07", answer);
}

// --- C-30, D-11: plans are shown before the vote.

// The days from the first to the last, both counted; 0 when a date is none, or they are backward.
std::int64_t DaysShown(const std::string& from_date, const std::string& until_date) {
  const auto from = common::ParseCivilDate(from_date);
  const auto until = common::ParseCivilDate(until_date);
  if (!from || !until) return 0;
  std::int64_t days = 0;
  for (CivilDate day = *from; day <= *until && days < 3660; day = common::AddDays(day, 1)) ++days;
  return days;
}

void AskPlanShown(const v1::ResolutionRule& rule, const Meeting& meeting, const Facts& facts,
                  Answer* answer) {
  const v1::RecordResolution& act = Recorded(facts);
  if (rule.plan_display_days() == 0) return;
  const auto until = common::ParseCivilDate(act.plan_display_until());
  const bool long_enough = DaysShown(act.plan_display_from(), act.plan_display_until()) >=
                           std::int64_t{rule.plan_display_days()};
  if (long_enough && *until < meeting.day) return;
  answer->Refuse(
      Reason::RESOLUTION_NOT_CARRIED,
      act.plan_display_from().empty() ? "plan_display_from" : "plan_display_until",
      {fmt::format("The plan has to be shown for {} days before the vote, the first and the last "
                   "counted.",
                   rule.plan_display_days()),
       fmt::format("方案须在表决前公示不少于 {} 日（含首末两日）。", rule.plan_display_days())},
      rule.source().document());
}

void AskDisplays(const Facts& facts, bool of_contracts, Answer* answer) {
  bool told = false;
  ForEachRule(facts, [&](v1::ResolutionMatter matter, const v1::ResolutionRule& rule,
                         const Meeting& meeting) {
    const bool contracts = matter == v1::RESOLUTION_MATTER_CONTRACT_PLAN;
    if (contracts != of_contracts || told) return;
    const std::size_t before = answer->told().size();
    AskPlanShown(rule, meeting, facts, answer);
    told = answer->told().size() != before;
  });
}

void AskContractPlanShown(const Facts& facts, Answer* answer) { AskDisplays(facts, true, answer); }

void AskOtherPlanShown(const Facts& facts, Answer* answer) {
  AskDisplays(facts, false, answer);
  bool told = false;
  ForEachRule(facts, [&](v1::ResolutionMatter, const v1::ResolutionRule& rule, const Meeting&) {
    const v1::RecordResolution& act = Recorded(facts);
    const auto shown = DaysShown(act.result_display_from(), act.result_display_until());
    if (shown >= std::int64_t{rule.result_display_days()} || std::exchange(told, true)) return;
    answer->Refuse(
        Reason::RESOLUTION_NOT_CARRIED, "result_display_until",
        {fmt::format("The result has to be shown for {} days.", rule.result_display_days()),
         fmt::format("结果须公示不少于 {} 日。", rule.result_display_days())},
        rule.source().document());
  });
}

constexpr std::array kRecord = {Act::kRecordResolution};
constexpr std::array kRecordOrGrant = {Act::kRecordResolution, Act::kGrantRight};
constexpr std::array kOutsiders = {Act::kRecordResolution, Act::kGrantRight, Act::kDisposePlot,
                                   Act::kWithdrawRight};
constexpr std::array kAdjust = {Act::kRecordResolution, Act::kTakeBackRight};

constexpr Rule kRules[] = {
    {"C-30", "HT", "承包方案公示不少于十五日", "A contracting plan is shown fifteen days", kRecord,
     &AskContractPlanShown},
    {"D-01", "RLCL 19(3); pack resolution_rules", "承包方案须经三分之二以上成员或者村民代表同意",
     "The contracting plan needs two thirds", kRecordOrGrant, &AskPlan},
    {"D-02", "RLCL 52", "发包给本集体以外的人须经三分之二同意并报乡镇批准",
     "Contracting to outsiders needs two thirds and the township's approval", kOutsiders,
     &AskToOutsiders},
    {"D-03", "RLCL 28", "个别调整承包地须经三分之二同意并报乡镇和县批准",
     "Adjusting plots needs two thirds and the approval of township and county", kAdjust,
     &AskAdjustment},
    {"D-04", "LAL 63; RCEO 26(9), 28", "集体经营性建设用地出让、出租须经三分之二以上同意",
     "Marketing construction land needs two thirds", kRecordOrGrant, &AskMarketEntry},
    {"D-05", "RCEO 15, 27",
     "成员大会提前十日通知，三分之二以上成员到会，全体三分之二以上同意；接收部分权利人员须四分之三",
     "Member assembly: ten days' notice, two thirds present, two thirds of all; three quarters to "
     "admit people",
     kRecord, &AskAssembly},
    {"D-06", "RCEO 26, 28", "依法须由成员大会决定的事项，成员代表大会不得决定",
     "Representatives may not decide what the law keeps for the member assembly", kRecord,
     &AskBody},
    {"D-07", "RCEO 64; RLCL 13; LALR 34", "未设立集体经济组织的，由村民委员会、村民小组行使",
     "Villagers' bodies decide where no collective organisation exists, and only there", kRecord,
     &AskVillagers},
    {"D-11", "ZJCOLL 17, 20", "浙江：方案表决前公示不少于十五日",
     "Zhejiang: the plan is shown fifteen days before the vote", kRecord, &AskOtherPlanShown},
    {"D-12", "RCEO 26; RLCL 13", "决议须由宗地所属集体作出、现行有效且事项相符",
     "The resolution is the land's collective's, stands, and is about the matter"},
};

}  // namespace

std::span<const Rule> ResolutionRules() { return kRules; }

}  // namespace landbook::law
