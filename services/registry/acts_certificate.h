// Certificates end with what they state.
#ifndef LANDBOOK_SERVICES_REGISTRY_ACTS_CERTIFICATE_H_
#define LANDBOOK_SERVICES_REGISTRY_ACTS_CERTIFICATE_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "landbook/v1/journal.pb.h"
#include "landbook/v1/right.pb.h"
#include "services/registry/act_context.h"

namespace landbook::registry {

// The numbers of the certificates of a right or a mortgage, ended ones among them, ascending.
// REQUIRES: one of those kinds.
std::vector<std::uint64_t> CertificatesOf(v1::RecordKind kind, std::uint64_t number,
                                          const ActContext& context);

// Those of them that stand.
std::vector<Loaded<v1::Certificate>> StandingCertificates(v1::RecordKind kind, std::uint64_t number,
                                                          const ActContext& context);

// Ends them, because what they state has changed: whoever proves one against a newer head is told
// that it ended. `cause` is the word that the change left ("transferred"). An act that changes a
// right or a mortgage calls this; no act of its own is needed.
void EndCertificates(v1::RecordKind kind, std::uint64_t number, std::string_view cause,
                     ActContext* context);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_ACTS_CERTIFICATE_H_
