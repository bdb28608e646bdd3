// Fuzzes the door: any bytes that parse as a commit are either let pass or refused by name.
#include <cstddef>
#include <cstdint>

#include "landbook/v1/registry_service.pb.h"
#include "services/common/door.h"
#include "storage/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  landbook::v1::CommitRequest request;
  if (!request.ParseFromArray(data, static_cast<int>(size))) return 0;
  const landbook::common::RefusalList refusals = landbook::common::CheckRequest(request);
  LANDBOOK_CHECK(refusals.size() <= landbook::common::kDoorRefusalsMax);
  for (const landbook::v1::Refusal& refusal : refusals) LANDBOOK_CHECK(!refusal.field().empty());
  return 0;
}
