#include "storage/memory_engine.h"

#include "storage/engine_conformance_testing.h"
#include "storage/engine_model_testing.h"

namespace landbook::storage {
namespace {

struct MemoryStore {
  Engine& Get() { return engine; }
  void Reopen() {}
  MemoryEngine engine;
};

INSTANTIATE_TYPED_TEST_SUITE_P(Memory, EngineConformance, MemoryStore);
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, EngineModel, MemoryStore);

TEST(MemoryEngine, RefusesACheckpointForItKeepsNothingOnDisk) {
  EXPECT_EQ(MemoryEngine().Checkpoint("anywhere").code(), absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace landbook::storage
