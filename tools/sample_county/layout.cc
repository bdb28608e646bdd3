#include "tools/sample_county/layout.h"

#include <algorithm>

#include "fmt/format.h"
#include "tools/sample_county/hash.h"

namespace landbook::sample_county {
namespace {

using geo::Vertex;

constexpr std::int64_t kMetre = geo::kStepsPerMetre;

// Lengths in metres. Shifts of corners and sides never add up to a road's width, so that no gap
// between blocks comes near the 0.2 m of a sliver.
constexpr std::int64_t kGroupWidth = 5'900;
constexpr std::int64_t kMarginX = 16;
constexpr std::int64_t kMarginY = 10;
constexpr std::int64_t kFieldWidth = 40;
constexpr std::int64_t kFieldHeight = 25;
constexpr std::int64_t kRoad = 6;
constexpr std::int64_t kBlockWidth = kFieldColumns * kFieldWidth;
constexpr std::int64_t kBandHeight = kFieldRows * kFieldHeight;
constexpr int kHomesteadPlace = 8;
constexpr int kConstructionPlace = 9;
constexpr std::int64_t kLongWidth = 6;
constexpr std::int64_t kLongPairHeight = 2 * kLongWidth + 3;
constexpr std::int64_t kLongMin = 200;
constexpr std::int64_t kLongMax = 5'000;

// Parts of a group's land, for the seeds of their lattices.
enum Part : int {
  kFieldPart = 1'000,
  kLongPart = 2'000,
  kHomesteadPart = 4'000,
  kBuildPart = 5'000
};

std::int64_t CeilDivide(std::int64_t value, std::int64_t by) { return (value + by - 1) / by; }

int LongPlotsMax(int long_per_mille) {
  return static_cast<int>(std::min<std::int64_t>(
      kPlotsPerGroup, CeilDivide(std::int64_t{kPlotsPerGroup} * long_per_mille, 1'000) + 1));
}

std::uint64_t Unsigned(std::int64_t value) { return static_cast<std::uint64_t>(value); }

}  // namespace

std::int64_t FalseEastingMetres(int epsg) {
  constexpr int kZone25 = 4513;
  constexpr int kZone45 = 4533;
  const bool numbered = epsg >= kZone25 && epsg <= kZone45;
  return (numbered ? std::int64_t{epsg - kZone25 + 25} * 1'000'000 : 0) + 500'000;
}

int PlotsOfFault(std::string_view rule) {
  const bool pair = rule.starts_with("B2") || rule == "B402";
  return pair ? 2 : 1;
}

Layout::Layout(const Options& options) : options_(options) {
  std::int64_t fault_count = 0;
  clean_plots_ = options.plots;
  for (const auto& [rule, count] : options.faults) {
    fault_count += count;
    clean_plots_ -= std::int64_t{count} * PlotsOfFault(rule);
  }
  clean_groups_ = CeilDivide(clean_plots_, kPlotsPerGroup);
  fault_groups_ = CeilDivide(fault_count, kFaultSlotsPerGroup);
  const std::int64_t pairs = CeilDivide(LongPlotsMax(options.long_per_mille), 2);
  const std::int64_t height =
      2 * kMarginY + kBandHeight + kRoad + pairs * kLongPairHeight + kMarginY;
  group_height_steps_ = height * kMetre;
  // Columns that make the county about as wide as it is high.
  const std::int64_t villages = std::max<std::int64_t>(CeilDivide(groups(), kGroupsPerVillage), 1);
  const std::int64_t village_height = kGroupsPerVillage * height;
  while (village_columns_ < villages &&
         std::int64_t{village_columns_} * village_columns_ * kGroupWidth <
             villages * village_height) {
    ++village_columns_;
  }
  townships_ = static_cast<int>(CeilDivide(villages, village_columns_));
}

int Layout::CleanPlotsOf(std::int64_t group) const {
  const std::int64_t left = clean_plots_ - group * kPlotsPerGroup;
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, kPlotsPerGroup));
}

int Layout::LongPlotsOf(std::int64_t group) const {
  // The share holds over the county: what rounding takes from one group comes in the next.
  const std::int64_t first = group * kPlotsPerGroup;
  const std::int64_t last = first + CleanPlotsOf(group);
  return static_cast<int>(last * options_.long_per_mille / 1'000 -
                          first * options_.long_per_mille / 1'000);
}

std::string Layout::TownshipCode(int township) const {
  return fmt::format("{}{:03}", options_.county_code, 1 + township);
}

std::string Layout::VillageCode(std::int64_t village) const {
  return fmt::format("{}{:03}", TownshipCode(static_cast<int>(village / village_columns_)),
                     1 + village % village_columns_);
}

std::string Layout::GroupCode(std::int64_t group) const {
  return fmt::format("{}{:02}", VillageCode(group / kGroupsPerVillage),
                     1 + group % kGroupsPerVillage);
}

std::string Layout::PlotCode(std::int64_t group, int index) const {
  return fmt::format("{}{:05}", GroupCode(group), index + 1);
}

Cells Layout::GroupCells(std::int64_t group) const {
  const Cells village = VillageCells(group / kGroupsPerVillage);
  return {village.column, village.row + static_cast<int>(group % kGroupsPerVillage), 1, 1};
}

Cells Layout::VillageCells(std::int64_t village) const {
  return {static_cast<int>(village % village_columns_),
          static_cast<int>(village / village_columns_) * kGroupsPerVillage, 1, kGroupsPerVillage};
}

Lattice Layout::GroupLattice() const {
  Lattice lattice;
  lattice.seed = Hash({options_.seed, 0});
  lattice.origin = {(FalseEastingMetres(options_.epsg) + 40'000) * kMetre, 4'050'000 * kMetre};
  lattice.pitch_x_steps = kGroupWidth * kMetre;
  lattice.pitch_y_steps = group_height_steps_;
  lattice.side_vertices_x = 23;
  lattice.side_vertices_y = 3;
  lattice.corner_shift_steps = 4 * kMetre;
  lattice.side_shift_steps = 1 * kMetre;
  lattice.grid_steps = options_.grid_steps;
  return lattice;
}

Vertex Layout::GroupOrigin(std::int64_t group) const {
  const Cells cells = GroupCells(group);
  const Lattice lattice = GroupLattice();
  return {lattice.origin.x + cells.column * lattice.pitch_x_steps,
          lattice.origin.y + cells.row * lattice.pitch_y_steps};
}

Lattice Layout::Base(std::int64_t group, int part) const {
  Lattice lattice;
  lattice.seed = Hash({options_.seed, Unsigned(group) + 1, Unsigned(part)});
  lattice.origin = GroupOrigin(group);
  lattice.origin.x += kMarginX * kMetre;
  lattice.origin.y += kMarginY * kMetre;
  lattice.grid_steps = options_.grid_steps;
  return lattice;
}

Lattice Layout::FieldLattice(std::int64_t group, int block) const {
  Lattice lattice = Base(group, kFieldPart + block);
  const int place = block < kHomesteadPlace ? block : block + 2;
  lattice.origin.x += place * (kBlockWidth + kRoad) * kMetre;
  lattice.pitch_x_steps = kFieldWidth * kMetre;
  lattice.pitch_y_steps = kFieldHeight * kMetre;
  lattice.side_vertices_x = options_.vertices / 4 - 1;
  lattice.side_vertices_y = lattice.side_vertices_x;
  lattice.corner_shift_steps = 2 * kMetre;
  // No more than a quarter of the way to the next vertex, so that no corner becomes a spike.
  lattice.side_shift_steps =
      std::min(kMetre / 2, lattice.pitch_y_steps / (4 * (lattice.side_vertices_y + 1)));
  return lattice;
}

Lattice Layout::LongLattice(std::int64_t group, int pair) const {
  Lattice lattice = Base(group, kLongPart + pair);
  // Lengths double from 200 m on, so that short ones are as common as long ones.
  const std::int64_t least = kLongMin << Below(Hash({lattice.seed, 1}), 5);
  const std::int64_t most = std::min(kLongMax, 2 * least);
  const std::int64_t length = least + Below(Hash({lattice.seed, 2}), most - least + 1);
  const std::int64_t room = 18 * (kBlockWidth + kRoad) - kRoad - length;
  lattice.origin.x += Below(Hash({lattice.seed, 3}), room) * kMetre;
  lattice.origin.y += (kBandHeight + kRoad + kMarginY + pair * kLongPairHeight) * kMetre;
  lattice.pitch_x_steps = length * kMetre;
  lattice.pitch_y_steps = kLongWidth * kMetre;
  lattice.side_vertices_x = options_.vertices / 2 - 2;
  lattice.corner_shift_steps = kMetre * 8 / 10;
  lattice.side_shift_steps = kMetre * 4 / 10;
  return lattice;
}

Lattice Layout::HomesteadLattice(std::int64_t group, int row) const {
  constexpr std::int64_t kWidth = 15;
  constexpr std::int64_t kHeight = 13;
  constexpr std::int64_t kLane = 5;
  Lattice lattice = Base(group, kHomesteadPart + row);
  lattice.origin.x += kHomesteadPlace * (kBlockWidth + kRoad) * kMetre;
  lattice.origin.y += row * (2 * kHeight + kLane) * kMetre;
  lattice.pitch_x_steps = kWidth * kMetre;
  lattice.pitch_y_steps = kHeight * kMetre;
  lattice.side_vertices_x = 1;
  lattice.side_vertices_y = 1;
  lattice.corner_shift_steps = kMetre / 2;
  lattice.side_shift_steps = kMetre / 10;
  return lattice;
}

Lattice Layout::ConstructionLattice(std::int64_t group, int index) const {
  Lattice lattice = Base(group, kBuildPart + index);
  lattice.origin.x += (kConstructionPlace * (kBlockWidth + kRoad) + index * 160) * kMetre;
  lattice.origin.y += 20 * kMetre;
  lattice.pitch_x_steps = 120 * kMetre;
  lattice.pitch_y_steps = 60 * kMetre;
  lattice.side_vertices_x = 2;
  lattice.side_vertices_y = 1;
  lattice.corner_shift_steps = 2 * kMetre;
  lattice.side_shift_steps = kMetre / 2;
  return lattice;
}

Vertex Layout::FaultSlot(std::int64_t group, int slot) const {
  constexpr int kSlotsInRow = 72;
  const Vertex origin = GroupOrigin(group);
  return {origin.x + (kMarginX + (slot % kSlotsInRow) * 80) * kMetre,
          origin.y + (kMarginY + 2 + (slot / kSlotsInRow) * 50) * kMetre};
}

geo::Box Layout::BasicFarmland(std::int64_t group, int half) const {
  const Vertex origin = GroupOrigin(group);
  constexpr std::int64_t kHalfWidth = 8 * (kBlockWidth + kRoad) - kRoad;
  const std::int64_t place = half == 0 ? 0 : kConstructionPlace + 1;
  const std::int64_t left = origin.x + (kMarginX + place * (kBlockWidth + kRoad)) * kMetre;
  const std::int64_t bottom = origin.y + kMarginY * kMetre;
  constexpr std::int64_t kAround = 27 * kMetre / 10;  // over the shifts, within the road
  return geo::Box{left, bottom, left + kHalfWidth * kMetre, bottom + kBandHeight * kMetre}.Grown(
      kAround);
}

}  // namespace landbook::sample_county
