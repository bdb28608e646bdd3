#include "services/registry/control_layers.h"

#include <map>
#include <set>
#include <utility>

#include "geo/compact.h"
#include "services/common/division.h"
#include "services/registry/layer_ground.h"
#include "services/registry/record_index.h"
#include "services/registry/window_index.h"
#include "storage/bytes.h"
#include "storage/check.h"

namespace landbook::registry {
namespace {

constexpr std::string_view kVillage = "village";

v1::ControlShape ShapeOf(const VersionReader& state, std::uint64_t number) {
  const auto bytes = state.Value(RecordKey(v1::RECORD_KIND_CONTROL_SHAPE, number));
  v1::ControlShape shape;
  // The engine may have failed (View::status), but what it gives is what the fold put.
  if (bytes) LANDBOOK_CHECK(shape.ParseFromString(*bytes));
  shape.set_number(number);
  return shape;
}

}  // namespace

std::vector<std::uint64_t> LayersInForce(const VersionReader& state, std::string_view day) {
  std::map<std::string, std::uint64_t> latest;
  state.Scan(TableKey(Table::kWholeLayers),
             [&](std::string_view key, std::uint64_t, std::string_view) {
               storage::ByteReader reader(key.substr(1));
               const std::string layer = reader.ReadOrderedText();
               const std::string from = reader.ReadOrderedText();
               const std::uint64_t number = reader.ReadU64();
               LANDBOOK_CHECK(reader.FinishedOk());
               if (from <= day) latest[layer] = number;
               return true;
             });
  std::vector<std::uint64_t> numbers;
  for (const auto& [layer, number] : latest) numbers.push_back(number);
  return numbers;
}

v1::ControlLayer ControlLayerOf(const VersionReader& state, std::uint64_t number) {
  const auto bytes = state.Value(RecordKey(v1::RECORD_KIND_CONTROL_LAYER, number));
  v1::ControlLayer layer;
  if (bytes) LANDBOOK_CHECK(layer.ParseFromString(*bytes));
  layer.set_number(number);
  return layer;
}

std::vector<std::string> NamesOf(const VersionReader& state,
                                 std::span<const std::uint64_t> layers) {
  std::vector<std::string> names;
  for (const std::uint64_t number : layers) {
    names.push_back(ControlLayerOf(state, number).layer());
  }
  return names;
}

std::string TodayOf(const Book& book) {
  const auto policy = book.writer().policy();
  return common::FormatCivilDate(policy->time_zone().DateAt(book.clock().NowMicros()));
}

// --- Gathering -----------------------------------------------------------------------------------

struct GroundGatherer::Layer {
  v1::ControlLayer record;
  std::map<std::uint64_t, std::set<std::uint32_t>> parts;  // by shape, those near
  std::set<std::uint64_t> whole;                           // shapes of which all parts are wanted
};

GroundGatherer::GroundGatherer(const VersionReader& state, std::span<const std::uint64_t> layers)
    : state_(state) {
  for (const std::uint64_t number : layers) {
    Layer layer;
    layer.record = ControlLayerOf(state, number);
    if (common::ControlRuleOf(layer.record.layer()) != nullptr) {
      layers_.push_back(std::move(layer));
    }
  }
}

GroundGatherer::~GroundGatherer() = default;

void GroundGatherer::AddWindow(const geo::Box& box) {
  for (Layer& layer : layers_) {
    if (layer.record.layer() == kVillage) continue;
    const std::string prefix = SpacePrefix(state_.book(), Space::kCurrent) +
                               TableKey(Table::kControlWindow).U64(layer.record.number()).bytes();
    for (const storage::KeyRange& range : WindowRanges(prefix, {.tier = 0, .box = box})) {
      // Lines are never replaced, and a whole layer's are all there.
      state_.view().Scan(range, [&](std::string_view key, std::string_view stored) {
        storage::ByteReader value(stored);
        (void)value.ReadVarint();  // the entry it holds from
        const auto line = DecodeWindowValue(/*size_class=*/0, value.Rest());
        LANDBOOK_CHECK(value.Ok() && line.ok());
        if (!line->box.Intersects(box)) return true;
        constexpr std::size_t kShapeAndPart = sizeof(std::uint64_t) + sizeof(std::uint32_t);
        storage::ByteReader end(key.substr(key.size() - kShapeAndPart));
        const std::uint64_t shape = end.ReadU64();
        layer.parts[shape].insert(end.ReadU32());
        return true;
      });
    }
  }
}

void GroundGatherer::AddVillage(std::string_view village) {
  if (village.size() < common::kVillageDigits) return;
  for (Layer& layer : layers_) {
    if (layer.record.layer() != kVillage) continue;
    std::string begin = TableKey(Table::kShapesOfCode).U64(layer.record.number()).bytes();
    begin.append(village.substr(0, common::kVillageDigits));
    state_.Scan(TableKey::FromBytes(begin),
                [&](std::string_view key, std::uint64_t, std::string_view) {
                  const std::string_view number = key.substr(key.size() - sizeof(std::uint64_t));
                  layer.whole.insert(storage::ByteReader(number).ReadU64());
                  return true;
                });
  }
}

common::ControlGround GroundGatherer::Finish() {
  common::ControlGround ground;
  for (const Layer& layer : layers_) {
    ground.AddLayer(layer.record);
    std::set<std::uint64_t> shapes = layer.whole;
    for (const auto& [shape, parts] : layer.parts) shapes.insert(shape);
    for (const std::uint64_t number : shapes) {
      v1::ControlShape shape = ShapeOf(state_, number);
      std::vector<geo::Boundary> parts = common::PartsOf(StoredBoundaryOf(shape.compact()));
      if (!layer.whole.contains(number)) {
        const std::set<std::uint32_t>& near = layer.parts.at(number);
        std::uint32_t part = 0;
        std::erase_if(parts, [&](const geo::Boundary&) { return !near.contains(part++); });
      }
      ground.AddShape(layer.record.layer(), shape, std::move(parts));
    }
  }
  ground.Finish();
  return ground;
}

}  // namespace landbook::registry
