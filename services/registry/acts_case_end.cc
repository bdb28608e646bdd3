// How a case ends (登簿、不予登记、撤回、视为撤回), and what follows (送达、归档).
#include <algorithm>
#include <set>
#include <string>

#include "fmt/format.h"
#include "services/registry/act_law.h"
#include "services/registry/acts.h"
#include "services/registry/acts_certificate.h"
#include "services/registry/case_steps.h"
#include "services/registry/form.h"
#include "services/registry/standing.h"

namespace landbook::registry {
namespace {

// How a case ends without registration.
struct Ending {
  v1::CaseState state;
  std::string_view cause;  // of its cautions
};

void End(const Ending& ending, Loaded<v1::Case>* the_case, ActContext* context) {
  v1::Case& record = the_case->record;
  record.set_state(ending.state);
  record.set_ended_date(context->day());
  EndStops(*context, &record);
  context->Put(the_case->number, record);
  EndCautionsOf(record, ending.cause, context);
}

// The rights that the commit's acts entered or changed, with those that the case named.
void TakeRightsRegistered(v1::Case* the_case, ActContext* context) {
  std::set<std::uint64_t> rights(the_case->rights().begin(), the_case->rights().end());
  for (const v1::ActRecord& record : context->records()) {
    for (const v1::Effect& effect : record.effects()) {
      if (effect.kind() == v1::RECORD_KIND_RIGHT) rights.insert(effect.number());
    }
  }
  the_case->clear_rights();
  the_case->mutable_rights()->Add(rights.begin(), rights.end());
}

}  // namespace

void Decide(const v1::RegisterCase& act, ActContext* context) {
  const std::size_t before = context->refusal_count();
  auto the_case = TakeCase(act.case_(), act.etag(), context);
  if (!the_case || !MayPut(before, context)) return;
  v1::Case& record = the_case->record;
  record.set_state(v1::CASE_STATE_REGISTERED);
  record.set_registered_date(context->day());
  record.set_registered_by(context->facts().actor.principal());
  record.set_registered_sequence(context->facts().sequence);
  TakeRightsRegistered(&record, context);
  context->record().set_ground(act.opinion());
  context->Put(the_case->number, record);
  EndCautionsOf(record, "registered", context);
}

void Decide(const v1::RefuseCase& act, ActContext* context) {
  const std::size_t before = context->refusal_count();
  auto the_case = TakeCase(act.case_(), act.etag(), context);
  CheckNotEmpty(act.grounds_size(), "grounds", context);
  if (!the_case || !MayPut(before, context)) return;
  *the_case->record.mutable_ended_grounds() = act.grounds();
  the_case->record.set_ended_document(act.document_number());
  End({v1::CASE_STATE_REFUSED, "refused"}, &*the_case, context);
}

void Decide(const v1::RetractCase& act, ActContext* context) {
  const std::size_t before = context->refusal_count();
  auto the_case = TakeCase(act.case_(), act.etag(), context);
  CheckNotEmpty(act.applicants_size(), "applicants", context);
  for (int i = 0; i < act.applicants_size(); ++i) {
    context->Resolve(act.applicants(i), v1::RECORD_KIND_PARTY, fmt::format("applicants[{}]", i));
  }
  if (!the_case || !MayPut(before, context)) return;
  the_case->record.set_ended_document(act.document_number());
  End({v1::CASE_STATE_RETRACTED, "retracted"}, &*the_case, context);
}

void Decide(const v1::LapseCase& act, ActContext* context) {
  const std::size_t before = context->refusal_count();
  auto the_case = TakeCase(act.case_(), act.etag(), context);
  if (!the_case || !MayPut(before, context)) return;
  End({v1::CASE_STATE_LAPSED, "lapsed"}, &*the_case, context);
}

// --- Delivery.

namespace {

bool WasDelivered(std::uint64_t certificate, const v1::Case& the_case) {
  return std::any_of(
      the_case.deliveries().begin(), the_case.deliveries().end(),
      [&](const v1::Delivery& delivery) { return delivery.certificate() == certificate; });
}

bool IsAbout(const v1::Case& the_case, std::uint64_t right) {
  const auto& rights = the_case.rights();
  return std::find(rights.begin(), rights.end(), right) != rights.end();
}

// A certificate of a right that the case registered, or of a mortgage on one.
bool IsOf(const v1::Certificate& certificate, const v1::Case& the_case) {
  if (!certificate.has_mortgage()) return IsAbout(the_case, certificate.right().number());
  const auto& rights = certificate.mortgage().rights();
  return std::any_of(rights.begin(), rights.end(),
                     [&](std::uint64_t right) { return IsAbout(the_case, right); });
}

// Whether the party is the holder, or a person of the household that is.
bool IsHolderOrMember(std::uint64_t party, std::uint64_t holder, const ActContext& context) {
  if (party == holder) return true;
  const auto loaded = context.Find<v1::Party>(holder);
  if (!loaded) return false;
  const auto& members = loaded->record.household().members();
  return std::any_of(members.begin(), members.end(),
                     [&](const v1::HouseholdMember& member) { return member.person() == party; });
}

bool MayTake(std::uint64_t party, const v1::Certificate& certificate, const v1::Case& the_case,
             const ActContext& context) {
  const auto& applicants = the_case.applicants();
  if (std::any_of(applicants.begin(), applicants.end(),
                  [&](const v1::Applicant& applicant) { return applicant.agent() == party; })) {
    return true;
  }
  if (certificate.has_mortgage()) return party == certificate.mortgage().mortgagee();
  const auto& holders = certificate.right().holders();
  return std::any_of(holders.begin(), holders.end(), [&](const v1::Holder& holder) {
    return IsHolderOrMember(party, holder.party(), context);
  });
}

void CheckCertificate(const Loaded<v1::Certificate>& certificate, const v1::Case& the_case,
                      ActContext* context) {
  if (!CheckStands(certificate.record.state(), "certificate", {"certificate", "证书"}, context)) {
    return;
  }
  if (!IsOf(certificate.record, the_case)) {
    return context->Refuse(Reason::FIELD_OF_ANOTHER_KIND, "certificate",
                           {"The certificate states nothing that this case registered.",
                            "该证书所载权利不是本案件登记的。"});
  }
  if (!WasDelivered(certificate.number, the_case)) return;
  context->Refuse(Reason::VALUE_TWICE, "certificate",
                  {"The certificate was delivered already.", "该证书已经送达。"});
}

void CheckTaker(std::uint64_t party, const v1::Certificate& certificate, const v1::Case& the_case,
                ActContext* context) {
  if (MayTake(party, certificate, the_case, *context)) return;
  context->Refuse(Reason::CASE_APPLICANTS, "taken_by",
                  {"A certificate is handed to its holder, to a member of the household that holds "
                   "it, or to an agent of the case.",
                   "证书须由权利人、权利人家庭成员或者本案代理人领取。"});
}

void CheckPostalNumber(const v1::DeliverCertificate& act, ActContext* context) {
  const bool by_post = act.manner() == v1::DELIVERY_MANNER_POST;
  if (by_post == !act.postal_number().empty()) return;
  if (!by_post) return RefuseOutOfPlace("postal_number", context);
  context->Refuse(Reason::FIELD_REQUIRED, "postal_number",
                  {"A delivery by post has the number of the postal item. State it.",
                   "邮寄送达须填写邮件编号。"});
}

}  // namespace

void Decide(const v1::DeliverCertificate& act, ActContext* context) {
  const std::size_t before = context->refusal_count();
  auto the_case = TakeCase(act.case_(), act.etag(), context);
  const auto certificate = context->Load<v1::Certificate>(act.certificate(), "certificate");
  const auto taken_by = context->Resolve(act.taken_by(), v1::RECORD_KIND_PARTY, "taken_by");
  CheckPostalNumber(act, context);
  CheckHasCome(act.date(), "date", context);
  if (!the_case || !certificate || !taken_by) return;
  CheckCertificate(*certificate, the_case->record, context);
  CheckTaker(*taken_by, certificate->record, the_case->record, context);
  if (!MayPut(before, context)) return;
  v1::Delivery& delivery = *the_case->record.add_deliveries();
  delivery.set_certificate(certificate->number);
  delivery.set_manner(act.manner());
  delivery.set_taken_by(*taken_by);
  delivery.set_date(act.date());
  delivery.set_postal_number(act.postal_number());
  context->Put(the_case->number, the_case->record);
}

// --- Archive.

namespace {

// The entry by which a case registered the right last, up to `sequence`; 0 for none.
std::uint64_t LastRegistrationOf(std::uint64_t right, std::uint64_t sequence,
                                 const ActContext& context) {
  const auto loaded = context.Find<v1::Right>(right);
  if (!loaded) return 0;
  std::uint64_t last = 0;
  for (const std::uint64_t number : context.Linked(Table::kCasesOfUnit, loaded->record.unit())) {
    const auto other = context.Find<v1::Case>(number);
    if (!other || !IsAbout(other->record, right)) continue;
    const std::uint64_t registered = other->record.registered_sequence();
    if (registered <= sequence) last = std::max(last, registered);
  }
  return last;
}

// What was issued for the case since its registration has reached somebody before its papers lie.
// What was issued after a later case registered the right is that one's to deliver.
void CheckDelivered(const v1::Case& the_case, ActContext* context) {
  for (const std::uint64_t right : the_case.rights()) {
    for (const auto& certificate : StandingCertificates(v1::RECORD_KIND_RIGHT, right, *context)) {
      const bool of_case =
          LastRegistrationOf(right, certificate.from, *context) == the_case.registered_sequence();
      if (!of_case || WasDelivered(certificate.number, the_case)) continue;
      context->Refuse(
          Reason::CASE_INCOMPLETE, "case",
          {fmt::format("Certificate {} was issued and has not been delivered.",
                       certificate.record.certificate_number()),
           fmt::format("证书 {} 已经核发，尚未送达。", certificate.record.certificate_number())});
    }
  }
}

}  // namespace

void Decide(const v1::ArchiveCase& act, ActContext* context) {
  const std::size_t before = context->refusal_count();
  auto the_case = TakeCase(act.case_(), act.etag(), context);
  if (!the_case) return;
  if (the_case->record.state() == v1::CASE_STATE_REGISTERED) {
    CheckDelivered(the_case->record, context);
  }
  if (!MayPut(before, context)) return;
  v1::ArchiveMark& archive = *the_case->record.mutable_archive();
  archive.set_file_number(act.file_number());
  archive.set_pieces(act.pieces());
  archive.set_pages(act.pages());
  archive.set_date(context->day());
  the_case->record.set_state(v1::CASE_STATE_ARCHIVED);
  context->Put(the_case->number, the_case->record);
}

}  // namespace landbook::registry
