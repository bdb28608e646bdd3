// The book as law looks at it (services/law/state.h): the state of the commit under way, as the
// acts so far have left it.
#ifndef LANDBOOK_SERVICES_REGISTRY_LAW_STATE_H_
#define LANDBOOK_SERVICES_REGISTRY_LAW_STATE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "services/law/state.h"
#include "services/registry/act_context.h"

namespace landbook::registry {

// Reads through the context, which has to outlive it, and refuses nothing.
class LawState final : public law::State {
 public:
  explicit LawState(const ActContext& context) : context_(context) {}

  std::optional<std::string> Record(v1::RecordKind kind, std::uint64_t number) const override;
  std::vector<std::uint64_t> Linked(law::Link link, std::uint64_t from) const override;
  std::optional<std::uint64_t> Resolve(const v1::Reference& reference,
                                       v1::RecordKind kind) const override;
  std::optional<common::CivilDate> BirthDate(std::uint64_t person) const override;

  // What kept a private value from being read, other than that there is none. An answer of law that
  // was given over such a state counts for nothing.
  const absl::Status& status() const { return status_; }

 private:
  const ActContext& context_;
  mutable absl::Status status_;
};

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_LAW_STATE_H_
