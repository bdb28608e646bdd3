// Units (不动产单元): made of a plot, with a code that follows from the plot's.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "fmt/format.h"
#include "services/common/division.h"
#include "services/registry/act_law.h"
#include "services/registry/acts.h"
#include "services/registry/sources.h"
#include "services/registry/standing.h"

namespace landbook::registry {
namespace {

// 28 characters: 19 of the land, the fixture's letter, 4 of the building, 4 of the unit in it.
constexpr std::size_t kLandCharacters = 19;
constexpr int kLandSerialDigits = 5;
constexpr int kBuildingDigits = 4;
constexpr std::string_view kNoFixture = "W";

void RefuseExhausted(std::string_view before, int digits, ActContext* context) {
  context->Refuse(Reason::SERIAL_EXHAUSTED, "plot",
                  {fmt::format("The {} digits of the serials after {} are used up; codes are never "
                               "used again.",
                               digits, before),
                   fmt::format("“{}”之后的 {} 位顺序号已用尽；代码不得重复使用。", before, digits)},
                  source::kUnitCode);
}

bool CheckFixture(const std::string& fixture, ActContext* context) {
  constexpr std::string_view kLetters = "WFLQ";
  if (fixture.size() == 1 && kLetters.find(fixture[0]) != std::string_view::npos) return true;
  context->Refuse(
      Reason::FIXTURE_MALFORMED, "fixture",
      {fmt::format("\"{}\" came where W (none), F (building), L (forest) or Q (other) is "
                   "wanted.",
                   fixture),
       fmt::format("收到“{}”，定着物特征码应为 W（无）、F（房屋）、L（林木）或 Q（其他）。",
                   fixture)},
      source::kUnitCode);
  return false;
}

// The first 19 characters that the plot's units have already; nothing before the first unit.
std::optional<std::string> LandCodeOfUnits(std::uint64_t plot, const ActContext& context) {
  for (const std::uint64_t number : context.Linked(Table::kUnitsOfPlot, plot)) {
    const auto unit = context.Find<v1::Unit>(number);
    if (unit && unit->record.code().size() > kLandCharacters) {
      return unit->record.code().substr(0, kLandCharacters);
    }
  }
  return std::nullopt;
}

// The next land code of a contracted plot, whose own code is of another standard: the village, the
// kind's letters, and the serial behind both the units' and the plots' of that family.
std::optional<std::string> NextLandCode(const v1::Plot& plot, const v1::PlotKind& kind,
                                        ActContext* context) {
  const std::string before =
      plot.division().substr(0, common::kVillageDigits) + kind.feature_letters();
  const auto unit_serial = context->NextSerial("unit " + before, kLandSerialDigits);
  const auto plot_serial = context->NextSerial("plot " + before, kLandSerialDigits);
  if (!unit_serial || !plot_serial) {
    RefuseExhausted(before, kLandSerialDigits, context);
    return std::nullopt;
  }
  return fmt::format("{}{:0{}}", before, std::max(*unit_serial, *plot_serial), kLandSerialDigits);
}

std::optional<std::string> TakeLandCode(const Loaded<v1::Plot>& plot, ActContext* context) {
  const v1::PlotKind* kind = context->policy().PlotKindNamed(plot.record.kind());
  if (kind == nullptr) {
    context->Refuse(Reason::PLOT_KIND_UNKNOWN, "plot",
                    {fmt::format("The policy pack {} has no kind of plot \"{}\".",
                                 context->policy().code(), plot.record.kind()),
                     fmt::format("政策包 {} 中没有宗地种类“{}”。", context->policy().code(),
                                 plot.record.kind())});
    return std::nullopt;
  }
  if (kind->code_layout() == v1::PLOT_CODE_LAYOUT_CADASTRAL) return plot.record.code();
  if (auto land = LandCodeOfUnits(plot.number, *context)) return land;
  return NextLandCode(plot.record, *kind, context);
}

// The fixture's part of the code: none is all zeros, others take the plot's next building.
std::optional<std::string> TakeFixtureCode(const std::string& land, const std::string& fixture,
                                           ActContext* context) {
  if (fixture == kNoFixture) return "W00000000";
  const auto building = context->NextSerial("building " + land + fixture, kBuildingDigits);
  if (!building) {
    RefuseExhausted(land + fixture, kBuildingDigits, context);
    return std::nullopt;
  }
  return fmt::format("{}{:0{}}0001", fixture, *building, kBuildingDigits);
}

// Only one unit of a plot can be the bare land.
void CheckNoBareLand(const Loaded<v1::Plot>& plot, ActContext* context) {
  for (const std::uint64_t number : context->Linked(Table::kUnitsOfPlot, plot.number)) {
    const auto unit = context->Find<v1::Unit>(number);
    if (!unit || !Stands(unit->record)) continue;
    if (unit->record.code().substr(kLandCharacters, 1) != kNoFixture) continue;
    context->Refuse(Reason::UNIT_STANDS_ALREADY, "fixture",
                    {fmt::format("Plot {} has a unit without fixture already: {}. Use that one.",
                                 plot.record.code(), unit->record.code()),
                     fmt::format("宗地 {} 已有无定着物的不动产单元 {}，请直接使用。",
                                 plot.record.code(), unit->record.code())},
                    source::kUnitCode);
    return;
  }
}

std::optional<std::string> TakeCode(const Loaded<v1::Plot>& plot, const std::string& fixture,
                                    ActContext* context) {
  const auto land = TakeLandCode(plot, context);
  if (!land) return std::nullopt;
  const auto tail = TakeFixtureCode(*land, fixture, context);
  if (!tail) return std::nullopt;
  std::string code = *land + *tail;
  if (!context->FindByCode(v1::RECORD_KIND_UNIT, code)) return code;
  context->Refuse(Reason::CODE_ALREADY_USED, "fixture",
                  {fmt::format("Unit code {} was used before; codes are never used again.", code),
                   fmt::format("不动产单元代码 {} 曾被使用，不得重复使用。", code)},
                  source::kUnitCode);
  return std::nullopt;
}

}  // namespace

void Decide(const v1::EstablishUnit& act, ActContext* context) {
  const std::size_t before = context->refusal_count();
  const bool fixture = CheckFixture(act.fixture(), context);
  const auto plot = context->Load<v1::Plot>(act.plot(), "plot");
  if (!plot || !CheckStands(plot->record.state(), "plot", {"plot", "宗地"}, context)) return;
  if (act.fixture() == kNoFixture) CheckNoBareLand(*plot, context);
  if (!fixture || context->refusal_count() != before) return;
  auto code = TakeCode(*plot, act.fixture(), context);
  if (!code || !MayPut(before, context)) return;
  v1::Unit unit;
  unit.set_code(*std::move(code));
  unit.set_plot(plot->number);
  unit.set_state(v1::RECORD_STATE_LIVE);
  *unit.mutable_structures() = act.structures();
  context->Create(unit);
}

}  // namespace landbook::registry
