// Appointments (任命): who may do what in this county, as acts of the book. A name has at most one
// appointment to a role that has not ended; appointing again changes its days.
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "services/common/civil_date.h"
#include "services/registry/acts.h"
#include "services/registry/form.h"
#include "services/registry/record_codes.h"
#include "storage/bytes.h"

namespace landbook::registry {
namespace {

std::vector<Loaded<v1::Appointment>> AllAppointments(const ActContext& context) {
  constexpr std::size_t kNumberBytes = 8;
  std::vector<Loaded<v1::Appointment>> all;
  context.state().Scan(TableKey(Table::kAppointment), [&](std::string_view key, std::uint64_t from,
                                                          std::string_view value) {
    Loaded<v1::Appointment> loaded;
    loaded.number = storage::ByteReader(key.substr(key.size() - kNumberBytes)).ReadU64();
    loaded.from = from;
    if (loaded.record.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
      all.push_back(std::move(loaded));
    }
    return true;
  });
  return all;
}

// The appointment that the act is about; nullopt when the name does not have the role.
std::optional<Loaded<v1::Appointment>> FindAppointment(const v1::AppointOfficer& act,
                                                       const ActContext& context) {
  for (auto& appointment : AllAppointments(context)) {
    const bool same = appointment.record.principal() == act.principal() &&
                      appointment.record.role() == act.role();
    if (same && !appointment.record.ended()) return std::move(appointment);
  }
  return std::nullopt;
}

bool IsAdministratorOn(const v1::Appointment& appointment, const std::string& day) {
  // Civil dates of one form are ordered as their texts.
  return appointment.role() == v1::ROLE_ADMINISTRATOR && !appointment.ended() &&
         appointment.from_date() <= day &&
         (appointment.until_date().empty() || day <= appointment.until_date());
}

// A county whose last administrator went could never be put right again.
void CheckAdministratorStays(const std::optional<Loaded<v1::Appointment>>& before,
                             const v1::Appointment& after, ActContext* context) {
  if (!before || !IsAdministratorOn(before->record, context->day())) return;
  if (IsAdministratorOn(after, context->day())) return;
  for (const auto& other : AllAppointments(*context)) {
    if (other.number != before->number && IsAdministratorOn(other.record, context->day())) return;
  }
  context->Refuse(
      Reason::LAST_ADMINISTRATOR, "principal",
      {fmt::format("{} is the county's last administrator. Appoint another one first.",
                   after.principal()),
       fmt::format("{} 是本县最后一名系统管理员，请先任命另一名。", after.principal())});
}

void CheckDate(const std::string& text, std::string_view field, ActContext* context) {
  if (common::ParseCivilDate(text)) return;
  context->Refuse(Reason::DATE_MALFORMED, field,
                  {fmt::format("\"{}\" came where a date as YYYY-MM-DD is wanted.", text),
                   fmt::format("收到“{}”，应为 YYYY-MM-DD 形式的日期。", text)});
}

void CheckDates(const v1::AppointOfficer& act, ActContext* context) {
  CheckDate(act.from_date(), "from_date", context);
  if (act.until_date().empty()) return;
  CheckDate(act.until_date(), "until_date", context);
  if (act.from_date() <= act.until_date()) return;
  context->Refuse(
      Reason::APPOINTMENT_DATES_BACKWARD, "until_date",
      {fmt::format("The appointment ends on {}, before it begins on {}.", act.until_date(),
                   act.from_date()),
       fmt::format("任命的终止日 {} 早于起始日 {}。", act.until_date(), act.from_date())});
}

void CheckNamed(const v1::AppointOfficer& act, ActContext* context) {
  if (act.principal().empty()) {
    context->Refuse(Reason::FIELD_REQUIRED, "principal",
                    {"The appointment names nobody. State the principal.",
                     "未写明被任命人，请填写 principal。"});
  }
  CheckKeyText(act.principal(), "principal", context);
  if (act.role() != v1::ROLE_UNSPECIFIED) return;
  context->Refuse(Reason::FIELD_UNSPECIFIED, "role",
                  {"The role is not said. State it.", "未写明角色，请填写 role。"});
}

void CheckEnds(const v1::AppointOfficer& act, bool found, ActContext* context) {
  if (!act.ended() || found) return;
  context->Refuse(Reason::RECORD_NOT_FOUND, "principal",
                  {fmt::format("{} has no standing appointment to this role that could be ended.",
                               act.principal()),
                   fmt::format("{} 没有可终止的该角色任命。", act.principal())});
}

// Whom a principal is, for roles that see what is their own (options.proto, own_roles).
std::uint64_t TakeParty(const v1::AppointOfficer& act, ActContext* context) {
  if (!act.has_party()) return 0;
  switch (act.role()) {
    case v1::ROLE_CITIZEN:
      if (const auto person = TakePartyOf({v1::Party::kPerson}, act.party(), "party", context)) {
        return person->number;
      }
      return 0;
    case v1::ROLE_BANK:
    case v1::ROLE_TRADING_CENTRE:
      if (const auto body =
              TakePartyOf({v1::Party::kOrganisation}, act.party(), "party", context)) {
        return body->number;
      }
      return 0;
    default:
      RefuseOutOfPlace("party", context);
      return 0;
  }
}

v1::Appointment MakeAppointment(const v1::AppointOfficer& act) {
  v1::Appointment appointment;
  appointment.set_principal(act.principal());
  appointment.set_role(act.role());
  appointment.set_from_date(act.from_date());
  appointment.set_until_date(act.until_date());
  appointment.set_ended(act.ended());
  return appointment;
}

}  // namespace

void Decide(const v1::AppointOfficer& act, ActContext* context) {
  const std::size_t before = context->refusal_count();
  CheckNamed(act, context);
  CheckDates(act, context);
  const auto standing = FindAppointment(act, *context);
  CheckEnds(act, standing.has_value(), context);
  v1::Appointment appointment = MakeAppointment(act);
  appointment.set_party(TakeParty(act, context));
  CheckAdministratorStays(standing, appointment, context);
  if (context->refusal_count() != before) return;
  if (!standing) {
    context->Create(appointment);
    return;
  }
  if (appointment.SerializeAsString() == standing->record.SerializeAsString()) {
    return context->Refuse(Reason::NOTHING_CHANGES, "",
                           {fmt::format("{} has this appointment already.", act.principal()),
                            fmt::format("{} 已有相同任命。", act.principal())});
  }
  context->Put(standing->number, appointment);
}

}  // namespace landbook::registry
