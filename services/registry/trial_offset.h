// How far a trial clock is ahead, kept so that books under it go on after a restart where they were.
#ifndef LANDBOOK_SERVICES_REGISTRY_TRIAL_OFFSET_H_
#define LANDBOOK_SERVICES_REGISTRY_TRIAL_OFFSET_H_

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/engine.h"

namespace landbook::registry {

// The offset in microseconds; nullopt when no trial clock was ever moved on here.
absl::StatusOr<std::optional<std::int64_t>> ReadTrialOffset(const storage::Engine& engine);
// Keeps it, durably.
absl::Status WriteTrialOffset(storage::Engine& engine, std::int64_t offset_micros);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_TRIAL_OFFSET_H_
