#include "services/law/cautions.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "services/law/calendar.h"
#include "services/law/evidence.h"

namespace landbook::law {
namespace {

// A unit that the act touches, with the rights of it, and where the act names it.
struct Target {
  std::uint64_t unit = 0;
  const v1::Plot* plot = nullptr;
  std::vector<std::uint64_t> rights = {};
  std::string field = {};
};

Sentence SayCause(v1::CautionCause cause) {
  switch (cause) {
    case v1::CAUTION_CAUSE_SEIZURE:
      return {"seizure", "查封"};
    case v1::CAUTION_CAUSE_ADVANCE_NOTICE:
      return {"advance notice", "预告登记"};
    case v1::CAUTION_CAUSE_OBJECTION:
      return {"objection", "异议登记"};
    case v1::CAUTION_CAUSE_DISPUTE:
      return {"dispute", "争议"};
    case v1::CAUTION_CAUSE_ACCEPTED_CASE:
      return {"accepted case", "已受理的登记申请"};
    case v1::CAUTION_CAUSE_EXPROPRIATION:
      return {"expropriation freeze", "征收冻结"};
    case v1::CAUTION_CAUSE_CORRECTION:
      return {"correction under way", "更正登记办理中"};
    case v1::CAUTION_CAUSE_SUPERVISION:
      return {"attachment or supervision", "扣押、监管"};
    default:
      return {"caution", "限制"};
  }
}

std::string_view RuleOf(v1::CautionCause cause, v1::ActKind kind) {
  if (kind == v1::ACT_KIND_WITHDRAW) return "W-13";
  switch (cause) {
    case v1::CAUTION_CAUSE_OBJECTION:
      return "P-31";
    case v1::CAUTION_CAUSE_CORRECTION:
      return "P-32";
    case v1::CAUTION_CAUSE_ADVANCE_NOTICE:
      return "P-33";
    case v1::CAUTION_CAUSE_SEIZURE:
      return "P-34";
    case v1::CAUTION_CAUSE_SUPERVISION:
      return "P-35";
    case v1::CAUTION_CAUSE_ACCEPTED_CASE:
      return "K-03";
    case v1::CAUTION_CAUSE_DISPUTE:
      return kind == v1::ACT_KIND_MORTGAGE ? "G-22" : "P-16";
    default:
      return "P-16";
  }
}

bool ChangesPlots(v1::Act::ActCase act) { return KindOfAct(act) == v1::ACT_KIND_CHANGE_PLOT; }

void AddRights(const Facts& facts, std::vector<Target>* targets) {
  for (const RightFacts& right : facts.rights) {
    targets->push_back(
        {right.land.unit.number, &right.land.plot.record, {right.number}, right.field});
  }
}

// All units of the plots, with all rights in them: a changed plot changes each of them. Disposing
// of a plot touches its units as a whole.
void AddPlots(const Facts& facts, std::vector<Target>* targets) {
  for (const auto& plot : facts.plots) {
    for (const std::uint64_t unit : facts.state().Linked(Link::kUnitsOfPlot, plot.number)) {
      auto rights = ChangesPlots(facts.act_case) ? facts.state().Linked(Link::kRightsOfUnit, unit)
                                                 : std::vector<std::uint64_t>{};
      targets->push_back({unit, &plot.record, std::move(rights), "plot"});
    }
  }
}

std::vector<Target> TargetsOf(const Facts& facts) {
  std::vector<Target> targets;
  if (facts.land) {
    Target target{facts.land->unit.number, &facts.land->plot.record, {}, "unit"};
    if (facts.parent) target.rights.push_back(facts.parent->number);
    targets.push_back(std::move(target));
  }
  AddRights(facts, &targets);
  AddPlots(facts, &targets);
  return targets;
}

// A caution in the way of an act, and how the refusal is told.
struct Barrier {
  const Numbered<v1::Caution>& caution;
  const Target& target;
  v1::ActKind kind;
};

void Tell(const Barrier& barrier, Reason reason, const Sentence& remedy, std::string source,
          Answer* answer) {
  const v1::Caution& caution = barrier.caution.record;
  const Sentence cause = SayCause(caution.cause());
  answer->RefuseBy(
      RuleOf(caution.cause(), barrier.kind), reason, barrier.target.field,
      {fmt::format("Caution {} stands in the way: {} by {}, document {}. {}",
                   barrier.caution.number, cause.english, caution.organ(),
                   caution.document_number(), remedy.english),
       fmt::format("存在第 {} 号限制：{}，机关或当事人 {}，文号 {}。{}", barrier.caution.number,
                   cause.chinese, caution.organ(), caution.document_number(), remedy.chinese)},
      std::move(source));
}

// Everybody whom the caution protects has consented; of an older one the organ that it names.
bool IsConsentedTo(const v1::Caution& caution, const Question& question) {
  if (caution.beneficiaries().empty()) return ConsentOfOrgan(question, caution.organ());
  return std::all_of(
      caution.beneficiaries().begin(), caution.beneficiaries().end(),
      [&](std::uint64_t party) { return GivenBy(question, v1::EVIDENCE_KIND_CONSENT, party); });
}

void Apply(const Barrier& barrier, const v1::CautionRule& rule, const Facts& facts,
           Answer* answer) {
  const std::string& source = rule.source().document();
  switch (rule.effect()) {
    case v1::CAUTION_EFFECT_PASSES:
      return;
    case v1::CAUTION_EFFECT_WARNS:
      return Tell(barrier, Reason::LAW_WARNS,
                  {"An authorised officer may accept it with an override that names this rule.",
                   "有权人员可以引用本规则的越权说明予以接受。"},
                  source, answer);
    case v1::CAUTION_EFFECT_NEEDS_CONSENT:
      if (IsConsentedTo(barrier.caution.record, facts.asked)) return;
      return Tell(barrier, Reason::CONSENT_MISSING,
                  {"Bring the written consent of whom it protects, as evidence of the act.",
                   "请提交受其保护的当事人的书面同意，并列入本行为的材料。"},
                  source, answer);
    case v1::CAUTION_EFFECT_WAITS:
      return Tell(barrier, Reason::CAUTION_WAITS,
                  {"Try again once it is lifted or has run out.", "待其解除或届满后再行申请。"},
                  source, answer);
    default:
      return Tell(barrier, Reason::CAUTION_STANDS,
                  {"It has to be lifted first.", "须先解除该限制。"}, source, answer);
  }
}

bool IsOn(const v1::Caution& caution, const Target& target) {
  return caution.right() == 0 || std::find(target.rights.begin(), target.rights.end(),
                                           caution.right()) != target.rights.end();
}

bool IsOwn(const v1::Caution& caution, const Question& question) {
  return caution.case_number() != 0 && caution.case_number() == question.case_number;
}

// A caution on a right that ends would be left on nothing.
bool WouldBeLeftOnNothing(const Barrier& barrier, const Facts& facts) {
  return EndsRight(facts) && barrier.caution.record.right() != 0;
}

void AskCaution(const Barrier& barrier, const Facts& facts, Answer* answer) {
  if (WouldBeLeftOnNothing(barrier, facts)) {
    return Tell(barrier, Reason::CAUTION_STANDS,
                {"It names this right, and has to be lifted before the right ends.",
                 "该限制针对本权利，须先行解除。"},
                "Civil Code 399, 406, 409 (民法典第399、406、409条)", answer);
  }
  const auto rule = facts.pack().CautionRuleFor(barrier.caution.record.cause(), barrier.kind,
                                                ScopeAt(*barrier.target.plot, facts.asked));
  Apply(barrier, rule.value_or(v1::CautionRule()), facts, answer);
}

}  // namespace

v1::ActKind KindOfAct(v1::Act::ActCase act) {
  switch (act) {
    case v1::Act::kAmendPlot:
    case v1::Act::kSplitPlot:
    case v1::Act::kMergePlots:
    case v1::Act::kRetirePlot:
      return v1::ACT_KIND_CHANGE_PLOT;
    case v1::Act::kEstablishUnit:
      return v1::ACT_KIND_ESTABLISH;
    case v1::Act::kGrantRight:
      return v1::ACT_KIND_GRANT;
    case v1::Act::kTransferRight:
      return v1::ACT_KIND_TRANSFER;
    case v1::Act::kVaryRight:
      return v1::ACT_KIND_VARY;
    case v1::Act::kExtinguishRight:
      return v1::ACT_KIND_EXTINGUISH;
    case v1::Act::kWithdrawRight:
      return v1::ACT_KIND_WITHDRAW;
    case v1::Act::kRegisterMortgage:
    case v1::Act::kVaryMortgage:
    case v1::Act::kAgreeRanks:
      return v1::ACT_KIND_MORTGAGE;
    case v1::Act::kDischargeMortgage:
      return v1::ACT_KIND_DISCHARGE;
    case v1::Act::kIssueCertificate:
      return v1::ACT_KIND_CERTIFY;
    case v1::Act::kCorrect:
      return v1::ACT_KIND_CORRECT;
    case v1::Act::kTakeBackRight:
      return v1::ACT_KIND_TAKE_BACK;
    case v1::Act::kDisposePlot:
      return v1::ACT_KIND_DISPOSE;
    case v1::Act::kEnforceMortgage:
      return v1::ACT_KIND_ENFORCE;
    case v1::Act::kRecordFiling:
      return v1::ACT_KIND_FILE;
    case v1::Act::kPlaceCaution:
      return v1::ACT_KIND_CAUTION;
    default:
      return v1::ACT_KIND_UNSPECIFIED;
  }
}

void AskCautions(const Facts& facts, Answer* answer) {
  const v1::ActKind kind = KindOfAct(facts.act_case);
  if (kind == v1::ACT_KIND_UNSPECIFIED) return;
  const Calendar calendar(facts.state());
  for (const Target& target : TargetsOf(facts)) {
    for (const auto& caution :
         StandingRecords<v1::Caution>(facts.state(), Link::kCautionsOfUnit, target.unit)) {
      if (!IsOn(caution.record, target) || IsOwn(caution.record, facts.asked)) continue;
      if (!IsInForce(caution.record, facts.pack(), calendar, facts.today())) continue;
      AskCaution({caution, target, kind}, facts, answer);
    }
  }
}

}  // namespace landbook::law
