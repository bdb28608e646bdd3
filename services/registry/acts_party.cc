// Parties (权利主体): what the book takes of people, households, collectives and bodies.
#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "fmt/format.h"
#include "services/common/civil_date.h"
#include "services/law/codes.h"
#include "services/law/rule.h"
#include "services/registry/act_law.h"
#include "services/registry/acts.h"
#include "services/registry/acts_party.h"
#include "services/registry/sources.h"
#include "services/registry/standing.h"
#include "storage/check.h"

namespace landbook::registry {
namespace {

using MemberReferences = google::protobuf::RepeatedPtrField<v1::MemberReference>;

// A party as an act asks for it: the record, and beside it what its household names by reference.
struct PartyAsked {
  const v1::Party* party = nullptr;
  std::string_view field;                     // where the record is in the act: "party", "becomes"
  const v1::Reference* collective = nullptr;  // null when none is named
  const MemberReferences* members = nullptr;
  const v1::Reference* representative = nullptr;  // null when none is named
  std::uint64_t number = 0;                       // of the party that it becomes; 0 for a new one
};

std::string FieldOf(const PartyAsked& asked, std::string_view rest) {
  return fmt::format("{}.{}", asked.field, rest);
}

// --- Codes ---------------------------------------------------------------------------------------

void CheckCreditCode(const std::string& code, const std::string& field, ActContext* context) {
  if (code.empty() || law::IsCreditCode(code)) return;
  context->Refuse(
      Reason::CREDIT_CODE_MALFORMED, field,
      {fmt::format("\"{}\" is no unified social credit code: 18 characters whose last "
                   "checks the others. Compare it with the certificate.",
                   code),
       fmt::format("“{}”不是有效的统一社会信用代码（18 位，末位为校验码），请核对证照。", code)},
      source::kCreditCode);
}

// A code of the exchange package is one party's alone.
void CheckCodeIsFree(const std::string& code, const std::string& field, std::uint64_t owner,
                     ActContext* context) {
  if (code.empty()) return;
  const auto holder = context->FindByCode(v1::RECORD_KIND_PARTY, code);
  if (!holder || *holder == owner) return;
  context->Refuse(
      Reason::CODE_ALREADY_USED, field,
      {fmt::format("Code {} is party {}'s already. Name that party, or correct the "
                   "code.",
                   code, *holder),
       fmt::format("代码 {} 已属第 {} 号主体。请引用该主体，或更正代码。", code, *holder)},
      source::kContractCodes);
}

// --- Persons -------------------------------------------------------------------------------------

void RefuseIdentityNumber(const PartyAsked& asked, Sentence why, ActContext* context) {
  context->Refuse(Reason::IDENTITY_NUMBER_MALFORMED,
                  FieldOf(asked, "person.private.identity_number"), std::move(why),
                  source::kResidentNumber);
}

// The number itself is private and is not repeated in a refusal.
void CheckIdentityNumber(const PartyAsked& asked, ActContext* context) {
  const v1::Person& person = asked.party->person();
  const std::string& number = person.private_().identity_number();
  if (person.identity_document() != v1::IDENTITY_DOCUMENT_RESIDENT_CARD || number.empty()) return;
  const auto birth_date = law::BirthDateOfResidentNumber(number);
  if (!birth_date) {
    return RefuseIdentityNumber(
        asked,
        {"The identity number is not one of a resident card: 17 digits with a birth date in places "
         "7 to 14, and a check character. Compare it with the card.",
         "公民身份号码有误：应为 17 位数字（第 7 至 14 位为出生日期）和 1 "
         "位校验码，请核对身份证。"},
        context);
  }
  const std::string& stated = person.private_().birth_date();
  if (stated.empty() || common::ParseCivilDate(stated) == birth_date) return;
  RefuseIdentityNumber(
      asked,
      {"The birth date is not the one in the identity number. Correct one of them.",
       "出生日期与公民身份号码所载不一致，请更正。"},
      context);
}

void CheckPerson(const PartyAsked& asked, ActContext* context) {
  const v1::Person& person = asked.party->person();
  if (person.identity_document() == v1::IDENTITY_DOCUMENT_UNSPECIFIED) {
    context->Refuse(Reason::FIELD_UNSPECIFIED, FieldOf(asked, "person.identity_document"),
                    {"What proves the person's identity is not said. State the document.",
                     "未写明证件种类，请填写 identity_document。"});
  }
  if (person.has_private_() && person.private_().full_name().empty()) {
    context->Refuse(
        Reason::FIELD_REQUIRED, FieldOf(asked, "person.private.full_name"),
        {"The person came without a name. State the full name.", "缺少姓名，请填写 full_name。"});
  }
  const std::string& birth_date = person.private_().birth_date();
  if (!birth_date.empty() && !common::ParseCivilDate(birth_date)) {
    context->Refuse(
        Reason::DATE_MALFORMED, FieldOf(asked, "person.private.birth_date"),
        {"The birth date is no date as YYYY-MM-DD.", "出生日期不是 YYYY-MM-DD 形式的日期。"});
  }
  CheckIdentityNumber(asked, context);
}

// --- Households ----------------------------------------------------------------------------------

std::optional<Loaded<v1::Party>> TakeCollective(const PartyAsked& asked, ActContext* context) {
  if (asked.collective != nullptr) {
    auto collective = context->Load<v1::Party>(*asked.collective, "collective");
    if (!collective || collective->record.has_collective()) return collective;
  }
  context->Refuse(Reason::COLLECTIVE_REQUIRED, "collective",
                  {"A household belongs to a collective. Name a party that is a collective.",
                   "农户须属于一个农民集体，请以 collective 指明作为农民集体的主体。"});
  return std::nullopt;
}

// A member of the household; refused when it is no person.
std::optional<v1::HouseholdMember> TakeMember(const v1::MemberReference& asked,
                                              const std::string& field, ActContext* context) {
  const auto person = context->Load<v1::Party>(asked.person(), field + ".person");
  if (!person) return std::nullopt;
  if (!person->record.has_person()) {
    context->Refuse(
        Reason::MEMBER_NOT_A_PERSON, field + ".person",
        {fmt::format("Party {} is no natural person; only people are members of a "
                     "household.",
                     person->number),
         fmt::format("第 {} 号主体不是自然人，家庭成员只能是自然人。", person->number)});
  }
  if (asked.standing() == v1::MEMBER_STANDING_UNSPECIFIED) {
    context->Refuse(Reason::FIELD_UNSPECIFIED, field + ".standing",
                    {"How the person stands to the collective is not said. State the standing.",
                     "未写明成员身份，请填写 standing。"});
  }
  v1::HouseholdMember member;
  member.set_person(person->number);
  member.set_standing(asked.standing());
  member.set_head(asked.head());
  member.set_co_holder(asked.co_holder());
  return member;
}

void CheckHead(const MemberReferences& members, ActContext* context) {
  int heads = 0;
  for (const auto& member : members) heads += member.head() ? 1 : 0;
  if (heads == 1 && members[0].head()) return;
  context->Refuse(
      Reason::HOUSEHOLD_HEAD_REQUIRED, "members",
      {fmt::format("{} members are marked as head; exactly one has to be, and it comes "
                   "first.",
                   heads),
       fmt::format("有 {} 名成员标为户主；须恰有一名户主（户代表），且列于首位。", heads)});
}

void TakeMembers(const MemberReferences& members, v1::Household* household, ActContext* context) {
  if (members.empty()) {
    return context->Refuse(Reason::HOUSEHOLD_WITHOUT_MEMBERS, "members",
                           {"A household has members. Name them, the head first.",
                            "农户须有家庭成员，请列出成员，户主在先。"});
  }
  std::set<std::uint64_t> seen;
  for (int i = 0; i < members.size(); ++i) {
    const std::string field = fmt::format("members[{}]", i);
    const auto member = TakeMember(members[i], field, context);
    if (!member) continue;
    if (!seen.insert(member->person()).second) {
      context->Refuse(
          Reason::MEMBER_TWICE, field + ".person",
          {fmt::format("Party {} is named twice. Name each member once.", member->person()),
           fmt::format("第 {} 号主体重复出现，每名成员只列一次。", member->person())});
    }
    *household->add_members() = *member;
  }
  CheckHead(members, context);
}

void TakeHousehold(const PartyAsked& asked, v1::Household* household, ActContext* context) {
  if (household->collective() != 0 || household->members_size() != 0) {
    context->Refuse(
        Reason::FIELD_OUTPUT_ONLY, FieldOf(asked, "household"),
        {"The household names its collective or members by number. Name them by the "
         "act's own fields collective and members.",
         "请勿在 household 中填写编号，应以本行为的 collective 和 members 字段指明集体与成员。"});
  }
  household->clear_members();
  if (const auto collective = TakeCollective(asked, context)) {
    household->set_collective(collective->number);
    CheckContractorCode(
        {asked.party->household().contractor_code(), FieldOf(asked, "household.contractor_code"),
         BeginOfHouseholdCodes(collective->record, *context)},
        asked.number, context);
  }
  TakeMembers(*asked.members, household, context);
}

// --- Bodies --------------------------------------------------------------------------------------

void RequireTitle(const std::string& title, const PartyAsked& asked, std::string_view kind,
                  ActContext* context) {
  if (!title.empty()) return;
  context->Refuse(Reason::FIELD_REQUIRED, FieldOf(asked, fmt::format("{}.title", kind)),
                  {"The party came without a name. State the title.", "缺少名称，请填写 title。"});
}

void CheckDivision(const PartyAsked& asked, ActContext* context) {
  const v1::Collective& collective = asked.party->collective();
  const std::string field = FieldOf(asked, "collective.division");
  const std::size_t digits = law::DivisionDigits(collective.level());
  if (digits == 0) {
    return context->Refuse(Reason::FIELD_UNSPECIFIED, FieldOf(asked, "collective.level"),
                           {"At what level the collective owns is not said. State the level.",
                            "未写明集体所有权主体层级，请填写 level。"});
  }
  if (!law::IsDigits(collective.division(), digits)) {
    return context->Refuse(
        Reason::DIVISION_MALFORMED, field,
        {fmt::format("\"{}\" came; the division of a collective of this level has {} digits.",
                     collective.division(), digits),
         fmt::format("收到“{}”，该层级农民集体的区划代码应为 {} 位数字。", collective.division(),
                     digits)},
        source::kDivisions);
  }
  const std::string& county = context->book().code();
  if (collective.division().starts_with(county)) return;
  context->Refuse(Reason::DIVISION_OF_ANOTHER_COUNTY, field,
                  {fmt::format("Division {} is not of this county, {}. Enter the collective in the "
                               "book of its county.",
                               collective.division(), county),
                   fmt::format("区划 {} 不属于本县（{}），请在其所属县的登记簿中登记。",
                               collective.division(), county)},
                  source::kDivisions);
}

void CheckCollective(const PartyAsked& asked, ActContext* context) {
  constexpr std::size_t kIssuerDigits = 14;
  const v1::Collective& collective = asked.party->collective();
  RequireTitle(collective.title(), asked, "collective", context);
  CheckDivision(asked, context);
  CheckCreditCode(collective.credit_code(), FieldOf(asked, "collective.credit_code"), context);
  const std::string& code = collective.issuer_code();
  const std::string field = FieldOf(asked, "collective.issuer_code");
  if (code.empty()) return;
  if (law::IsDigits(code, kIssuerDigits))
    return CheckCodeIsFree(code, field, asked.number, context);
  context->Refuse(
      Reason::ISSUER_CODE_MALFORMED, field,
      {fmt::format("\"{}\" came; an issuing party's code has {} digits.", code, kIssuerDigits),
       fmt::format("收到“{}”，发包方编码应为 {} 位数字。", code, kIssuerDigits)},
      source::kContractCodes);
}

void CheckOrganisation(const PartyAsked& asked, ActContext* context) {
  const v1::Organisation& organisation = asked.party->organisation();
  RequireTitle(organisation.title(), asked, "organisation", context);
  CheckCreditCode(organisation.credit_code(), FieldOf(asked, "organisation.credit_code"), context);
  CheckContractorCode({organisation.contractor_code(),
                       FieldOf(asked, "organisation.contractor_code"), context->book().code()},
                      asked.number, context);
  if (organisation.organisation_kind() != v1::ORGANISATION_KIND_UNSPECIFIED) return;
  context->Refuse(Reason::FIELD_UNSPECIFIED, FieldOf(asked, "organisation.organisation_kind"),
                  {"What the organisation is to the law is not said. State its kind.",
                   "未写明组织类型，请填写 organisation_kind。"});
}

void CheckAuthority(const PartyAsked& asked, ActContext* context) {
  const v1::Authority& authority = asked.party->authority();
  RequireTitle(authority.title(), asked, "authority", context);
  CheckCreditCode(authority.credit_code(), FieldOf(asked, "authority.credit_code"), context);
}

// --- The record ----------------------------------------------------------------------------------

// Members and a collective are a household's: they are not dropped in silence for another party.
void CheckNoHouseholdFields(const PartyAsked& asked, ActContext* context) {
  if (asked.collective == nullptr && asked.members->empty()) return;
  context->Refuse(Reason::FIELD_OF_ANOTHER_KIND,
                  asked.collective != nullptr ? "collective" : "members",
                  {"The act names a collective or members, but the party is no household. Leave "
                   "them out.",
                   "该主体不是农户，请勿填写 collective 或 members。"});
}

// The person who heads a collective's body, by number; only a collective has one.
void TakeRepresentative(const PartyAsked& asked, v1::Party* record, ActContext* context) {
  if (record->collective().representative() != 0) {
    context->Refuse(Reason::FIELD_OUTPUT_ONLY, FieldOf(asked, "collective.representative"),
                    {"The collective names its representative by number. Name the person by the "
                     "act's own field representative.",
                     "请勿填写编号，应以本行为的 representative 字段指明负责人。"});
  }
  if (asked.representative == nullptr) return;
  const auto person = context->Load<v1::Party>(*asked.representative, "representative");
  if (!person) return;
  if (!record->has_collective() || !person->record.has_person()) {
    return context->Refuse(
        Reason::FIELD_OF_ANOTHER_KIND, "representative",
        {"A representative is a natural person who heads a collective's body. Leave the field out, "
         "or name a person.",
         "负责人须为农民集体的负责自然人，请删去该字段或改为自然人。"});
  }
  record->mutable_collective()->set_representative(person->number);
}

// The party's record as the journal keeps it, without private values; what is wrong is refused.
v1::Party TakeParty(const PartyAsked& asked, ActContext* context) {
  v1::Party record = *asked.party;
  record.clear_name();
  record.clear_number();
  record.clear_etag();
  record.clear_recorded_at();
  TakeRepresentative(asked, &record, context);
  if (record.has_household()) {
    TakeHousehold(asked, record.mutable_household(), context);
    return record;
  }
  CheckNoHouseholdFields(asked, context);
  switch (record.kind_case()) {
    case v1::Party::kPerson:
      CheckPerson(asked, context);
      CheckContractorCode({asked.party->person().contractor_code(),
                           FieldOf(asked, "person.contractor_code"), context->book().code()},
                          asked.number, context);
      record.mutable_person()->clear_private_();
      record.mutable_person()->clear_commitments();
      record.mutable_person()->clear_private_version();
      record.mutable_person()->clear_erased();
      break;
    case v1::Party::kCollective:
      CheckCollective(asked, context);
      break;
    case v1::Party::kOrganisation:
      CheckOrganisation(asked, context);
      break;
    case v1::Party::kAuthority:
      CheckAuthority(asked, context);
      break;
    default:
      context->Refuse(Reason::PARTY_KIND_REQUIRED, asked.field,
                      {"What the party is is not said. Set person, household, collective, "
                       "organisation or authority.",
                       "未写明主体类型，请填写自然人、农户、农民集体、组织或机关之一。"});
  }
  return record;
}

// Seals the private fields as a version of the party; false, and refused, when there is no
// randomness to seal them with.
bool SealPrivate(const v1::PersonPrivate& values, const PrivateVersion& version, v1::Party* record,
                 ActContext* context) {
  LANDBOOK_CHECK(context->facts().vault != nullptr);
  const auto sealed = context->facts().vault->Seal(context->overlay(), version, values);
  if (!sealed.ok()) {
    context->refusals().push_back(common::RefusalFromEngine(sealed.status()));
    return false;
  }
  v1::Person& person = *record->mutable_person();
  person.set_private_version(version.version);
  for (const v1::FieldCommitment& commitment : *sealed) *person.add_commitments() = commitment;
  return true;
}

void RequirePrivate(const v1::Party& party, ActContext* context) {
  if (!party.has_person() || party.person().has_private_()) return;
  context->Refuse(
      Reason::FIELD_REQUIRED, "party.person.private.full_name",
      {"The person came without a name. State the full name.", "缺少姓名，请填写 full_name。"});
}

// What only other acts change of a household: where it comes from, its claim to a homestead, and
// the ground of a standing that stays as it is.
void KeepHousehold(const v1::Household& before, v1::Household* household) {
  *household->mutable_made_from() = before.made_from();
  *household->mutable_made_into() = before.made_into();
  household->set_eligibility(before.eligibility());
  household->set_eligibility_since(before.eligibility_since());
  for (v1::HouseholdMember& member : *household->mutable_members()) {
    for (const v1::HouseholdMember& was : before.members()) {
      if (was.person() != member.person() || was.standing() != member.standing()) continue;
      member.set_since_date(was.since_date());
      member.set_ground(was.ground());
    }
  }
}

const v1::HouseholdMember* FindMember(const v1::Household& household, std::uint64_t person) {
  const auto& members = household.members();
  const auto found =
      std::find_if(members.begin(), members.end(),
                   [&](const v1::HouseholdMember& member) { return member.person() == person; });
  return found == members.end() ? nullptr : &*found;
}

void RefuseByRule(std::string_view rule, Reason reason, Sentence sentence, ActContext* context) {
  context->Refuse(reason, "members", std::move(sentence),
                  std::string(law::RuleNamed(rule)->source));
  context->refusals().back().set_rule(std::string(rule));
}

// How people stand to their collective changes by ChangeMembership, which law asks for its ground
// and its resolution (D-08, D-09): in an open book an amendment leaves everybody's standing as it
// is. A correction puts right what was copied wrongly.
void CheckStandingsStay(const v1::Household& before, const v1::Household& after,
                        ActContext* context) {
  const bool open = context->book().state() == v1::BOOK_STATE_OPEN;
  if (!open || context->record().correction() || context->facts().from_import) return;
  const bool kept = std::all_of(before.members().begin(), before.members().end(),
                                [&](const v1::HouseholdMember& was) {
                                  const auto* is = FindMember(after, was.person());
                                  return is != nullptr && is->standing() == was.standing();
                                });
  if (!kept) {
    RefuseByRule("D-09", Reason::GROUND_NOT_STATUTORY,
                 {"An amendment takes nobody from a household and changes nobody's standing. Enter "
                  "a change of membership, with its ground.",
                  "变更农户信息不得删去成员或者改变成员身份，请以成员身份变更办理，并写明事由。"},
                 context);
  }
  const bool joined = std::any_of(
      after.members().begin(), after.members().end(),
      [&](const v1::HouseholdMember& is) { return FindMember(before, is.person()) == nullptr; });
  if (!joined) return;
  RefuseByRule("D-08", Reason::RESOLUTION_MISSING,
               {"An amendment brings nobody into a household. Enter a change of membership, with "
                "the resolution that confirms it.",
                "变更农户信息不得增加成员，请以成员身份变更办理，并附确认成员的决议。"},
               context);
}

// A party stays of its kind, and what was erased or has ended stays so.
void CheckAmendment(const v1::Party& before, const v1::Party& becomes, ActContext* context) {
  if (before.kind_case() != becomes.kind_case()) {
    context->Refuse(Reason::PARTY_KIND_CHANGED, "becomes",
                    {"A party cannot become one of another kind. Register the other one.",
                     "主体不能变更为另一类型，请另行登记。"});
  }
  if (before.household().ended()) {
    CheckStands(v1::RECORD_STATE_ENDED, "party", {"household", "农户"}, context);
  }
  if (before.person().erased() && becomes.person().has_private_()) {
    context->Refuse(Reason::PARTY_ERASED, "becomes.person.private",
                    {"The private fields of this party were erased for good. Register the person "
                     "anew.",
                     "该主体的个人信息已永久删除，请重新登记主体。"},
                    source::kErasure);
  }
}

bool AmendPrivate(const Loaded<v1::Party>& before, const v1::Party& becomes, v1::Party* record,
                  ActContext* context) {
  const v1::Person& person = before.record.person();
  if (becomes.person().has_private_()) {
    return SealPrivate(becomes.person().private_(), {before.number, person.private_version() + 1},
                       record, context);
  }
  *record->mutable_person()->mutable_commitments() = person.commitments();
  record->mutable_person()->set_private_version(person.private_version());
  record->mutable_person()->set_erased(person.erased());
  return true;
}

}  // namespace

void CheckContractorCode(const ContractorCode& asked, std::uint64_t owner, ActContext* context) {
  constexpr std::size_t kDigits = 18;
  if (asked.code.empty()) return;
  if (law::IsDigits(asked.code, kDigits) && asked.code.starts_with(asked.begin)) {
    return CheckCodeIsFree(asked.code, asked.field, owner, context);
  }
  context->Refuse(Reason::CONTRACTOR_CODE_MALFORMED, asked.field,
                  {fmt::format("\"{}\" came; a contractor's code has {} digits and begins with {}.",
                               asked.code, kDigits, asked.begin),
                   fmt::format("收到“{}”，承包方编码应为 {} 位数字，且以 {} 开头。", asked.code,
                               kDigits, asked.begin)},
                  source::kContractCodes);
}

const std::string& BeginOfHouseholdCodes(const v1::Party& collective, const ActContext& context) {
  const std::string& issuer = collective.collective().issuer_code();
  return issuer.empty() ? context.book().code() : issuer;
}

void Decide(const v1::RegisterParty& act, ActContext* context) {
  const std::size_t before = context->refusal_count();
  RequirePrivate(act.party(), context);
  v1::Party record =
      TakeParty({.party = &act.party(),
                 .field = "party",
                 .collective = act.has_collective() ? &act.collective() : nullptr,
                 .members = &act.members(),
                 .representative = act.has_representative() ? &act.representative() : nullptr,
                 .number = 0},
                context);
  if (context->refusal_count() != before) return;
  if (record.has_household() && !MayPut(before, context)) return;
  if (record.has_person() &&
      !SealPrivate(act.party().person().private_(), {context->NextNumber(v1::RECORD_KIND_PARTY), 1},
                   &record, context)) {
    return;
  }
  context->Create(record);
}

void Decide(const v1::AmendParty& act, ActContext* context) {
  const std::size_t before = context->refusal_count();
  const auto party = context->LoadToChange<v1::Party>(act.party(), act.etag(), "party");
  if (!party) return;
  CheckAmendment(party->record, act.becomes(), context);
  v1::Party record =
      TakeParty({.party = &act.becomes(),
                 .field = "becomes",
                 .collective = act.has_collective() ? &act.collective() : nullptr,
                 .members = &act.members(),
                 .representative = act.has_representative() ? &act.representative() : nullptr,
                 .number = party->number},
                context);
  if (context->refusal_count() != before) return;
  if (record.has_household()) {
    KeepHousehold(party->record.household(), record.mutable_household());
    if (!context->form_only()) {
      CheckStandingsStay(party->record.household(), record.household(), context);
    }
    if (context->refusal_count() != before) return;
  }
  if (record.has_person() && !AmendPrivate(*party, act.becomes(), &record, context)) return;
  if (record.SerializeAsString() == party->record.SerializeAsString()) {
    return context->Refuse(
        Reason::NOTHING_CHANGES, "becomes",
        {"The party is as the act would have it already.", "主体信息与登记簿一致，没有变更。"});
  }
  context->Put(party->number, record);
}

}  // namespace landbook::registry
