// Where everything of a sample county lies, and what it is called.
//
// The county is a lattice of villagers' groups. Eight groups, one above the other, are a village; a
// row of villages is a township. In a group's land, from south to north:
//
//   a band of 18 places of 320 m by 100 m with roads between them: 16 blocks of 32 fields, and in
//   the middle the homesteads and the group's construction plots; above it, the long plots, two and
//   two between ditches.
//
// Groups with planted faults come last and have 144 slots of 80 m by 50 m in place of the blocks.
#ifndef LANDBOOK_TOOLS_SAMPLE_COUNTY_LAYOUT_H_
#define LANDBOOK_TOOLS_SAMPLE_COUNTY_LAYOUT_H_

#include <cstdint>
#include <string>

#include "geo/boundary.h"
#include "tools/sample_county/lattice.h"
#include "tools/sample_county/options.h"

namespace landbook::sample_county {

inline constexpr int kPlotsPerGroup = 512;
inline constexpr int kGroupsPerVillage = 8;
inline constexpr int kPlotsPerHousehold = 5;
inline constexpr int kFaultSlotsPerGroup = 144;
inline constexpr int kConstructionPlotsPerGroup = 2;

class Layout {
 public:
  // REQUIRES: CheckOptions(options) is OK.
  explicit Layout(const Options& options);

  const Options& options() const { return options_; }

  // Groups without and with planted faults; the latter follow the former.
  std::int64_t clean_groups() const { return clean_groups_; }
  std::int64_t groups() const { return clean_groups_ + fault_groups_; }
  // The plots without faults, and how many of them are in a group and how many of those are long.
  std::int64_t clean_plots() const { return clean_plots_; }
  int CleanPlotsOf(std::int64_t group) const;
  int LongPlotsOf(std::int64_t group) const;

  // Townships are rows of village_columns() villages; every township has all of them.
  int townships() const { return townships_; }
  int village_columns() const { return village_columns_; }
  std::int64_t villages() const { return std::int64_t{townships_} * village_columns_; }

  // Codes of NY/T 2539: township 9 digits, village 12, group 14 (the issuing party's), plot 19.
  std::string TownshipCode(int township) const;
  std::string VillageCode(std::int64_t village) const;
  std::string GroupCode(std::int64_t group) const;
  std::string PlotCode(std::int64_t group, int index) const;

  // The lattice of the groups' lands, whose cells are the groups; and a group's or village's cells.
  Lattice GroupLattice() const;
  Cells GroupCells(std::int64_t group) const;
  Cells VillageCells(std::int64_t village) const;
  // The lower left corner of a group's land before it is moved.
  geo::Vertex GroupOrigin(std::int64_t group) const;

  // The lattice that holds the field `field` (counted among the group's fields), and its cell.
  Lattice FieldLattice(std::int64_t group, int block) const;
  // The lattice of the long plots 2 * pair and 2 * pair + 1.
  Lattice LongLattice(std::int64_t group, int pair) const;
  // The lattice of 40 homesteads; and the one of one construction plot.
  Lattice HomesteadLattice(std::int64_t group, int row) const;
  Lattice ConstructionLattice(std::int64_t group, int index) const;
  // The lower left corner of a fault's slot.
  geo::Vertex FaultSlot(std::int64_t group, int slot) const;
  // The two areas of permanent basic farmland of a group, west and east of the settlement.
  geo::Box BasicFarmland(std::int64_t group, int half) const;

 private:
  Lattice Base(std::int64_t group, int part) const;

  Options options_;
  std::int64_t clean_plots_ = 0;
  std::int64_t clean_groups_ = 0;
  std::int64_t fault_groups_ = 0;
  int village_columns_ = 1;
  int townships_ = 1;
  std::int64_t group_height_steps_ = 0;
};

// A field's place in its group: block of 32, and the cell in it.
inline constexpr int kFieldColumns = 8;
inline constexpr int kFieldRows = 4;
inline constexpr int kFieldsPerBlock = kFieldColumns * kFieldRows;
inline constexpr int kHomesteadColumns = 20;

// Of a block's fields, the pairs that have a side in common, and those that have a side or only a
// corner in common: what a check compares.
inline constexpr int kSidePairsPerBlock =
    (kFieldColumns - 1) * kFieldRows + kFieldColumns * (kFieldRows - 1);
inline constexpr int kPairsPerBlock =
    kSidePairsPerBlock + 2 * (kFieldColumns - 1) * (kFieldRows - 1);
// The most pairs of 1,000 that can overlap in a sliver: all that have a side in common.
inline constexpr int kSliverPerMilleMax = 1'000 * kSidePairsPerBlock / kPairsPerBlock;

// The easting of the plane's false origin: 500 km, with the zone's number before it where the plane
// is one of EPSG 4513 to 4533.
std::int64_t FalseEastingMetres(int epsg);

// How many plots each fault takes: two for what happens between two.
int PlotsOfFault(std::string_view rule);

}  // namespace landbook::sample_county

#endif  // LANDBOOK_TOOLS_SAMPLE_COUNTY_LAYOUT_H_
