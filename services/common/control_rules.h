// The rules about control layers, B301 to B306 of docs/boundary-rules.md: which of them a plot's
// use brings in, and what they find on the ground. The registry asks them of a book's layers, the
// boundary check of layers that a file brings.
#ifndef LANDBOOK_SERVICES_COMMON_CONTROL_RULES_H_
#define LANDBOOK_SERVICES_COMMON_CONTROL_RULES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "geo/boundary.h"
#include "geo/box_tree.h"
#include "geo/control_check.h"
#include "geo/finding.h"
#include "geo/tolerances.h"
#include "landbook/v1/common.pb.h"
#include "landbook/v1/control.pb.h"
#include "landbook/v1/policy.pb.h"
#include "landbook/v1/registry_service.pb.h"
#include "services/common/finding_wire.h"
#include "services/common/policy.h"

namespace landbook::common {

// The plots that a control layer's rule is about.
enum class ControlledUse : std::uint8_t { kEveryPlot, kConstruction, kCommerce };

// A control layer and the rule that looks at it.
struct ControlRule {
  std::string_view layer;     // "basic-farmland"
  std::string_view title_zh;  // 永久基本农田
  geo::Rule rule;
  ControlledUse use;
};

// All layers, by rule.
inline constexpr std::array<ControlRule, 7> kControlRules = {{
    {"village", "村界", geo::Rule::kLeavesVillage, ControlledUse::kEveryPlot},
    {"basic-farmland", "永久基本农田", geo::Rule::kOnBasicFarmland, ControlledUse::kConstruction},
    {"red-line", "生态保护红线", geo::Rule::kInsideRedLine, ControlledUse::kConstruction},
    {"spatial-plan", "国土空间规划", geo::Rule::kOutsidePlanZone, ControlledUse::kCommerce},
    {"village-plan", "村庄规划", geo::Rule::kOutsidePlanZone, ControlledUse::kCommerce},
    {"restricted", "用途受限地块", geo::Rule::kUseRestricted, ControlledUse::kEveryPlot},
    {"urban-boundary", "城镇开发边界", geo::Rule::kOutsideUrbanBoundary,
     ControlledUse::kConstruction},
}};

// The rule of that layer; null when there is no such layer.
const ControlRule* ControlRuleOf(std::string_view layer);

// What a row of a delivered layer says of its shape, without the boundary: code, name, and of its
// attributes "zone" and "land_classes" ("05, 0601"); the others are kept as they came.
v1::ControlShape ControlShapeFrom(const v1::ImportRow& row);

// What is wrong with a shape's boundary: B101 to B104, and what reading it found. The rules about
// plots do not apply to shapes. `plane_extent` is where vertices may lie; null for anywhere.
std::vector<geo::Finding> ShapeFindings(const geo::Boundary& boundary,
                                        std::span<const geo::Finding> delivered,
                                        const geo::Box* plane_extent);

// A shape's boundary, part by part.
std::vector<geo::Boundary> PartsOf(const geo::Boundary& whole);

// What stands in for a faulty boundary: its box.
geo::Boundary BoundaryOfBox(const geo::Box& box);

// What a plot is used for.
struct PlotUse {
  const v1::PlotKind* kind = nullptr;
  std::string_view land_use;  // four digits of GB/T 21010-2017, or empty
};

// True when the rule is about plots of that use, as the pack's use rules say.
bool IsAbout(const ControlRule& rule, const PlotUse& use, const Policy& policy);

// What is asked about one plot. Everything is borrowed.
struct ControlQuestion {
  PlotUse use;
  std::string_view village;  // the first 12 digits of its division
  const geo::Boundary* boundary = nullptr;
  FindingPlot name;
};

// The layers' shapes near some plots. Filled first, then asked by any number of threads.
class ControlGround {
 public:
  // A version of a layer, of which shapes come next: from now on its rule runs. Version 0 is told
  // as none. REQUIRES: a layer of kControlRules, each at most once.
  void AddLayer(const v1::ControlLayer& layer);
  // A shape of that layer with those of its parts that may be near the plots; its own boundary is
  // not looked at. REQUIRES: the layer was added.
  void AddShape(std::string_view layer, const v1::ControlShape& shape,
                std::vector<geo::Boundary> parts);
  // Ends the filling.
  void Finish();

  // True when the layer was added.
  bool Has(std::string_view layer) const;

  // What B301 to B306 find about a sound plot, in the order of kControlRules; rules whose layer is
  // not there are passed over. Every finding names its layer, version and shape. Fails with
  // INTERNAL when GEOS could not measure. REQUIRES: Finish was called, and the ground holds all
  // shapes that meet the plot's box, and of the village layer all whose code begins with the plot's
  // village.
  absl::StatusOr<std::vector<v1::Finding>> FindingsOf(const ControlQuestion& plot,
                                                      const Policy& policy) const;

 private:
  struct Layer;
  struct Near;
  class Examiner;

  std::vector<std::shared_ptr<Layer>> layers_;  // by position in kControlRules; null: not there
};

}  // namespace landbook::common

#endif  // LANDBOOK_SERVICES_COMMON_CONTROL_RULES_H_
