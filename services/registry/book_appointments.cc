#include "services/registry/book_appointments.h"

#include <cstdint>
#include <string>
#include <vector>

#include "services/registry/control_layers.h"
#include "services/registry/keys.h"
#include "services/registry/versions.h"
#include "storage/bytes.h"

namespace landbook::registry {

using common::Outcome;
// Civil dates of one form are ordered as their texts.
bool HoldsOn(const v1::Appointment& appointment, std::string_view day) {
  return !appointment.ended() && appointment.from_date() <= day &&
         (appointment.until_date().empty() || day <= appointment.until_date());
}

namespace {

// The first appointment of the actor, in its role and standing today, that is wanted.
template <typename Wanted>
Outcome<v1::Appointment> FindAppointment(const Book& book, const v1::Actor& actor, Wanted wanted) {
  const EngineView view(&book.engine());
  const VersionReader tables(&view, book.number());
  const TableKey prefix = TableKey(Table::kAppointmentsOf).Text(actor.principal());
  std::vector<std::uint64_t> numbers;
  tables.Scan(prefix, [&](std::string_view key, std::uint64_t, std::string_view) {
    numbers.push_back(storage::ByteReader(key.substr(prefix.bytes().size())).ReadU64());
    return true;
  });
  const std::string day = TodayOf(book);
  for (const std::uint64_t number : numbers) {
    const auto bytes = tables.Value(RecordKey(v1::RECORD_KIND_APPOINTMENT, number));
    v1::Appointment appointment;
    if (!bytes || !appointment.ParseFromString(*bytes)) continue;
    const bool holds = appointment.role() == actor.role() && HoldsOn(appointment, day);
    if (holds && wanted(appointment)) return appointment;
  }
  if (!view.status().ok()) return common::RefusalFromEngine(view.status());
  return common::NotAppointed(actor, book.code());
}

}  // namespace

std::optional<v1::Refusal> CheckAppointed(const Book& book, const v1::Actor& actor) {
  auto found = FindAppointment(book, actor, [](const v1::Appointment&) { return true; });
  if (found.ok()) return std::nullopt;
  return std::move(found.refusals().front());
}

Outcome<std::uint64_t> OwnPartyOf(const Book& book, const v1::Actor& actor) {
  auto found = FindAppointment(
      book, actor, [](const v1::Appointment& appointment) { return appointment.party() != 0; });
  if (!found.ok()) return std::move(found.refusals());
  return found->party();
}

std::optional<v1::Refusal> BookAppointments::Check(const v1::Actor& actor,
                                                   std::string_view county) const {
  const auto book = shelf_->Find(county);
  if (!book.ok()) return common::NotAppointed(actor, county);
  return CheckAppointed(**book, actor);
}

}  // namespace landbook::registry
