#include "services/registry/trial_offset.h"

#include <string>
#include <utility>

#include "services/registry/keys.h"
#include "storage/bytes.h"

namespace landbook::registry {
namespace {

std::string OffsetKey() { return SpacePrefix(kServerBook, Space::kTrialOffset); }

}  // namespace

absl::StatusOr<std::optional<std::int64_t>> ReadTrialOffset(const storage::Engine& engine) {
  const auto stored = storage::ReadOne(engine, OffsetKey());
  if (!stored.ok()) return stored.status();
  if (!*stored) return std::nullopt;
  storage::ByteReader reader(**stored);
  const std::int64_t offset = reader.ReadI64();
  if (!reader.FinishedOk()) return absl::DataLossError("the trial clock's offset cannot be read");
  return std::optional<std::int64_t>(offset);
}

absl::Status WriteTrialOffset(storage::Engine& engine, std::int64_t offset_micros) {
  std::string bytes;
  storage::AppendI64(bytes, offset_micros);
  storage::WriteBatch batch;
  batch.Put(OffsetKey(), std::move(bytes));
  return engine.Write(batch, storage::kUnfenced, storage::Durability::kDurable);
}

}  // namespace landbook::registry
