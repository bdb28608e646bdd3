#include "services/registry/law_consent.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "fmt/format.h"
#include "services/common/civil_date.h"
#include "services/registry/law_codes.h"
#include "services/registry/law_sources.h"

namespace landbook::registry {
namespace {

constexpr int kAdultYears = 18;

void RefuseSilent(std::uint64_t party, ActContext* context) {
  context->Refuse(
      Reason::CONSENT_MISSING, "evidence",
      {fmt::format("Party {} has not consented. Bring a written consent of every adult "
                   "holder, given by that party, as evidence of the act.",
                   party),
       fmt::format("缺少第 {} 号主体的同意。请提交每一名成年权利人本人出具的书面同意书。", party)},
      source::kJointConsent);
}

void RefuseErased(std::uint64_t person, ActContext* context) {
  context->Refuse(
      Reason::PARTY_ERASED, "right",
      {fmt::format("The private fields of party {} were erased, so that whether the "
                   "person is of age cannot be known; the act cannot be entered.",
                   person),
       fmt::format("第 {} 号主体的个人信息已删除，无法判断其是否成年，不能登记。", person)},
      source::kAdult);
}

void RefuseWithoutBirthDate(std::uint64_t person, ActContext* context) {
  context->Refuse(
      Reason::BIRTH_DATE_REQUIRED, "right",
      {fmt::format("The book has no birth date of party {}, so that whether the person "
                   "is of age cannot be known. Amend the party first.",
                   person),
       fmt::format("登记簿中没有第 {} 号主体的出生日期，无法判断其是否成年。请先变更主体信息。",
                   person)},
      source::kAdult);
}

// Whether a member is of age on the day; refused, and nullopt, when it cannot be known.
std::optional<bool> IsAdult(std::uint64_t number, ActContext* context) {
  const auto party = context->Find<v1::Party>(number);
  if (!party) return std::nullopt;
  const v1::Person& person = party->record.person();
  if (person.erased()) {
    RefuseErased(number, context);
    return std::nullopt;
  }
  const auto opened = context->facts().vault->Open(
      *context->overlay(), {number, person.private_version()}, person.commitments());
  if (!opened.ok()) {
    context->refusals().push_back(common::RefusalFromEngine(opened.status()));
    return std::nullopt;
  }
  const auto birth_date = *opened ? common::ParseCivilDate((*opened)->birth_date()) : std::nullopt;
  const auto day = common::ParseCivilDate(context->day());
  if (!birth_date || !day) {
    RefuseWithoutBirthDate(number, context);
    return std::nullopt;
  }
  return common::AgeYears({.birth_date = *birth_date, .on_date = *day}) >= kAdultYears;
}

void CheckMembers(const v1::Household& household, const std::set<std::uint64_t>& consenting,
                  ActContext* context) {
  for (const auto& member : household.members()) {
    const auto adult = IsAdult(member.person(), context);
    if (adult.value_or(false) && !consenting.contains(member.person())) {
      RefuseSilent(member.person(), context);
    }
  }
}

}  // namespace

std::set<std::uint64_t> GiversOf(v1::EvidenceKind kind, ActContext* context) {
  std::set<std::uint64_t> givers;
  for (const v1::Evidence* piece : context->evidence()) {
    if (piece->kind() != kind) continue;
    for (const auto& giver : piece->given_by()) {
      const auto number = context->Resolve(giver, v1::RECORD_KIND_PARTY, "evidence");
      if (number) givers.insert(*number);
    }
  }
  return givers;
}

bool ConsentGivenByOrgan(std::string_view organ, const ActContext& context) {
  const auto pieces = context.evidence();
  return std::any_of(pieces.begin(), pieces.end(), [&](const v1::Evidence* piece) {
    return piece->kind() == v1::EVIDENCE_KIND_CONSENT && piece->organ() == organ;
  });
}

bool HoldsCollectiveOf(const v1::Plot& plot, const std::set<std::uint64_t>& parties,
                       const ActContext& context) {
  return std::any_of(parties.begin(), parties.end(), [&](std::uint64_t number) {
    const auto party = context.Find<v1::Party>(number);
    return party && party->record.has_collective() &&
           DivisionsAgree({party->record.collective().division(), plot.division()});
  });
}

void CheckConsentOfAdultHolders(const v1::Right& right, ActContext* context) {
  const std::set<std::uint64_t> consenting = GiversOf(v1::EVIDENCE_KIND_CONSENT, context);
  for (const auto& holder : right.holders()) {
    const auto party = context->Find<v1::Party>(holder.party());
    if (party && party->record.has_household()) {
      CheckMembers(party->record.household(), consenting, context);
    } else if (!consenting.contains(holder.party())) {
      RefuseSilent(holder.party(), context);
    }
  }
}

}  // namespace landbook::registry
