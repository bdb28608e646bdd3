#include "services/common/control_rules.h"

#include <algorithm>
#include <deque>
#include <functional>
#include <utility>

#include "fmt/format.h"
#include "geo/boundary_check.h"
#include "services/common/division.h"
#include "storage/check.h"

namespace landbook::common {
namespace {

constexpr std::int64_t kMicrometresPerStep = 100;
// The columns by which a delivered layer says what the rules ask.
constexpr std::string_view kZoneColumn = "zone";
constexpr std::string_view kClassesColumn = "land_classes";

// The classes of a list like "05, 0601".
void AddClasses(std::string_view list, v1::ControlShape* shape) {
  std::string digits;
  for (const char c : std::string(list) + ",") {
    if (c >= '0' && c <= '9') {
      digits.push_back(c);
    } else if (!digits.empty()) {
      shape->add_land_classes(std::exchange(digits, {}));
    }
  }
}

template <typename Texts>
bool BeginsWithOne(std::string_view text, const Texts& beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(), [&](const std::string& beginning) {
    return !beginning.empty() && text.starts_with(beginning);
  });
}

bool IsOfUse(const v1::UseRule* rule, const PlotUse& use) {
  if (rule == nullptr) return false;
  const auto& kinds = rule->plot_kinds();
  return std::find(kinds.begin(), kinds.end(), use.kind->code()) != kinds.end() ||
         BeginsWithOne(use.land_use, rule->land_classes());
}

// How far the edge of a village may lie from a plot and still decide how far the plot leaves it.
geo::Box VillageWindow(const geo::Box& plot) {
  return plot.Grown(3 * (plot.max_x - plot.min_x + plot.max_y - plot.min_y + 1));
}

std::size_t PositionOf(std::string_view layer) {
  const ControlRule* rule = ControlRuleOf(layer);
  LANDBOOK_CHECK(rule != nullptr);
  return static_cast<std::size_t>(rule - kControlRules.data());
}

// The name that people know a shape by.
std::string LabelOf(const v1::ControlShape& shape) {
  if (!shape.code().empty()) return shape.code();
  if (!shape.title().empty()) return shape.title();
  return fmt::format("#{}", shape.number());
}

std::int64_t AreaMaxMm2(geo::Rule rule, const geo::Tolerances& tolerances) {
  switch (rule) {
    case geo::Rule::kOnBasicFarmland:
      return tolerances.basic_farmland_area_max_mm2;
    case geo::Rule::kInsideRedLine:
      return tolerances.red_line_area_max_mm2;
    case geo::Rule::kOutsidePlanZone:
      return tolerances.plan_zone_area_max_mm2;
    case geo::Rule::kUseRestricted:
      return tolerances.restricted_area_max_mm2;
    default:
      return tolerances.urban_boundary_area_max_mm2;
  }
}

}  // namespace

const ControlRule* ControlRuleOf(std::string_view layer) {
  const auto* found = std::find_if(kControlRules.begin(), kControlRules.end(),
                                   [&](const ControlRule& rule) { return rule.layer == layer; });
  return found == kControlRules.end() ? nullptr : found;
}

v1::ControlShape ControlShapeFrom(const v1::ImportRow& row) {
  v1::ControlShape shape;
  shape.set_row(row.row());
  shape.set_code(row.code());
  shape.set_title(row.location());
  for (const v1::Attribute& attribute : row.attributes()) {
    if (attribute.key() == kZoneColumn) {
      shape.set_zone(attribute.value());
    } else if (attribute.key() == kClassesColumn) {
      AddClasses(attribute.value(), &shape);
    } else {
      *shape.add_attributes() = attribute;
    }
  }
  return shape;
}

std::vector<geo::Finding> ShapeFindings(const geo::Boundary& boundary,
                                        std::span<const geo::Finding> delivered,
                                        const geo::Box* plane_extent) {
  // On a red line the work of the rules about plots would be long, and for nothing.
  geo::Tolerances tolerances;
  tolerances.vertex_distance_max_steps = 0;
  tolerances.spike_angle_min_millidegrees = 0;
  tolerances.part_width_min_steps = 0;
  geo::Subject subject;
  subject.boundary = &boundary;
  subject.delivered = delivered;
  auto findings = geo::CheckAlone(subject, tolerances, plane_extent);
  std::erase_if(findings, [](const geo::Finding& finding) {
    return finding.rule > geo::Rule::kRingTouchesItself && finding.rule < geo::Rule::kCodeMalformed;
  });
  return findings;
}

geo::Boundary BoundaryOfBox(const geo::Box& box) {
  geo::Boundary rectangle;
  rectangle.vertices = {{box.min_x, box.max_y},
                        {box.max_x, box.max_y},
                        {box.max_x, box.min_y},
                        {box.min_x, box.min_y}};
  rectangle.EndRing();
  rectangle.EndPart();
  return rectangle;
}

std::vector<geo::Boundary> PartsOf(const geo::Boundary& whole) {
  std::vector<geo::Boundary> parts(whole.part_count());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    for (std::size_t ring = whole.PartBegin(i); ring < whole.PartEnd(i); ++ring) {
      const auto vertices = whole.Ring(ring);
      parts[i].vertices.insert(parts[i].vertices.end(), vertices.begin(), vertices.end());
      parts[i].EndRing();
    }
    parts[i].EndPart();
  }
  return parts;
}

bool IsAbout(const ControlRule& rule, const PlotUse& use, const Policy& policy) {
  switch (rule.use) {
    case ControlledUse::kEveryPlot:
      return true;
    case ControlledUse::kConstruction:
      return IsOfUse(policy.UseRuleNamed("construction"), use);
    case ControlledUse::kCommerce:
      return IsOfUse(policy.UseRuleNamed("commerce"), use);
  }
  return true;
}

// --- The ground ----------------------------------------------------------------------------------

struct ControlGround::Layer {
  v1::ControlLayer record;
  std::deque<v1::ControlShape> shapes;  // their addresses stay
  std::vector<geo::ControlArea> areas;
  std::vector<const v1::ControlShape*> shape_of_area;
  geo::BoxTree tree;
};

// The areas of a layer that meet a window, and the shapes they are of.
struct ControlGround::Near {
  std::vector<const geo::ControlArea*> areas;
  std::vector<const v1::ControlShape*> shapes;
  const v1::ControlShape* unsound = nullptr;
};

void ControlGround::AddLayer(const v1::ControlLayer& layer) {
  layers_.resize(kControlRules.size());
  auto& place = layers_[PositionOf(layer.layer())];
  LANDBOOK_CHECK(place == nullptr);
  place = std::make_shared<Layer>();
  place->record = layer;
}

void ControlGround::AddShape(std::string_view layer, const v1::ControlShape& shape,
                             std::vector<geo::Boundary> parts) {
  LANDBOOK_CHECK(Has(layer));
  Layer& of = *layers_[PositionOf(layer)];
  v1::ControlShape& kept = of.shapes.emplace_back(shape);
  kept.clear_compact();
  for (geo::Boundary& part : parts) {
    of.areas.emplace_back(std::move(part));
    of.shape_of_area.push_back(&kept);
  }
}

void ControlGround::Finish() {
  for (const auto& layer : layers_) {
    if (layer == nullptr) continue;
    std::vector<geo::Box> boxes;
    for (const geo::ControlArea& area : layer->areas) boxes.push_back(area.box());
    layer->tree = geo::BoxTree(std::move(boxes));
  }
}

bool ControlGround::Has(std::string_view layer) const {
  return !layers_.empty() && layers_[PositionOf(layer)] != nullptr;
}

// --- The rules -----------------------------------------------------------------------------------

// Examines one plot.
class ControlGround::Examiner {
 public:
  Examiner(const ControlQuestion& plot, const Policy& policy)
      : plot_(plot),
        policy_(policy),
        tolerances_(policy.TolerancesFor(plot.use.kind->code())),
        box_(plot.boundary->Bounds()) {}

  absl::Status Examine(const ControlRule& rule, const Layer& layer) {
    rule_ = &rule;
    layer_ = &layer;
    switch (rule.rule) {
      case geo::Rule::kLeavesVillage:
        return ExamineVillage();
      case geo::Rule::kOnBasicFarmland:
      case geo::Rule::kInsideRedLine:
        return ExamineInside([](const v1::ControlShape&) { return true; });
      case geo::Rule::kUseRestricted:
        return ExamineInside([this](const v1::ControlShape& shape) { return Bars(shape); });
      case geo::Rule::kOutsidePlanZone:
        return ExamineOutside([this](const v1::ControlShape& shape) { return Allows(shape); });
      default:
        return ExamineOutside([](const v1::ControlShape&) { return true; });
    }
  }

  std::vector<v1::Finding> TakeFindings() { return std::move(findings_); }

 private:
  using Wanted = std::function<bool(const v1::ControlShape&)>;

  Near NearOf(const geo::Box& window, const Wanted& wanted) const {
    Near near;
    layer_->tree.Query(window, [&](std::size_t i) {
      const v1::ControlShape* shape = layer_->shape_of_area[i];
      if (!wanted(*shape)) return true;
      if (shape->unsound()) {
        if (layer_->areas[i].box().Intersects(box_)) near.unsound = shape;
        return true;
      }
      near.areas.push_back(&layer_->areas[i]);
      near.shapes.push_back(shape);
      return true;
    });
    return near;
  }

  // B301. A shape is of the village when its code begins with the village's twelve digits.
  absl::Status ExamineVillage() {
    const std::string village(plot_.village.substr(0, kVillageDigits));
    const auto of_village = [&village](const v1::ControlShape& shape) {
      return !village.empty() && shape.code().starts_with(village);
    };
    const Near near = NearOf(VillageWindow(box_), of_village);
    if (near.unsound != nullptr) Tell(Warning("unsound_shape"), near.unsound);
    if (near.areas.empty() && near.unsound == nullptr &&
        std::none_of(layer_->shapes.begin(), layer_->shapes.end(), of_village)) {
      Tell(Warning("no_village"), nullptr);
      return absl::OkStatus();
    }
    const auto leaving =
        geo::LeavingOf(*plot_.boundary, near.areas, tolerances_.village_distance_max_steps);
    if (!leaving.ok()) return leaving.status();
    if (!*leaving || near.unsound != nullptr) return absl::OkStatus();
    geo::Finding finding = Error((*leaving)->place);
    if ((*leaving)->altogether) {
      finding.detail = "outside";
    } else {
      finding.unit = geo::Unit::kMetre;
      finding.measured = (*leaving)->distance_steps * kMicrometresPerStep;
      finding.tolerance = tolerances_.village_distance_max_steps * kMicrometresPerStep;
    }
    Tell(finding, near.shapes.empty() ? nullptr : near.shapes.front());
    return absl::OkStatus();
  }

  // B302, B303, B305: what of the plot lies inside.
  absl::Status ExamineInside(const Wanted& wanted) {
    const Near near = NearOf(box_, wanted);
    if (near.unsound != nullptr) Tell(Warning("unsound_shape"), near.unsound);
    const auto inside = geo::PartInside(*plot_.boundary, near.areas);
    if (!inside.ok()) return inside.status();
    TellArea(*inside, inside->most ? near.shapes[*inside->most] : nullptr);
    return absl::OkStatus();
  }

  // B304, B306: what of the plot lies outside. A shape that cannot be measured may hold the rest,
  // so that only the warning about it is told.
  absl::Status ExamineOutside(const Wanted& wanted) {
    const Near near = NearOf(box_, wanted);
    const auto outside = geo::PartOutside(*plot_.boundary, near.areas);
    if (!outside.ok()) return outside.status();
    if (near.unsound == nullptr) {
      TellArea(*outside, nullptr);
    } else if (outside->area_mm2 > AreaMaxMm2(rule_->rule, tolerances_)) {
      Tell(Warning("unsound_shape"), near.unsound);
    }
    return absl::OkStatus();
  }

  // What the pack or the shape itself says of the zone; null when neither does.
  const google::protobuf::RepeatedPtrField<std::string>* ClassesOf(
      const v1::ControlShape& shape) const {
    if (!shape.land_classes().empty()) return &shape.land_classes();
    const v1::ZoneRule* rule = policy_.ZoneRuleFor(rule_->layer, shape.zone());
    return rule == nullptr ? nullptr : &rule->land_classes();
  }

  bool Allows(const v1::ControlShape& shape) const {
    const auto* classes = ClassesOf(shape);
    return classes != nullptr && BeginsWithOne(plot_.use.land_use, *classes);
  }

  // A plot built on that states no land use may be of any class.
  bool Bars(const v1::ControlShape& shape) const {
    const bool construction = IsOfUse(policy_.UseRuleNamed("construction"), plot_.use);
    const auto* classes = ClassesOf(shape);
    if (classes == nullptr || plot_.use.land_use.empty()) return construction;
    return BeginsWithOne(plot_.use.land_use, *classes);
  }

  geo::Finding Error(geo::Vertex place) const {
    geo::Finding finding;
    finding.rule = rule_->rule;
    finding.severity = geo::Severity::kError;
    finding.place = place;
    return finding;
  }

  geo::Finding Warning(std::string detail) const {
    geo::Finding finding = Error(plot_.boundary->vertices.front());
    finding.severity = geo::Severity::kWarning;
    finding.detail = std::move(detail);
    return finding;
  }

  void TellArea(const geo::MeasuredPart& part, const v1::ControlShape* shape) {
    const std::int64_t area_max_mm2 = AreaMaxMm2(rule_->rule, tolerances_);
    if (part.area_mm2 <= area_max_mm2) return;
    geo::Finding finding = Error(part.place);
    if (rule_->rule == geo::Rule::kOutsideUrbanBoundary) {
      finding.severity = tolerances_.outside_urban_boundary;
    }
    finding.unit = geo::Unit::kSquareMetre;
    finding.measured = part.area_mm2;
    finding.tolerance = area_max_mm2;
    Tell(finding, shape);
  }

  void Tell(const geo::Finding& finding, const v1::ControlShape* shape) {
    v1::Finding wire = FindingToWire(finding, {.subject = plot_.name, .other = FindingPlot()});
    const v1::ControlLayer& layer = layer_->record;
    wire.set_control_layer(layer.layer());
    wire.set_control_version(layer.version());
    const bool versioned = layer.version() > 0;
    std::string english = fmt::format(" Layer {}{} ({}).", layer.layer(),
                                      versioned ? fmt::format(", version {}", layer.version()) : "",
                                      layer.document_number());
    std::string chinese = fmt::format("图层：{}{}（{}）。", rule_->title_zh,
                                      versioned ? fmt::format("第{}版", layer.version()) : "",
                                      layer.document_number());
    if (shape != nullptr) {
      const std::string label = LabelOf(*shape);
      wire.set_control_shape(shape->number());
      wire.set_other_plot(label);
      english += fmt::format(" Shape {} {}.", label, shape->title());
      chinese += fmt::format("图斑：{} {}。", label, shape->title());
    }
    wire.set_message_en(wire.message_en() + english);
    wire.set_message_zh(wire.message_zh() + chinese);
    findings_.push_back(std::move(wire));
  }

  const ControlQuestion& plot_;
  const Policy& policy_;
  const geo::Tolerances tolerances_;
  const geo::Box box_;
  const ControlRule* rule_ = nullptr;
  const Layer* layer_ = nullptr;
  std::vector<v1::Finding> findings_;
};

absl::StatusOr<std::vector<v1::Finding>> ControlGround::FindingsOf(const ControlQuestion& plot,
                                                                   const Policy& policy) const {
  Examiner examiner(plot, policy);
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    if (layers_[i] == nullptr || !IsAbout(kControlRules[i], plot.use, policy)) continue;
    if (const auto status = examiner.Examine(kControlRules[i], *layers_[i]); !status.ok()) {
      return status;
    }
  }
  return examiner.TakeFindings();
}

}  // namespace landbook::common
