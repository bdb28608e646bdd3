#include "services/registry/control_reads.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "google/protobuf/util/time_util.h"
#include "services/common/control_rules.h"
#include "services/registry/act_context.h"
#include "services/registry/book_reader.h"
#include "services/registry/boundary_spelling.h"
#include "services/registry/control_layers.h"
#include "services/registry/list_page.h"
#include "services/registry/read_point.h"

namespace landbook::registry {
namespace {

using common::CallContext;
using common::Outcome;
using common::Reason;

// Records of a kind by number, and the entries they hold from.
template <typename Record>
std::vector<std::optional<Record>> ReadAll(BookReader* reader,
                                           const std::vector<std::uint64_t>& numbers,
                                           std::vector<std::uint64_t>* from) {
  std::vector<TableKey> keys;
  for (const std::uint64_t number : numbers) keys.push_back(RecordKey(kKindOf<Record>, number));
  std::vector<std::optional<Record>> records;
  for (const auto& version : reader->tables().Get(keys)) {
    records.emplace_back();
    from->push_back(version ? version->from : 0);
    if (!version) continue;
    if (records.back().emplace().ParseFromString(version->value)) {
      records.back()->set_number(numbers[records.size() - 1]);
    } else {
      reader->tables().Fail(absl::DataLossError("a record of a control layer cannot be read"));
    }
  }
  return records;
}

// Makes versions ready to be sent.
class Dresser {
 public:
  Dresser(BookReader* reader, std::vector<std::uint64_t> in_force)
      : reader_(reader), in_force_(std::move(in_force)) {}

  std::vector<std::optional<v1::ControlLayer>> Find(
      const std::vector<std::uint64_t>& numbers) const {
    std::vector<std::uint64_t> from;
    auto layers = ReadAll<v1::ControlLayer>(reader_, numbers, &from);
    for (std::size_t i = 0; i < layers.size(); ++i) {
      if (layers[i]) Dress(from[i], &*layers[i]);
    }
    return layers;
  }

 private:
  void Dress(std::uint64_t from, v1::ControlLayer* layer) const {
    layer->set_name(
        fmt::format("counties/{}/controlLayers/{}", reader_->source().county, layer->number()));
    layer->set_in_force(std::find(in_force_.begin(), in_force_.end(), layer->number()) !=
                        in_force_.end());
    if (const auto micros = reader_->RecordedMicros(from)) {
      *layer->mutable_recorded_at() =
          google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(*micros);
    }
  }

  BookReader* reader_;
  std::vector<std::uint64_t> in_force_;
};

}  // namespace

Outcome<v1::ListControlLayersResponse> ListControlLayers(
    const Book& book, const CallContext& call, const v1::ListControlLayersRequest& request) {
  if (!request.layer().empty() && common::ControlRuleOf(request.layer()) == nullptr) {
    return common::Refuse(Reason::CONTROL_LAYER_UNKNOWN, "layer",
                          {fmt::format("There is no control layer \"{}\".", request.layer()),
                           fmt::format("没有管控图层“{}”。", request.layer())},
                          "docs/control-layers.md");
  }
  auto paging = ReadPaging(request);
  if (!paging.ok()) return std::move(paging.refusals());
  auto reader = OpenReader(book, call, request.read(), *paging);
  if (!reader.ok()) return std::move(reader.refusals());
  JudgeExpiry(book, request.read(), &*reader);
  const EngineView view(&book.engine());
  const VersionReader state(&view, book.number(), reader->as_of());
  const Dresser dresser(
      &*reader, LayersInForce(state, request.day().empty() ? reader->day() : request.day()));
  if (!view.status().ok()) return common::RefusalFromEngine(view.status());
  auto page = FillPage<v1::ControlLayer>(
      *reader, *paging,
      [&](const NumberRange& range) {
        return reader->Numbers(v1::RECORD_KIND_CONTROL_LAYER, range);
      },
      [&](const std::vector<std::uint64_t>& numbers) { return dresser.Find(numbers); },
      [&](const v1::ControlLayer& layer) {
        return request.layer().empty() || layer.layer() == request.layer();
      });
  return ListAnswer<v1::ListControlLayersResponse>(
      *reader, request, std::move(page),
      [](v1::ListControlLayersResponse& response) { return response.mutable_layers(); });
}

Outcome<v1::ListControlShapesResponse> ListControlShapes(
    const Book& book, const CallContext& call, const v1::ListControlShapesRequest& request) {
  auto paging = ReadPaging(request);
  if (!paging.ok()) return std::move(paging.refusals());
  auto reader = OpenReader(book, call, request.read(), *paging);
  if (!reader.ok()) return std::move(reader.refusals());
  if (!reader->tables().Get(RecordKey(v1::RECORD_KIND_CONTROL_LAYER, request.layer()))) {
    if (!reader->status().ok()) return common::RefusalFromEngine(reader->status());
    return NotFound(*reader, "layer",
                    {fmt::format("control layer {}", request.layer()),
                     fmt::format("管控图层 {}", request.layer())});
  }
  auto page = FillPage<v1::ControlShape>(
      *reader, *paging,
      [&](const NumberRange& range) {
        return reader->Linked(Table::kShapesOfLayer, request.layer(), range);
      },
      [&](const std::vector<std::uint64_t>& numbers) {
        std::vector<std::uint64_t> from;
        return ReadAll<v1::ControlShape>(&*reader, numbers, &from);
      },
      [](const v1::ControlShape&) { return true; });
  for (v1::ControlShape& shape : page.records) {
    const std::string compact = std::exchange(*shape.mutable_compact(), {});
    if (request.boundary_format() == v1::BOUNDARY_FORMAT_NONE) continue;
    const auto spelled =
        SpellBoundary(compact, request.boundary_format(), book.epsg(), shape.mutable_boundary());
    if (!spelled.ok()) return common::RefusalFromEngine(spelled);
  }
  return ListAnswer<v1::ListControlShapesResponse>(
      *reader, request, std::move(page),
      [](v1::ListControlShapesResponse& response) { return response.mutable_shapes(); });
}

}  // namespace landbook::registry
