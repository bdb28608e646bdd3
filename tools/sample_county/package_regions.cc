#include "tools/sample_county/package_regions.h"

#include <functional>

#include "fmt/format.h"
#include "geo/area.h"

namespace landbook::sample_county {
namespace {

using geo::LayerGeometry;
using geo::Value;
using geo::Vertex;

using RowWriter = std::function<absl::Status(geo::LayerWriter&)>;

// Opens a layer, lets `rows` write it, and closes it.
absl::Status WriteLayer(const PackagePlace& place, std::string_view name, LayerGeometry geometry,
                        std::string_view fields, const RowWriter& rows) {
  absl::StatusOr<Writer> writer = OpenLayer(place, name, geometry, fields);
  if (!writer.ok()) return writer.status();
  absl::Status status = rows(**writer);
  return status.ok() ? (*writer)->Close() : status;
}

// One region: its cells, code and name.
struct Region {
  Cells cells;
  std::string code;
  std::string name;
};

absl::Status WriteRegionLayer(const Layout& layout, const PackagePlace& place,
                              std::string_view table, std::string_view feature_code,
                              const std::vector<Region>& regions) {
  const bool county = table == "XJXZQ";
  const std::string fields =
      fmt::format("BSM I10;YSDM C6;{0}DM C{1};{0}MC C100", county ? "XZQ" : table,
                  regions.empty() ? 14 : regions.front().code.size());
  return WriteLayer(place, table, LayerGeometry::kPolygon, fields, [&](geo::LayerWriter& writer) {
    absl::Status status;
    std::int64_t number = 0;
    for (const Region& region : regions) {
      const std::vector<Value> values = {++number, std::string(feature_code), region.code,
                                         region.name};
      status.Update(
          writer.AddPolygon(RingInMetres(RingOf(layout.GroupLattice(), region.cells)), values));
    }
    return status;
  });
}

std::string VillageName(std::int64_t village) { return fmt::format("第{}村", village + 1); }

std::vector<Region> Townships(const Layout& layout) {
  std::vector<Region> regions;
  for (int township = 0; township < layout.townships(); ++township) {
    regions.push_back(
        {{0, township * kGroupsPerVillage, layout.village_columns(), kGroupsPerVillage},
         layout.TownshipCode(township),
         fmt::format("第{}镇", township + 1)});
  }
  return regions;
}

std::vector<Region> Villages(const Layout& layout) {
  std::vector<Region> regions;
  for (std::int64_t village = 0; village < layout.villages(); ++village) {
    regions.push_back(
        {layout.VillageCells(village), layout.VillageCode(village), VillageName(village)});
  }
  return regions;
}

std::vector<Region> Groups(const Layout& layout) {
  std::vector<Region> regions;
  for (std::int64_t group = 0; group < layout.villages() * kGroupsPerVillage; ++group) {
    regions.push_back({layout.GroupCells(group), layout.GroupCode(group),
                       fmt::format("{}{}组", VillageName(group / kGroupsPerVillage),
                                   group % kGroupsPerVillage + 1)});
  }
  return regions;
}

// The highest kind of border that a side of the group lattice is (JXLX): county, township, village
// or group. Rows part groups, every eighth row villages and townships; columns part villages.
std::string BorderKind(const Layout& layout, bool east, int column, int row) {
  const int rows = layout.townships() * kGroupsPerVillage;
  const bool county =
      east ? row == 0 || row == rows : column == 0 || column == layout.village_columns();
  if (county) return "650200";
  if (!east) return "670500";
  return row % kGroupsPerVillage == 0 ? "660200" : "670901";
}

absl::Status AddBorder(const Layout& layout, geo::LayerWriter& writer, const Cells& corner,
                       std::int64_t number) {
  const bool east = corner.columns == 1;
  const Lattice lattice = layout.GroupLattice();
  const std::vector<Vertex> side = east ? SideEastOf(lattice, corner.column, corner.row)
                                        : SideNorthOf(lattice, corner.column, corner.row);
  std::vector<geo::RawVertex> line;
  for (const Vertex v : side) line.push_back(InMetres(v));
  const std::vector<Value> values = {number, "161051",
                                     BorderKind(layout, east, corner.column, corner.row), "600001"};
  return writer.AddLine(line, values);
}

absl::Status WriteBorders(const Layout& layout, const PackagePlace& place) {
  const auto rows_of = [&](geo::LayerWriter& writer) {
    const int rows = layout.townships() * kGroupsPerVillage;
    absl::Status status;
    std::int64_t number = 0;
    for (int column = 0; column <= layout.village_columns(); ++column) {
      for (int row = 0; row <= rows; ++row) {
        if (column < layout.village_columns()) {
          status.Update(AddBorder(layout, writer, {column, row, 1, 0}, ++number));
        }
        if (row < rows) status.Update(AddBorder(layout, writer, {column, row, 0, 1}, ++number));
      }
    }
    return status;
  };
  return WriteLayer(place, "QYJX", LayerGeometry::kLine, "BSM I10;YSDM C6;JXLX C6;JXXZ C6",
                    rows_of);
}

// One control point a village, at its south-western corner.
absl::Status WriteControlPoints(const Layout& layout, const PackagePlace& place) {
  constexpr const char* kFields =
      "BSM I10;YSDM C6;KZDMC C50;KZDDH C10;KZDLX C6;KZDDJ C20;BSLX C1;BZLX C1;KZDZT C100;DZJ C254;"
      "X2000 F12.3;Y2000 F12.3;X80 F12.3;Y80 F12.3";
  return WriteLayer(place, "KZD", LayerGeometry::kPoint, kFields, [&](geo::LayerWriter& writer) {
    absl::Status status;
    for (std::int64_t village = 0; village < layout.villages(); ++village) {
      const Cells cells = layout.VillageCells(village);
      const geo::RawVertex at = InMetres(CornerOf(layout.GroupLattice(), cells.column, cells.row));
      const std::string number = fmt::format("K{}", village + 1);
      const std::vector<Value> values = {village + 1,
                                         "111000",
                                         VillageName(village),
                                         number,
                                         "110302",
                                         "E",
                                         "2",
                                         "2",
                                         std::monostate(),
                                         fmt::format("其他资料\\点之记\\{}.jpg", number),
                                         at.y,
                                         at.x,
                                         std::monostate(),
                                         std::monostate()};
      status.Update(writer.AddPoint(at, values));
    }
    return status;
  });
}

absl::Status WriteBasicFarmland(const Layout& layout, const PackagePlace& place) {
  constexpr const char* kFields = "BSM I10;YSDM C6;BHQBH C13;JBNTMJ F15.2;JBNTMJM F15.2";
  const auto rows = [&](geo::LayerWriter& writer) {
    absl::Status status;
    for (std::int64_t half = 0; half < 2 * layout.clean_groups(); ++half) {
      const geo::Box box = layout.BasicFarmland(half / 2, static_cast<int>(half % 2));
      const std::vector<Vertex> ring = {{box.min_x, box.max_y},
                                        {box.max_x, box.max_y},
                                        {box.max_x, box.min_y},
                                        {box.min_x, box.min_y}};
      const std::int64_t area = geo::HundredthsM2FromDoubled(-geo::DoubledSignedArea(ring));
      const std::vector<Value> values = {
          half + 1, "251100", fmt::format("{}{:07}", layout.options().county_code, half + 1),
          AreaM2(area), AreaMu(area)};
      status.Update(writer.AddPolygon(RingInMetres(ring), values));
    }
    return status;
  };
  return WriteLayer(place, "JBNTBHQ", LayerGeometry::kPolygon, kFields, rows);
}

// A kind of parcel: its feature code, feature layer and what KTT_ZDJBXX says of it.
struct ParcelKind {
  const char* feature;  // ZDTZM
  const char* use;      // YT: GB/T 21010-2017
  const char* right;    // QLLX
};

// One parcel: the group it lies in, its place among the village's parcels of its kind, both from 0.
struct Parcel {
  std::int64_t group = 0;
  int serial = 0;
  std::vector<Vertex> ring;
};

// Adds the parcel as the layer's row `number`.
absl::Status AddParcel(const Layout& layout, const ParcelKind& kind, const Parcel& parcel,
                       std::int64_t number, geo::LayerWriter& writer) {
  const std::int64_t group = parcel.group;
  const std::int64_t village = group / kGroupsPerVillage;
  const std::string code =
      fmt::format("{}{}{:05}", layout.VillageCode(village), kind.feature, parcel.serial + 1);
  const std::int64_t area = geo::HundredthsM2FromDoubled(-geo::DoubledSignedArea(parcel.ring));
  const std::string place = fmt::format("{}{}{}组", layout.options().county_name,
                                        VillageName(village), group % kGroupsPerVillage + 1);
  const std::vector<Value> values = {number,
                                     "6001010000",
                                     code,
                                     code + "W00000000",
                                     kind.feature,
                                     place,
                                     AreaM2(area),
                                     "1",
                                     kind.use,
                                     kind.right,
                                     "203",
                                     "道路",
                                     "道路",
                                     "道路",
                                     "道路",
                                     "1",
                                     layout.options().county_code,
                                     "样例登簿人",
                                     DateText(layout.options().year, 3, 1)};
  return writer.AddPolygon(RingInMetres(parcel.ring), values);
}

// The rings of a group's parcels of one kind.
std::vector<std::vector<Vertex>> ParcelsOf(const Layout& layout, std::string_view feature,
                                           std::int64_t group) {
  std::vector<std::vector<Vertex>> rings;
  if (feature == "JA") rings.push_back(RingOf(layout.GroupLattice(), layout.GroupCells(group)));
  const int plots = group < layout.clean_groups() ? layout.CleanPlotsOf(group) : 0;
  for (int i = 0; feature == "JB" && plots > 0 && i < kConstructionPlotsPerGroup; ++i) {
    rings.push_back(RingOf(layout.ConstructionLattice(group, i), {}));
  }
  const int households = (plots + kPlotsPerHousehold - 1) / kPlotsPerHousehold;
  for (int household = 0; feature == "JC" && household < households; ++household) {
    constexpr int kPerLattice = 2 * kHomesteadColumns;
    const int cell = household % kPerLattice;
    rings.push_back(RingOf(layout.HomesteadLattice(group, household / kPerLattice),
                           {cell % kHomesteadColumns, cell / kHomesteadColumns, 1, 1}));
  }
  return rings;
}

absl::Status WriteParcelLayer(const Layout& layout, const PackagePlace& place,
                              const ParcelKind& kind) {
  constexpr const char* kFields =
      "BSM I10;YSDM C10;ZDDM C19;BDCDYH C28;ZDTZM C2;ZL C200;ZDMJ F15.2;MJDW C2;YT C4;QLLX C2;"
      "QLXZ C4;ZDSZD C200;ZDSZN C200;ZDSZX C200;ZDSZB C200;ZT C2;QXDM C6;DBR C50;DJSJ D";
  const auto rows = [&](geo::LayerWriter& writer) {
    absl::Status status;
    std::int64_t number = 0;
    int serial = 0;
    for (std::int64_t group = 0; group < layout.villages() * kGroupsPerVillage; ++group) {
      if (group % kGroupsPerVillage == 0) serial = 0;
      for (const std::vector<Vertex>& ring : ParcelsOf(layout, kind.feature, group)) {
        status.Update(AddParcel(layout, kind, {group, serial++, ring}, ++number, writer));
      }
    }
    return status;
  };
  return WriteLayer(place, kind.feature, LayerGeometry::kPolygon, kFields, rows);
}

}  // namespace

absl::Status WriteRegions(const Layout& layout, const PackagePlace& place) {
  const Options& options = layout.options();
  const Cells whole = {0, 0, layout.village_columns(), layout.townships() * kGroupsPerVillage};
  absl::Status status = WriteRegionLayer(layout, place, "XJXZQ", "162010",
                                         {{whole, options.county_code, options.county_name}});
  status.Update(WriteRegionLayer(layout, place, "XJQY", "162020", Townships(layout)));
  status.Update(WriteRegionLayer(layout, place, "CJQY", "162030", Villages(layout)));
  status.Update(WriteRegionLayer(layout, place, "ZJQY", "162040", Groups(layout)));
  status.Update(WriteBorders(layout, place));
  status.Update(WriteControlPoints(layout, place));
  status.Update(WriteBasicFarmland(layout, place));
  return status;
}

absl::Status WriteParcels(const Layout& layout, const PackagePlace& place) {
  absl::Status status;
  for (const ParcelKind& kind :
       {ParcelKind{"JA", "", "1"}, ParcelKind{"JB", "0601", "7"}, ParcelKind{"JC", "0702", "5"}}) {
    status.Update(WriteParcelLayer(layout, place, kind));
  }
  return status;
}

}  // namespace landbook::sample_county
