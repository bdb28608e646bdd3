// The import of a control layer: rows become shapes, and shapes a new version of the layer.
//
// Only B101 to B104 apply to shapes. A row that has one of them is rejected, and yet the ground is
// not taken for free: the version keeps its box, and a plot that meets it gets a warning.
#ifndef LANDBOOK_SERVICES_REGISTRY_CONTROL_IMPORT_H_
#define LANDBOOK_SERVICES_REGISTRY_CONTROL_IMPORT_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "landbook/v1/control.pb.h"
#include "landbook/v1/registry_service.pb.h"
#include "services/registry/book.h"
#include "services/registry/import_check.h"
#include "services/registry/import_progress.h"
#include "services/registry/import_staging.h"

namespace landbook::registry {

class ControlImport {
 public:
  // The most shapes and bytes of boundaries and attributes of one commit, so that a clerk never
  // waits long behind one.
  static constexpr std::size_t kShapesMax = 2'000;
  static constexpr std::size_t kBytesMax = 2u << 20;

  // All pointers are borrowed. `actor` is who the import is for.
  struct Parts {
    Book* book = nullptr;
    const v1::CreateImportRequest* request = nullptr;
    ImportStaging* staging = nullptr;
    ImportProgress* progress = nullptr;
    v1::Actor actor;
  };
  explicit ControlImport(Parts parts);

  // Checks some rows by B101 to B104. Rejected ones are accepted into staging too, with the error
  // among their findings, for the sake of their boxes. Any thread.
  absl::StatusOr<PieceVerdict> CheckPiece(std::vector<StagedRow> rows) const;

  // Makes the version of what was checked, in order, and completes it. The same delivery sent again
  // goes on where it ended, and when it is whole changes nothing. Gives why it could not go on,
  // empty when it could or was cancelled: a version that is not complete is never in force.
  std::string Commit();

 private:
  absl::Status ForEachShape(const std::function<absl::Status(v1::ControlShape shape)>& visit) const;
  // The hash over all shapes in their order, and how many there are of them.
  absl::Status TakeDigest();
  // The version of this very delivery; nullopt when the book has none.
  std::optional<v1::ControlLayer> FindVersion() const;
  std::string Begin();
  std::string AddShapes(std::uint32_t skipped);
  std::string Flush(v1::Commit* commit);
  std::string Complete();
  std::string Send(v1::Commit commit, std::uint32_t shapes);

  Parts parts_;
  std::string digest_;
  std::uint32_t shapes_ = 0;
  std::uint64_t layer_ = 0;
};

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_CONTROL_IMPORT_H_
