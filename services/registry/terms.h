// Terms of rights (期限) as acts state them; what law says of one is in services/law/term.h.
#ifndef LANDBOOK_SERVICES_REGISTRY_TERMS_H_
#define LANDBOOK_SERVICES_REGISTRY_TERMS_H_

#include <optional>
#include <string_view>

#include "landbook/v1/common.pb.h"
#include "services/law/term.h"
#include "services/registry/act_context.h"

namespace landbook::registry {

// The term when it can be read; otherwise nullopt, refused with what is wrong: TERM_REQUIRED,
// DATE_MALFORMED or TERM_BACKWARD.
std::optional<law::TermSpan> TakeTerm(const v1::Term& term, std::string_view field,
                                      ActContext* context);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_TERMS_H_
