#include "services/registry/plot_rules.h"

#include <algorithm>

#include "fmt/format.h"
#include "geo/area.h"
#include "services/law/codes.h"
#include "services/registry/control_layers.h"
#include "storage/check.h"

namespace landbook::registry {
namespace {

constexpr std::string_view kRulesPage = "docs/boundary-rules.md";
constexpr std::size_t kLandUseDigits = 4;

bool Contains(std::span<const std::string> names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
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

bool IsLandUse(std::string_view land_use) {
  return land_use.empty() || law::IsDigits(land_use, kLandUseDigits);
}

void CheckLandUse(const std::string& land_use, std::string_view field, ActContext* context) {
  if (IsLandUse(land_use)) return;
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

void CheckLayers(const PlotUse& use, std::string_view field, ActContext* context) {
  if (context->facts().from_import) return;
  const auto in_force = LayersInForce(context->state(), context->day());
  if (in_force != context->facts().verdict->control_layers) {
    return context->Refuse(Reason::RECORD_MOVED, field,
                           {"Another version of a control layer has come into force since this was "
                            "checked. Send the commit again.",
                            "检查之后管控图层已有新版本生效，请重新提交。"});
  }
  const auto names = NamesOf(context->state(), in_force);
  for (const common::ControlRule& rule : common::kControlRules) {
    if (!common::IsAbout(rule, use, context->policy())) continue;
    if (Contains(names, rule.layer)) continue;
    if (context->policy().LayerNotKeptNamed(rule.layer) != nullptr) continue;
    const std::string name = geo::RuleName(rule.rule);
    context->Breach(
        Reason::LAYER_MISSING, field,
        {fmt::format("Rule {} needs the layer \"{}\", which the book does not have. Load "
                     "it, or adopt a pack that states, with its source, that the county "
                     "keeps none.",
                     name, rule.layer),
         fmt::format("规则 {} 需要图层“{}”，登簿尚无该图层。请先载入，或采用载明本县无此图层"
                     "及其依据的政策包。",
                     name, rule.layer)},
        fmt::format("{} {}", kRulesPage, name));
  }
}

std::vector<std::string> RulesNotRun(const PlotUse& use, const common::Policy& policy,
                                     std::span<const std::string> layers) {
  std::vector<std::string> rules;
  for (const common::ControlRule& rule : common::kControlRules) {
    if (Contains(layers, rule.layer) || !common::IsAbout(rule, use, policy)) continue;
    std::string name = geo::RuleName(rule.rule);
    if (rules.empty() || rules.back() != name) rules.push_back(std::move(name));
  }
  return rules;
}

std::string AreaText(std::string_view text) {
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
