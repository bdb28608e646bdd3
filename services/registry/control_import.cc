#include "services/registry/control_import.h"

#include <algorithm>
#include <chrono>
#include <future>
#include <memory>
#include <thread>
#include <utility>

#include "fmt/format.h"
#include "geo/compact.h"
#include "services/common/control_rules.h"
#include "services/common/finding_wire.h"
#include "services/registry/layer_ground.h"
#include "services/registry/request_hash.h"
#include "storage/bytes.h"
#include "storage/check.h"

namespace landbook::registry {
namespace {

using common::Reason;

constexpr std::size_t kRowsPerRead = 500;
constexpr std::chrono::milliseconds kBusyPause{50};
constexpr std::size_t kRequestDigits = 32;

bool IsError(const v1::Finding& finding) { return finding.severity() == v1::SEVERITY_ERROR; }

v1::ControlShape ShapeOf(const StagedRow& row, bool unsound) {
  v1::ControlShape shape = common::ControlShapeFrom(row.ToWire());
  shape.set_unsound(unsound);
  shape.set_compact(unsound ? geo::EncodeCompact(common::BoundaryOfBox(row.box()))
                            : std::string(row.compact()));
  return shape;
}

std::string Text(const absl::Status& status) {
  return std::string(status.message().data(), status.message().size());
}

}  // namespace

ControlImport::ControlImport(Parts parts) : parts_(std::move(parts)) {
  parts_.actor.add_via("import");
}

absl::StatusOr<PieceVerdict> ControlImport::CheckPiece(std::vector<StagedRow> rows) const {
  PieceVerdict verdict;
  for (StagedRow& row : rows) {
    const geo::Boundary boundary = StoredBoundaryOf(row.compact());
    std::vector<geo::Finding> delivered;
    for (const v1::Finding& finding : row.rest().findings()) {
      const auto told = common::FindingFromWire(finding, 0);
      LANDBOOK_CHECK(told.has_value());  // the door of the import let it through
      delivered.push_back(*told);
    }
    const auto& extent = parts_.book->plane_extent();
    PassedRow accepted;
    for (const geo::Finding& finding :
         common::ShapeFindings(boundary, delivered, extent ? &*extent : nullptr)) {
      accepted.warnings.push_back(common::FindingToWire(
          finding, {.subject = {std::string(row.code()), row.row()}, .other = {}}));
      verdict.findings.push_back(accepted.warnings.back());
    }
    const bool rejected = std::any_of(accepted.warnings.begin(), accepted.warnings.end(), IsError);
    verdict.rejected += rejected ? 1 : 0;
    verdict.boxes_kept += rejected ? 1 : 0;
    accepted.staged = std::move(row);
    verdict.accepted.push_back(std::move(accepted));
  }
  return verdict;
}

absl::Status ControlImport::ForEachShape(
    const std::function<absl::Status(v1::ControlShape shape)>& visit) const {
  std::optional<storage::KeyRange> remaining = storage::KeyRange();
  while (remaining && !parts_.progress->cancelled()) {
    const auto page = parts_.staging->ReadAccepted(*remaining, kRowsPerRead);
    if (!page.ok()) return page.status();
    std::vector<std::string> keys;
    for (const AcceptedRow& row : page->rows) keys.push_back(row.row_key);
    const auto rows = parts_.staging->ReadRows(keys);
    if (!rows.ok()) return rows.status();
    for (std::size_t i = 0; i < rows->size(); ++i) {
      const auto& warnings = page->rows[i].warnings;
      const bool unsound = std::any_of(warnings.begin(), warnings.end(), IsError);
      if (const auto visited = visit(ShapeOf((*rows)[i], unsound)); !visited.ok()) return visited;
    }
    remaining.reset();
    if (!page->remaining.empty()) remaining = page->remaining.front();
  }
  return absl::OkStatus();
}

absl::Status ControlImport::TakeDigest() {
  const storage::Suite& suite = parts_.book->suite();
  return ForEachShape([&](v1::ControlShape shape) {
    shape.clear_row();  // the order of the rows has no part in it
    digest_ += CanonicalBytes(shape);
    const storage::Hash hash = suite.HashOf(digest_);
    digest_ = storage::BytesOf(hash);
    ++shapes_;
    return absl::OkStatus();
  });
}

std::optional<v1::ControlLayer> ControlImport::FindVersion() const {
  const EngineView view(&parts_.book->engine());
  const VersionReader state(&view, parts_.book->number(),
                            parts_.book->writer().position().sequence);
  const v1::ControlSource& source = parts_.request->control();
  std::optional<v1::ControlLayer> found;
  state.Scan(TableKey(Table::kControlLayer),
             [&](std::string_view key, std::uint64_t, std::string_view value) {
               v1::ControlLayer layer;
               LANDBOOK_CHECK(layer.ParseFromArray(value.data(), static_cast<int>(value.size())));
               layer.set_number(storage::ByteReader(key.substr(1)).ReadU64());
               const bool same = layer.layer() == source.layer() &&
                                 layer.effective_date() == source.effective_date() &&
                                 layer.document_number() == source.document_number() &&
                                 layer.digest() == digest_;
               if (same) found = std::move(layer);
               return !same;
             });
  return found;
}

std::string ControlImport::Send(v1::Commit commit, std::uint32_t shapes) {
  Book& book = *parts_.book;
  // The same shapes make the same request, so that what is sent again after its answer was lost is
  // not entered twice.
  const storage::Hash hash = book.suite().HashOf(CanonicalBytes(commit));
  commit.set_request_id("control-" + storage::HexOf(hash).substr(0, kRequestDigits));
  commit.set_document_number(parts_.request->control().document_number());
  while (true) {
    ProposedCommit proposed;
    proposed.commit = commit;
    proposed.actor = parts_.actor;
    proposed.request_hash = RequestHash(book.suite(), book.keys().secrets().request, commit);
    proposed.from_import = true;
    auto promise = std::make_shared<std::promise<common::Outcome<v1::CommitResponse>>>();
    auto answer = promise->get_future();
    book.writer().Submit(std::move(proposed), BookWriter::Lane::kImport,
                         [promise](common::Outcome<v1::CommitResponse> outcome) {
                           promise->set_value(std::move(outcome));
                         });
    const auto outcome = answer.get();
    if (outcome.ok()) {
      parts_.progress->CountCommitted(shapes, outcome->sequence());
      return {};
    }
    const v1::Refusal& refusal = outcome.refusals().front();
    if (refusal.number() != static_cast<std::uint32_t>(Reason::WRITER_BUSY)) {
      return refusal.message_en();
    }
    std::this_thread::sleep_for(kBusyPause);
  }
}

std::string ControlImport::Begin() {
  v1::Commit commit;
  v1::BeginControlLayer& begin = *commit.add_acts()->mutable_begin_control_layer();
  *begin.mutable_source() = parts_.request->control();
  begin.set_source_name(parts_.request->source());
  begin.set_digest(digest_);
  return Send(std::move(commit), 0);
}

// Sends what the commit holds; the first act is the one that adds shapes.
std::string ControlImport::Flush(v1::Commit* commit) {
  if (commit->acts().empty()) return {};
  const auto shapes =
      static_cast<std::uint32_t>(commit->acts(0).add_control_shapes().shapes_size());
  return Send(std::exchange(*commit, v1::Commit()), shapes);
}

std::string ControlImport::AddShapes(std::uint32_t skipped) {
  v1::Commit commit;
  std::size_t bytes = 0;
  std::string failure;
  const auto added = ForEachShape([&](v1::ControlShape shape) -> absl::Status {
    if (skipped > 0) {
      --skipped;
      return absl::OkStatus();
    }
    if (commit.acts().empty()) {
      commit.add_acts()->mutable_add_control_shapes()->set_layer(layer_);
      bytes = 0;
    }
    auto& act = *commit.mutable_acts(0)->mutable_add_control_shapes();
    bytes += shape.ByteSizeLong();
    *act.add_shapes() = std::move(shape);
    if (static_cast<std::size_t>(act.shapes_size()) < kShapesMax && bytes < kBytesMax) {
      return absl::OkStatus();
    }
    failure = Flush(&commit);
    return failure.empty() ? absl::OkStatus() : absl::AbortedError(failure);
  });
  if (!failure.empty()) return failure;
  if (!added.ok()) return Text(added);
  return parts_.progress->cancelled() ? std::string() : Flush(&commit);
}

std::string ControlImport::Complete() {
  v1::Commit commit;
  v1::CompleteControlLayer& complete = *commit.add_acts()->mutable_complete_control_layer();
  complete.set_layer(layer_);
  complete.set_shapes(shapes_);
  const v1::Import import = parts_.progress->ToWire();
  complete.set_rows_left_out(import.read() - shapes_);
  return Send(std::move(commit), 0);
}

std::string ControlImport::Commit() {
  if (const auto taken = TakeDigest(); !taken.ok()) return Text(taken);
  if (parts_.progress->cancelled()) return {};
  if (parts_.progress->ToWire().accepted() == 0) {
    return "no row of the source can be a shape of the layer, so it makes no version";
  }
  auto version = FindVersion();
  if (!version) {
    if (std::string failure = Begin(); !failure.empty()) return failure;
    version = FindVersion();
    if (!version) return "the version that was begun is not in the book";
  }
  layer_ = version->number();
  parts_.progress->SetControlLayer(layer_);
  if (version->state() == v1::CONTROL_LAYER_STATE_WHOLE) {
    parts_.progress->SetAllUnchanged();
    return {};
  }
  std::string failure = AddShapes(version->shapes());
  if (!failure.empty() || parts_.progress->cancelled()) return failure;
  return Complete();
}

}  // namespace landbook::registry
