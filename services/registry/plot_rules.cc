#include "services/registry/plot_rules.h"

#include <algorithm>
#include <array>

#include "fmt/format.h"
#include "geo/area.h"
#include "services/registry/law_codes.h"
#include "storage/check.h"

namespace landbook::registry {
namespace {

constexpr std::string_view kRulesPage = "docs/boundary-rules.md";
constexpr std::size_t kLandUseDigits = 4;

enum class NeededBy { kEveryPlot, kConstruction, kCommerce };

// A control layer, the rule that looks at it, and the plots that the rule is about.
struct ControlLayer {
  std::string_view layer;
  std::string_view rule;
  NeededBy needed_by;
};

constexpr std::array<ControlLayer, 7> kControlLayers = {{
    {"village", "B301", NeededBy::kEveryPlot},
    {"basic-farmland", "B302", NeededBy::kConstruction},
    {"red-line", "B303", NeededBy::kConstruction},
    {"spatial-plan", "B304", NeededBy::kCommerce},
    {"village-plan", "B304", NeededBy::kCommerce},
    {"restricted", "B305", NeededBy::kEveryPlot},
    {"urban-boundary", "B306", NeededBy::kConstruction},
}};

// Commerce is class 05 of GB/T 21010-2017.
bool IsCommerce(const PlotUse& use) { return use.land_use.starts_with("05"); }

// Built on are classes 05 to 10 of GB/T 21010-2017, and plots whose code says construction use (B)
// or homestead (C) by its second letter (GB/T 37346), whatever use was stated.
bool IsConstruction(const PlotUse& use) {
  const std::string& letters = use.kind->feature_letters();
  if (letters.size() == 2 && (letters[1] == 'B' || letters[1] == 'C')) return true;
  const std::string_view land_class = use.land_use.substr(0, 2);
  return land_class >= "05" && land_class <= "10";
}

bool Needs(const PlotUse& use, NeededBy needed_by) {
  switch (needed_by) {
    case NeededBy::kEveryPlot:
      return true;
    case NeededBy::kConstruction:
      return IsConstruction(use);
    case NeededBy::kCommerce:
      return IsCommerce(use);
  }
  return true;
}

// True when the check has said why this act has no boundary.
bool CheckRefusedAct(const ActContext& context) {
  const std::string act = fmt::format("commit.acts[{}]", context.act());
  const auto& refusals = context.facts().verdict->refusals;
  return std::any_of(refusals.begin(), refusals.end(), [&](const v1::Refusal& refusal) {
    return refusal.field().starts_with(act) || !refusal.field().starts_with("commit.acts");
  });
}

}  // namespace

const v1::PlotKind* TakePlotKind(const std::string& code, std::string_view field,
                                 ActContext* context) {
  const v1::PlotKind* kind = context->policy().PlotKindNamed(code);
  if (kind != nullptr && context->policy().TierNamed(kind->tier()) != nullptr) return kind;
  context->Refuse(Reason::PLOT_KIND_UNKNOWN, field,
                  {fmt::format("The policy pack {} has no kind of plot \"{}\".",
                               context->policy().code(), code),
                   fmt::format("政策包 {} 中没有宗地种类“{}”。", context->policy().code(), code)});
  return nullptr;
}

std::uint8_t TierOf(const v1::PlotKind& kind, const ActContext& context) {
  const v1::Tier* tier = context.policy().TierNamed(kind.tier());
  LANDBOOK_CHECK(tier != nullptr);
  return static_cast<std::uint8_t>(tier->number());
}

void CheckLandUse(const std::string& land_use, std::string_view field, ActContext* context) {
  if (land_use.empty() || IsDigits(land_use, kLandUseDigits)) return;
  context->Refuse(Reason::LAND_USE_UNKNOWN, field,
                  {fmt::format("\"{}\" came where a land use of four digits is wanted.", land_use),
                   fmt::format("收到“{}”，土地用途应为四位数字的分类代码。", land_use)},
                  "GB/T 21010-2017");
}

const CheckedBoundary* TakeBoundary(std::uint32_t part, const v1::PlotKind& kind,
                                    std::string_view field, ActContext* context) {
  const CheckedBoundary* boundary = context->facts().verdict->Find(context->act(), part);
  const bool checked = boundary != nullptr && boundary->tier == TierOf(kind, *context);
  if (checked) return boundary;
  if (boundary == nullptr && CheckRefusedAct(*context)) return nullptr;
  context->Refuse(Reason::RECORD_MOVED, field,
                  {"The book has changed since this boundary was checked. Send the commit again.",
                   "登簿在检查该界线之后已变更，请重新提交。"});
  return nullptr;
}

std::vector<std::string_view> LayersNeeded(const PlotUse& use) {
  std::vector<std::string_view> layers;
  for (const ControlLayer& layer : kControlLayers) {
    if (Needs(use, layer.needed_by)) layers.push_back(layer.layer);
  }
  return layers;
}

void CheckLayers(const PlotUse& use, std::string_view field, ActContext* context) {
  if (context->facts().from_import) return;
  for (const ControlLayer& layer : kControlLayers) {
    if (!Needs(use, layer.needed_by) || context->policy().LayerNotKeptNamed(layer.layer) != nullptr)
      continue;
    context->Breach(
        Reason::LAYER_MISSING, field,
        {fmt::format("Rule {} needs the layer \"{}\", which the book does not have. Load "
                     "it, or adopt a pack that states, with its source, that the county "
                     "keeps none.",
                     layer.rule, layer.layer),
         fmt::format("规则 {} 需要图层“{}”，登簿尚无该图层。请先载入，或采用载明本县无此图层"
                     "及其依据的政策包。",
                     layer.rule, layer.layer)},
        fmt::format("{} {}", kRulesPage, layer.rule));
  }
}

std::vector<std::string> RulesNotRun(const PlotUse& use) {
  std::vector<std::string> rules;
  for (const ControlLayer& layer : kControlLayers) {
    if (!Needs(use, layer.needed_by)) continue;
    if (rules.empty() || rules.back() != layer.rule) rules.emplace_back(layer.rule);
  }
  return rules;
}

std::string AreaText(const std::string& text) {
  const auto hundredths = geo::ParseHundredths(text);
  return hundredths.ok() ? geo::FormatHundredths(*hundredths) : "";
}

v1::Plot PlotFrom(const v1::NewPlot& plot) {
  v1::Plot record;
  record.set_code(plot.code());
  record.set_kind(plot.kind());
  record.set_division(plot.division());
  record.set_state(v1::RECORD_STATE_LIVE);
  record.set_stated_area_m2(AreaText(plot.stated_area_m2()));
  record.set_land_use(plot.land_use());
  record.set_location(plot.location());
  *record.mutable_structures() = plot.structures();
  *record.mutable_attributes() = plot.attributes();
  record.set_unconfirmed(plot.unconfirmed());
  return record;
}

}  // namespace landbook::registry
