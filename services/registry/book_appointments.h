// Who is appointed to what (任命), as the books say: what a caller's certificate does not say.
#ifndef LANDBOOK_SERVICES_REGISTRY_BOOK_APPOINTMENTS_H_
#define LANDBOOK_SERVICES_REGISTRY_BOOK_APPOINTMENTS_H_

#include <optional>
#include <string_view>

#include "landbook/v1/common.pb.h"
#include "services/common/identity.h"
#include "services/registry/book.h"
#include "services/registry/bookshelf.h"

namespace landbook::registry {

// Whether an appointment holds on a civil date, YYYY-MM-DD: its first and last day included.
bool HoldsOn(const v1::Appointment& appointment, std::string_view day);

// Whether the book holds a standing appointment of the actor to its role on the civil day:
// NOT_APPOINTED, or what the engine fails with.
std::optional<v1::Refusal> CheckAppointed(const Book& book, const v1::Actor& actor);

// The party whose records the actor may see as its own: what its appointment names in that role.
// NOT_APPOINTED when no appointment that holds today names one.
common::Outcome<std::uint64_t> OwnPartyOf(const Book& book, const v1::Actor& actor);

// The appointments of all books of a server, each for its own county, read as they stand at each
// call. A county without a book appoints nobody, and nothing of it can be asked.
class BookAppointments final : public common::Appointments {
 public:
  // REQUIRES: `shelf` outlives the object.
  explicit BookAppointments(const Bookshelf* shelf) : shelf_(shelf) {}
  std::optional<v1::Refusal> Check(const v1::Actor& actor, std::string_view county) const override;

 private:
  const Bookshelf* shelf_;
};

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_BOOK_APPOINTMENTS_H_
