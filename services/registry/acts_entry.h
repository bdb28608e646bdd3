// How rights and mortgages come into the book: by an act of their own, or carried over from an
// older register.
#ifndef LANDBOOK_SERVICES_REGISTRY_ACTS_ENTRY_H_
#define LANDBOOK_SERVICES_REGISTRY_ACTS_ENTRY_H_

#include <string>
#include <string_view>

#include "landbook/v1/act.pb.h"
#include "landbook/v1/right.pb.h"
#include "services/registry/act_context.h"

namespace landbook::registry {

// When a record was legally registered, and where it comes from.
struct Entry {
  std::string registered_date;
  v1::Origin origin;  // empty for what begins in this book
};

// What begins in this book, on the commit's day.
Entry EntryOfToday(const ActContext& context);

// Decides a right or a mortgage of either origin. While the context says that the act is carried
// over, breaches of substance are kept with the right and do not refuse it.
void EnterRight(const v1::GrantRight& act, const Entry& entry, ActContext* context);
void EnterMortgage(const v1::RegisterMortgage& act, const Entry& entry, ActContext* context);
// Decides what only an older register brings: a contract by itself, and a certificate with the
// number and the day that it has there.
void EnterContract(const v1::NewContract& act, const Entry& entry, ActContext* context);
void EnterCertificate(const v1::CarriedCertificate& act, const Entry& entry, ActContext* context);

// The part of an act inside another (Correct, CarryOver): the paths of refusals that are added
// while this object lives are completed by the name of the inner field when it goes.
class InnerField {
 public:
  // REQUIRES: `context` outlives the object.
  InnerField(std::string_view name, ActContext* context)
      : name_(name), context_(context), before_(context->refusal_count()) {}
  InnerField(const InnerField&) = delete;
  InnerField& operator=(const InnerField&) = delete;
  ~InnerField();

 private:
  std::string name_;
  ActContext* context_;
  std::size_t before_;
};

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_ACTS_ENTRY_H_
