#include "geo/proj_bridge.h"

#include <proj.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <utility>

#include "absl/status/status.h"
#include "fmt/format.h"
#include "geo/check.h"

namespace landbook::geo {
namespace {

struct ContextDeleter {
  void operator()(PJ_CONTEXT* context) const { proj_context_destroy(context); }
};
struct ObjectDeleter {
  void operator()(PJ* object) const { proj_destroy(object); }
};
struct ListDeleter {
  void operator()(PJ_OBJ_LIST* list) const { proj_list_destroy(list); }
};
struct FactoryDeleter {
  void operator()(PJ_OPERATION_FACTORY_CONTEXT* f) const {
    proj_operation_factory_context_destroy(f);
  }
};
using Context = std::unique_ptr<PJ_CONTEXT, ContextDeleter>;
using Object = std::unique_ptr<PJ, ObjectDeleter>;
using List = std::unique_ptr<PJ_OBJ_LIST, ListDeleter>;
using Factory = std::unique_ptr<PJ_OPERATION_FACTORY_CONTEXT, FactoryDeleter>;

void Silence(void*, int, const char*) {}

// A context that writes nothing to stderr and fetches nothing from the network: what a county's
// coordinates become must not hang on what a server answers that day.
Context NewContext() {
  Context context(proj_context_create());
  LANDBOOK_GEO_CHECK(context != nullptr);
  proj_log_func(context.get(), nullptr, Silence);
  proj_context_set_enable_network(context.get(), 0);
  return context;
}

// `crs` as PROJ wants it: a bare number is an EPSG code, and PROJ text must say that it is a system
// rather than an operation.
std::string ProjInput(std::string_view crs) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (!crs.empty() && std::all_of(crs.begin(), crs.end(), is_digit)) {
    return fmt::format("EPSG:{}", crs);
  }
  const bool text = crs.find("+proj=") != crs.npos || crs.substr(0, 5) == "proj=";
  if (text && crs.find("type=crs") == crs.npos) return fmt::format("{} +type=crs", crs);
  return std::string(crs);
}

absl::StatusOr<Object> NewCrs(PJ_CONTEXT* context, std::string_view crs) {
  Object object(proj_create(context, ProjInput(crs).c_str()));
  if (object != nullptr && proj_is_crs(object.get()) != 0) return object;
  return absl::InvalidArgumentError(
      fmt::format("'{}' is not a coordinate system that is known here; give an EPSG code such as "
                  "EPSG:4548, or its WKT or PROJ text",
                  crs.substr(0, 200)));
}

// The horizontal system inside `crs`: of a compound one its first part, of one with a datum shift
// the system that is shifted.
Object HorizontalOf(PJ_CONTEXT* context, const PJ* crs) {
  Object object(proj_clone(context, crs));
  for (int depth = 0; depth < 4 && object != nullptr; ++depth) {
    const PJ_TYPE type = proj_get_type(object.get());
    if (type == PJ_TYPE_COMPOUND_CRS) {
      object.reset(proj_crs_get_sub_crs(context, object.get(), 0));
    } else if (type == PJ_TYPE_BOUND_CRS) {
      object.reset(proj_get_source_crs(context, object.get()));
    } else {
      break;
    }
  }
  return object;
}

CrsKind KindOf(const PJ* crs) {
  switch (proj_get_type(crs)) {
    case PJ_TYPE_GEOGRAPHIC_2D_CRS:
    case PJ_TYPE_GEOGRAPHIC_3D_CRS:
      return CrsKind::kGeographic;
    case PJ_TYPE_PROJECTED_CRS:
      return CrsKind::kProjected;
    default:
      return CrsKind::kOther;
  }
}

double UnitMetresOf(PJ_CONTEXT* context, const PJ* crs) {
  const Object system(proj_crs_get_coordinate_system(context, crs));
  if (system == nullptr) return 0;
  std::array<double, 2> units{};
  for (int axis = 0; axis < 2; ++axis) {
    proj_cs_get_axis_info(context, system.get(), axis, nullptr, nullptr, nullptr,
                          &units[static_cast<std::size_t>(axis)], nullptr, nullptr, nullptr);
  }
  return units[0] == units[1] ? units[0] : 0;
}

void DescribeDatum(PJ_CONTEXT* context, const PJ* crs, CrsDescription& description) {
  const Object datum(proj_crs_get_datum_forced(context, crs));
  if (datum != nullptr) description.datum_name = proj_get_name(datum.get());
  const Object ellipsoid(proj_get_ellipsoid(context, crs));
  if (ellipsoid == nullptr) return;
  double semi_major_m = 0;
  double inverse_flattening = 0;
  proj_ellipsoid_get_parameters(context, ellipsoid.get(), &semi_major_m, nullptr, nullptr,
                                &inverse_flattening);
  description.ellipsoid = fmt::format("{:.3f} {:.9f}", semi_major_m, inverse_flattening);
}

// The value of parameter `name` in metres or degrees; not a number when there is none.
double ParameterOf(PJ_CONTEXT* context, const PJ* conversion, const char* name) {
  const int index = proj_coordoperation_get_param_index(context, conversion, name);
  if (index < 0) return std::nan("");
  double value = 0;
  double unit = 1;
  const char* category = "";
  proj_coordoperation_get_param(context, conversion, index, nullptr, nullptr, nullptr, &value,
                                nullptr, &unit, nullptr, nullptr, nullptr, &category);
  // Rounded because degrees times their size in radians and back is not always what it was.
  if (std::string_view(category) == "angular") {
    return std::round(value * unit * 180 / M_PI * 1e9) / 1e9;
  }
  return value * unit;
}

// The zone of a Transverse Mercator without scaling, which is what Gauss-Kruger is (EPSG guidance
// note 7-2, method 9807).
std::optional<GaussKruger> GaussKrugerOf(PJ_CONTEXT* context, const PJ* crs) {
  const Object conversion(proj_crs_get_coordoperation(context, crs));
  if (conversion == nullptr) return std::nullopt;
  const char* method = nullptr;
  proj_coordoperation_get_method_info(context, conversion.get(), &method, nullptr, nullptr);
  if (method == nullptr || std::string_view(method) != "Transverse Mercator") return std::nullopt;
  const double scale = ParameterOf(context, conversion.get(), "Scale factor at natural origin");
  const double meridian = ParameterOf(context, conversion.get(), "Longitude of natural origin");
  const double easting = ParameterOf(context, conversion.get(), "False easting");
  if (scale != 1.0 || std::isnan(meridian) || std::isnan(easting)) return std::nullopt;
  return GaussKruger{meridian, easting};
}

void DescribeCarriedShift(PJ_CONTEXT* context, const PJ* crs, CrsDescription& description) {
  if (proj_get_type(crs) != PJ_TYPE_BOUND_CRS) return;
  description.carries_shift = true;
  const Object shift(proj_crs_get_coordoperation(context, crs));
  if (shift == nullptr) return;
  const int count = proj_coordoperation_get_param_count(context, shift.get());
  description.carried_shift_zero =
      proj_coordoperation_get_grid_used_count(context, shift.get()) == 0;
  for (int i = 0; i < count; ++i) {
    double value = 0;
    proj_coordoperation_get_param(context, shift.get(), i, nullptr, nullptr, nullptr, &value,
                                  nullptr, nullptr, nullptr, nullptr, nullptr, nullptr);
    if (value != 0) description.carried_shift_zero = false;
  }
}

std::optional<GeographicArea> AreaOfUse(PJ_CONTEXT* context, const PJ* crs) {
  GeographicArea area;
  const int known =
      proj_get_area_of_use(context, crs, &area.west, &area.south, &area.east, &area.north, nullptr);
  // PROJ says -1000 for a bound that it does not know.
  if (known == 0 || area.west < -360) return std::nullopt;
  return area;
}

// The operations from `source` to `target`, the most accurate for the target's area first.
List OperationsBetween(PJ_CONTEXT* context, const PJ* source, const PJ* target) {
  const Factory factory(proj_create_operation_factory_context(context, nullptr));
  if (factory == nullptr) return nullptr;
  PJ_OPERATION_FACTORY_CONTEXT* const f = factory.get();
  proj_operation_factory_context_set_grid_availability_use(
      context, f, PROJ_GRID_AVAILABILITY_DISCARD_OPERATION_IF_MISSING_GRID);
  proj_operation_factory_context_set_spatial_criterion(context, f,
                                                       PROJ_SPATIAL_CRITERION_PARTIAL_INTERSECTION);
  if (const std::optional<GeographicArea> area = AreaOfUse(context, target)) {
    proj_operation_factory_context_set_area_of_interest(context, f, area->west, area->south,
                                                        area->east, area->north);
  }
  return List(proj_create_operations(context, source, target, f));
}

// The operation among `operations` that comes first, and whether it assumes that datums agree.
struct Choice {
  Object operation;
  bool ballpark = false;
};

Choice FirstOf(PJ_CONTEXT* context, const List& operations) {
  Choice choice;
  if (operations == nullptr || proj_list_get_count(operations.get()) == 0) return choice;
  choice.operation.reset(proj_list_get(context, operations.get(), 0));
  choice.ballpark =
      proj_coordoperation_has_ballpark_transformation(context, choice.operation.get()) != 0;
  return choice;
}

// The best operation. A source that carries a shift (+towgs84) carries it to PROJ's hub, WGS 84,
// from which PROJ may know no way on; it would then drop the shift in favour of a ballpark. The
// parameters were determined against the target's own datum, so the hub is taken for that datum.
Choice BestOperation(PJ_CONTEXT* context, const PJ* source, const PJ* target) {
  Choice choice = FirstOf(context, OperationsBetween(context, source, target));
  if (!choice.ballpark || proj_get_type(source) != PJ_TYPE_BOUND_CRS) return choice;
  const char* const text = proj_as_proj_string(context, target, PJ_PROJ_4, nullptr);
  if (text == nullptr) return choice;
  const Object hub_target(proj_create(context, fmt::format("{} +towgs84=0,0,0", text).c_str()));
  if (hub_target == nullptr) return choice;
  Choice through_hub = FirstOf(context, OperationsBetween(context, source, hub_target.get()));
  return through_hub.operation == nullptr ? std::move(choice) : std::move(through_hub);
}

}  // namespace

struct ProjOperation::Handle {
  Context context;
  Object operation;
};

ProjOperation::ProjOperation(std::unique_ptr<Handle> handle) : handle_(std::move(handle)) {}
ProjOperation::ProjOperation(ProjOperation&&) noexcept = default;
ProjOperation& ProjOperation::operator=(ProjOperation&&) noexcept = default;
ProjOperation::~ProjOperation() = default;

absl::StatusOr<ProjOperation> ProjOperation::Make(std::string_view source,
                                                  std::string_view target) {
  Context context = NewContext();
  PJ_CONTEXT* const c = context.get();
  const absl::StatusOr<Object> from = NewCrs(c, source);
  if (!from.ok()) return from.status();
  const absl::StatusOr<Object> to = NewCrs(c, target);
  if (!to.ok()) return to.status();
  const Choice best = BestOperation(c, from->get(), to->get());
  if (best.operation == nullptr) {
    return absl::FailedPreconditionError(
        fmt::format("no transformation from '{}' to '{}' is known; give the source's system as an "
                    "EPSG code",
                    proj_get_name(from->get()), proj_get_name(to->get())));
  }
  Object operation(proj_normalize_for_visualization(c, best.operation.get()));
  if (operation == nullptr) {
    return absl::FailedPreconditionError(
        fmt::format("the transformation '{}' cannot be carried out; give the source's system as an "
                    "EPSG code",
                    proj_get_name(best.operation.get())));
  }
  const char* const pipeline = proj_as_proj_string(c, operation.get(), PJ_PROJ_5, nullptr);
  auto handle = std::make_unique<Handle>();
  handle->context = std::move(context);
  handle->operation = std::move(operation);
  ProjOperation made(std::move(handle));
  made.identity_ = pipeline != nullptr && std::string_view(pipeline) == "+proj=noop";
  made.ballpark_ = best.ballpark;
  made.name_ = proj_get_name(best.operation.get());
  return made;
}

absl::StatusOr<ProjOperation> ProjOperation::FromPipeline(std::string_view pipeline) {
  constexpr std::string_view kBeginning = "+proj=pipeline ";
  Context context = NewContext();
  Object operation;
  if (pipeline.substr(0, kBeginning.size()) == kBeginning) {
    operation.reset(proj_create(context.get(), std::string(pipeline).c_str()));
  }
  if (operation == nullptr || proj_pj_info(operation.get()).has_inverse == 0) {
    return absl::InvalidArgumentError(fmt::format(
        "'{}' is not a transformation that can be carried out both ways here; give PROJ text that "
        "begins with '{}' and needs no grid file that this machine lacks",
        pipeline.substr(0, 200), kBeginning));
  }
  auto handle = std::make_unique<Handle>();
  handle->context = std::move(context);
  handle->operation = std::move(operation);
  ProjOperation made(std::move(handle));
  made.name_ = pipeline;
  return made;
}

void ProjOperation::Forward(std::span<RawVertex> vertices) const {
  if (vertices.empty()) return;
  proj_errno_reset(handle_->operation.get());
  proj_trans_generic(handle_->operation.get(), PJ_FWD, &vertices[0].x, sizeof(RawVertex),
                     vertices.size(), &vertices[0].y, sizeof(RawVertex), vertices.size(), nullptr,
                     0, 0, nullptr, 0, 0);
}

void ProjOperation::Inverse(std::span<RawVertex> vertices) const {
  if (vertices.empty()) return;
  proj_errno_reset(handle_->operation.get());
  proj_trans_generic(handle_->operation.get(), PJ_INV, &vertices[0].x, sizeof(RawVertex),
                     vertices.size(), &vertices[0].y, sizeof(RawVertex), vertices.size(), nullptr,
                     0, 0, nullptr, 0, 0);
}

absl::StatusOr<CrsDescription> DescribeCrs(std::string_view crs) {
  const Context context = NewContext();
  PJ_CONTEXT* const c = context.get();
  const absl::StatusOr<Object> object = NewCrs(c, crs);
  if (!object.ok()) return object.status();
  const Object horizontal = HorizontalOf(c, object->get());
  CrsDescription description;
  description.name = proj_get_name(object->get());
  if (horizontal == nullptr) return description;
  description.kind = KindOf(horizontal.get());
  const PJ_TYPE type = proj_get_type(object->get());
  description.horizontal_only = type != PJ_TYPE_COMPOUND_CRS && type != PJ_TYPE_GEOGRAPHIC_3D_CRS;
  DescribeDatum(c, horizontal.get(), description);
  DescribeCarriedShift(c, object->get(), description);
  description.area_of_use = AreaOfUse(c, horizontal.get());
  if (description.kind != CrsKind::kProjected) return description;
  description.unit_metres = UnitMetresOf(c, horizontal.get());
  description.gauss_kruger = GaussKrugerOf(c, horizontal.get());
  return description;
}

absl::StatusOr<std::string> GeographicCrsOf(std::string_view crs) {
  const Context context = NewContext();
  PJ_CONTEXT* const c = context.get();
  const absl::StatusOr<Object> object = NewCrs(c, crs);
  if (!object.ok()) return object.status();
  const Object horizontal = HorizontalOf(c, object->get());
  const Object geographic(proj_crs_get_geodetic_crs(c, horizontal.get()));
  const char* const wkt =
      geographic == nullptr ? nullptr : proj_as_wkt(c, geographic.get(), PJ_WKT2_2019, nullptr);
  if (wkt == nullptr) {
    return absl::InvalidArgumentError(
        fmt::format("'{}' has no geographic system beneath it", crs.substr(0, 200)));
  }
  return std::string(wkt);
}

}  // namespace landbook::geo
