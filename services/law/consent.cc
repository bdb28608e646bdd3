#include "services/law/consent.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "fmt/format.h"
#include "services/law/evidence.h"

namespace landbook::law {
namespace {

constexpr int kAdultYears = 18;

// What packs are asked about an act: its kind, and its cause or basis as a word.
struct ActAsked {
  v1::ActKind kind = v1::ACT_KIND_UNSPECIFIED;
  std::string cause = {};
  v1::FilingMatter filing = v1::FILING_MATTER_UNSPECIFIED;
};

std::optional<ActAsked> OfGrant(const Facts& facts) {
  return ActAsked{v1::ACT_KIND_GRANT, WordOf(facts.grant().basis()),
                  IsOperation(*facts.type) ? v1::FILING_MATTER_HOMESTEAD_OPERATION
                                           : v1::FILING_MATTER_CIRCULATION};
}

std::optional<ActAsked> OfTransfer(const v1::TransferRight& act) {
  const bool exchange = act.cause() == v1::TRANSFER_CAUSE_EXCHANGE;
  return ActAsked{v1::ACT_KIND_TRANSFER, WordOf(act.cause()),
                  exchange ? v1::FILING_MATTER_EXCHANGE : v1::FILING_MATTER_RECIRCULATION};
}

std::optional<ActAsked> AskedOf(const Facts& facts) {
  switch (facts.act_case) {
    case v1::Act::kGrantRight:
      return OfGrant(facts);
    case v1::Act::kTransferRight:
      return OfTransfer(facts.act().transfer_right());
    case v1::Act::kRegisterMortgage:
      return ActAsked{v1::ACT_KIND_MORTGAGE, "", v1::FILING_MATTER_SECURITY};
    case v1::Act::kWithdrawRight:
      return ActAsked{v1::ACT_KIND_WITHDRAW};
    case v1::Act::kTakeBackRight:
      return ActAsked{v1::ACT_KIND_TAKE_BACK, WordOf(facts.act().take_back_right().measure())};
    case v1::Act::kEnforceMortgage:
      return ActAsked{v1::ACT_KIND_ENFORCE};
    case v1::Act::kExtinguishRight:
      return ActAsked{v1::ACT_KIND_EXTINGUISH};
    default:
      return std::nullopt;
  }
}

// One right or grant, whose consent rules are asked.
struct Subject {
  const Facts& facts;
  const ActAsked& asked;
  const v1::RightType& type;
  const v1::Plot& plot;
  // The right that consents are about: of a grant the one it derives from; null for none.
  const v1::Right* right;
  std::uint64_t right_number;
  // The right's parent, whose holders are the contractors of a right that derives from it.
  std::optional<v1::Right> parent;
};

// The rule by which a lack is told. A gift is a transfer without a price, and told as one (I-06,
// H-08).
std::string ToldAs(const v1::ConsentRule& rule, const ActAsked& asked) {
  if (asked.cause != "gift") return rule.rule();
  if (rule.rule() == "C-01") return "I-06";
  return rule.rule() == "H-05" ? "H-08" : rule.rule();
}

// Refuses, or warns, in the words of the rule.
struct Lack {
  Reason reason;
  Sentence sentence;
};
void Tell(const v1::ConsentRule& rule, const ActAsked& asked, Lack lack, Answer* answer) {
  answer->RefuseBy(ToldAs(rule, asked), rule.warns() ? Reason::LAW_WARNS : lack.reason, "evidence",
                   std::move(lack.sentence), rule.source().document());
}

bool IsWithCollective(const v1::Party& party, const v1::Plot* plot) {
  return IsCollectiveOfLand(party, *plot);
}

bool CollectiveGave(v1::EvidenceKind kind, const Subject& subject) {
  const auto givers = GiversOf(subject.facts.asked, kind);
  return std::any_of(givers.begin(), givers.end(), [&](std::uint64_t giver) {
    const auto party = Find<v1::Party>(subject.facts.state(), giver);
    return party && IsCollectiveOfLand(*party, subject.plot);
  });
}

bool HolderGave(v1::EvidenceKind kind, const Subject& subject) {
  if (subject.right == nullptr) return false;
  const auto holders = HoldersOf(*subject.right);
  return std::any_of(holders.begin(), holders.end(), [&](std::uint64_t holder) {
    return GivenBy(subject.facts.asked, kind, holder);
  });
}

// The collective has approved or consented; a dealing filed with it, or a notice to it, is enough
// where no more is asked. An effective judgment stands in for a consent to the transfer of a
// contract that it withholds without a ground (C-02, SPC-RL 13).
bool CollectiveAgrees(const v1::ConsentRule& rule, const Subject& subject) {
  const Question& question = subject.facts.asked;
  if (CollectiveGave(v1::EVIDENCE_KIND_CONSENT, subject)) return true;
  if (rule.rule() == "C-01" && Has(question, v1::EVIDENCE_KIND_ORDER)) return true;
  if (rule.form() > v1::CONSENT_FORM_FILING) return false;
  if (HasFiling(question, {subject.asked.filing, subject.right_number}, &IsWithCollective,
                &subject.plot)) {
    return true;
  }
  return rule.form() == v1::CONSENT_FORM_NOTICE &&
         (CollectiveGave(v1::EVIDENCE_KIND_NOTICE, subject) ||
          HolderGave(v1::EVIDENCE_KIND_NOTICE, subject));
}

Sentence SayForm(v1::ConsentForm form) {
  switch (form) {
    case v1::CONSENT_FORM_NOTICE:
      return {"written notice to", "书面通知："};
    case v1::CONSENT_FORM_FILING:
      return {"filing with", "备案："};
    case v1::CONSENT_FORM_CONSENT:
      return {"written consent of", "书面同意："};
    default:
      return {"approval of", "批准："};
  }
}

void AskCollective(const v1::ConsentRule& rule, const Subject& subject, Answer* answer) {
  if (CollectiveAgrees(rule, subject)) return;
  const Sentence form = SayForm(rule.form());
  const bool consent = rule.form() >= v1::CONSENT_FORM_CONSENT;
  Tell(rule, subject.asked,
       {consent ? Reason::COLLECTIVE_CONSENT_MISSING : Reason::EVIDENCE_MISSING,
        {fmt::format("The {} the collective that owns plot {} is missing. Bring it as evidence of "
                     "the act.",
                     form.english, subject.plot.code()),
         fmt::format("缺少{}宗地 {} 所属农民集体。请提交并列入本行为的材料。", form.chinese,
                     subject.plot.code())}},
       answer);
}

// Every one of these parties has to have consented; each that has not is told.
void AskParties(const v1::ConsentRule& rule, const std::set<std::uint64_t>& parties,
                const Subject& subject, Answer* answer) {
  const auto consenting = GiversOf(subject.facts.asked, v1::EVIDENCE_KIND_CONSENT);
  for (const std::uint64_t party : parties) {
    if (consenting.contains(party)) continue;
    Tell(rule, subject.asked,
         {Reason::CONSENT_MISSING,
          {fmt::format("Party {} has not consented in writing. Bring the consent, given by that "
                       "party, as evidence of the act.",
                       party),
           fmt::format("缺少第 {} 号主体的书面同意。请提交其本人出具的同意书。", party)}},
         answer);
  }
}

void AskAdults(const v1::ConsentRule& rule, const Subject& subject, Answer* answer) {
  if (subject.right == nullptr) return;
  Answer unknown;
  const auto adults = AdultHoldersOf(*subject.right, subject.facts.asked, &unknown);
  for (const Told& told : unknown.told()) {
    answer->RefuseBy(rule.rule(), static_cast<Reason>(told.refusal.number()), told.refusal.field(),
                     {told.refusal.message_en(), told.refusal.message_zh()},
                     "Civil Code 17 (民法典第17条)");
  }
  AskParties(rule, adults, subject, answer);
}

void AskMortgagees(const v1::ConsentRule& rule, const Subject& subject, Answer* answer) {
  std::set<std::uint64_t> mortgagees;
  for (const auto& mortgage : StandingRecords<v1::Mortgage>(
           subject.facts.state(), Link::kMortgagesOfRight, subject.right_number)) {
    mortgagees.insert(mortgage.record.mortgagee());
  }
  AskParties(rule, mortgagees, subject, answer);
}

void AskAuthority(const v1::ConsentRule& rule, const Subject& subject, Answer* answer) {
  if (AuthoritiesThatGave(subject.facts.asked, v1::EVIDENCE_KIND_PERMIT) > 0) return;
  Tell(rule, subject.asked,
       {Reason::EVIDENCE_MISSING,
        {"The approval of the government is missing. Bring it as evidence of kind PERMIT, given by "
         "the authority.",
         "缺少人民政府的批准。请提交批准文件，并写明出具机关。"}},
       answer);
}

void AskRule(const v1::ConsentRule& rule, const Subject& subject, Answer* answer) {
  switch (rule.party()) {
    case v1::CONSENT_PARTY_COLLECTIVE:
      return AskCollective(rule, subject, answer);
    case v1::CONSENT_PARTY_CONTRACTOR:
      return AskParties(rule,
                        subject.parent ? HoldersOf(*subject.parent) : std::set<std::uint64_t>{},
                        subject, answer);
    case v1::CONSENT_PARTY_ADULT_HOLDERS:
      return AskAdults(rule, subject, answer);
    case v1::CONSENT_PARTY_MORTGAGEES:
      return AskMortgagees(rule, subject, answer);
    default:
      return AskAuthority(rule, subject, answer);
  }
}

void AskSubject(const Subject& subject, Answer* answer) {
  const auto rules = subject.facts.pack().ConsentRulesFor(
      {subject.type.code(), subject.asked.kind, subject.asked.cause},
      ScopeAt(subject.plot, subject.facts.asked));
  for (const v1::ConsentRule& rule : rules) AskRule(rule, subject, answer);
}

void AskGrant(const Facts& facts, const ActAsked& asked, Answer* answer) {
  const v1::Right* parent = facts.parent ? &facts.parent->right : nullptr;
  AskSubject({facts, asked, *facts.type, facts.land->plot.record, parent,
              facts.parent ? facts.parent->number : 0,
              facts.parent ? std::optional(facts.parent->right) : std::nullopt},
             answer);
}

}  // namespace

void AskConsents(const Facts& facts, Answer* answer) {
  const auto asked = facts.carried_over ? std::nullopt : AskedOf(facts);
  if (!asked) return;
  if (facts.is(v1::Act::kGrantRight)) return AskGrant(facts, *asked, answer);
  for (const RightFacts& right : facts.rights) {
    AskSubject({facts, *asked, *right.type, right.land.plot.record, &right.right, right.number,
                Find<v1::Right>(facts.state(), right.right.parent())},
               answer);
  }
}

namespace {

bool IsErased(std::uint64_t person, const State& state) {
  const auto party = Find<v1::Party>(state, person);
  return party && party->person().erased();
}

void RefuseErased(std::uint64_t person, Answer* answer) {
  answer->Refuse(
      Reason::PARTY_ERASED, "right",
      {fmt::format("The private fields of party {} were erased, so that whether the person is of "
                   "age cannot be known; the act cannot be entered.",
                   person),
       fmt::format("第 {} 号主体的个人信息已删除，无法判断其是否成年，不能登记。", person)});
}

}  // namespace

std::set<std::uint64_t> AdultHoldersOf(const v1::Right& right, const Question& question,
                                       Answer* answer) {
  std::set<std::uint64_t> adults;
  for (const v1::Holder& holder : right.holders()) {
    const auto household = HouseholdOf(holder.party(), *question.state);
    if (!household) {
      adults.insert(holder.party());
      continue;
    }
    for (const v1::HouseholdMember& member : household->members()) {
      if (member.standing() == v1::MEMBER_STANDING_LOST) continue;
      const auto born = question.state->BirthDate(member.person());
      if (IsErased(member.person(), *question.state)) {
        RefuseErased(member.person(), answer);
      } else if (!born) {
        answer->Refuse(
            Reason::BIRTH_DATE_REQUIRED, "right",
            {fmt::format("The book has no birth date of party {}, so that whether the person is of "
                         "age cannot be known. Amend the party first.",
                         member.person()),
             fmt::format(
                 "登记簿中没有第 {} 号主体的出生日期，无法判断其是否成年。请先变更主体信息。",
                 member.person())});
      } else if (common::AgeYears({.birth_date = *born, .on_date = question.days.today}) >=
                 kAdultYears) {
        adults.insert(member.person());
      }
    }
  }
  return adults;
}

}  // namespace landbook::law
