// What a case applies for (登记申请): its form, and its acts decided as if they were registered
// now.
#ifndef LANDBOOK_SERVICES_REGISTRY_CASE_APPLICATION_H_
#define LANDBOOK_SERVICES_REGISTRY_CASE_APPLICATION_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "landbook/v1/act.pb.h"
#include "landbook/v1/case.pb.h"
#include "services/registry/act_context.h"

namespace landbook::registry {

// Whom and what an application is about, as numbers of the book.
struct ApplicationParties {
  std::vector<v1::Applicant> applicants;
  std::vector<std::uint64_t> units;
  // The rights of the book that its acts name; those that they create are not there yet.
  std::vector<std::uint64_t> rights;
};

// Reads the application of the act under way by its form. nullopt when it refused: applicants and
// units that are not there or named twice, no act, an act that no case holds, a private value.
std::optional<ApplicationParties> ReadApplication(const v1::Application& application,
                                                  ActContext* context);

// Decides the application's acts, with all law about them, over what the commit has left so far,
// and drops what they change. What stands in the way is refused, each with its place in the
// application; what only time still has to cure is not (AcceptCase).
void DecideApplication(const v1::Application& application, ActContext* context);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_CASE_APPLICATION_H_
