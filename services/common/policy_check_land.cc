// Checks of what a pack says land is: tiers, kinds of plots, types of rights, tolerances, uses,
// zones, and the office's ways onto its plane.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>

#include "geo/tolerances.h"
#include "services/common/control_rules.h"
#include "services/common/policy_check_internal.h"
#include "services/common/tolerance_keys.h"

namespace landbook::common {
namespace {

// A code that no item of the list has used before, in this pack or in one above.
template <class Item>
void CheckNew(ListOf<Item> list, const Item& item, const std::string& (Item::*code)() const,
              const std::string& place, PackCheck* check) {
  const auto refuse = [&] {
    check->Unreadable(place, fmt::format("\"{}\" is used twice in the chain", (item.*code)()),
                      fmt::format("“{}”在政策包链中重复", (item.*code)()));
  };
  for (const v1::PolicyPack& upper : check->above()) {
    for (const Item& other : (upper.*list)()) {
      if ((other.*code)() == (item.*code)()) return refuse();
    }
  }
  for (const Item& other : (check->pack().*list)()) {
    if (&other == &item) return;
    if ((other.*code)() == (item.*code)()) return refuse();
  }
}

// The same, for what a pack may say anew of what one above has said.
void CheckOnceInPack(std::set<std::string>* used, const std::string& code, const std::string& place,
                     PackCheck* check) {
  if (used->insert(code).second) return;
  check->Unreadable(place, fmt::format("\"{}\" is used twice in the pack", code),
                    fmt::format("“{}”在本政策包中重复", code));
}

bool IsNumberTaken(const v1::Tier& tier, const PackCheck& check) {
  for (const v1::PolicyPack& upper : check.above()) {
    for (const v1::Tier& other : upper.tiers()) {
      if (other.number() == tier.number()) return true;
    }
  }
  for (const v1::Tier& other : check.pack().tiers()) {
    if (&other == &tier) return false;
    if (other.number() == tier.number()) return true;
  }
  return false;
}

void CheckTiers(PackCheck* check) {
  for (int i = 0; i < check->pack().tiers_size(); ++i) {
    const v1::Tier& tier = check->pack().tiers(i);
    const std::string place = At("tiers", i);
    check->CheckStructural(tier.source(), place);
    CheckNew(&v1::PolicyPack::tiers, tier, &v1::Tier::code, place + ".code", check);
    if (tier.number() > 255) {
      check->Unreadable(place + ".number", "1 to 255 is wanted", "须为 1 至 255");
    }
    if (IsNumberTaken(tier, *check)) {
      check->Unreadable(place + ".number",
                        fmt::format("{} is another tier's number", tier.number()),
                        fmt::format("编号 {} 已被其他层使用", tier.number()));
    }
  }
}

bool AreFeatureLetters(const std::string& letters) {
  return letters.size() == 2 && std::string_view("GJZ").find(letters[0]) != std::string::npos &&
         letters[1] >= 'A' && letters[1] <= 'Z';
}

void CheckPlotKinds(PackCheck* check) {
  for (int i = 0; i < check->pack().plot_kinds_size(); ++i) {
    const v1::PlotKind& kind = check->pack().plot_kinds(i);
    const std::string place = At("plot_kinds", i);
    check->CheckStructural(kind.source(), place);
    CheckNew(&v1::PolicyPack::plot_kinds, kind, &v1::PlotKind::code, place + ".code", check);
    check->CheckTier(kind.tier(), place + ".tier");
    if (AreFeatureLetters(kind.feature_letters())) continue;
    check->Unreadable(place + ".feature_letters", "G, J or Z and a capital letter are wanted",
                      "须为 G、J 或 Z 加一个大写字母");
  }
}

void CheckTypesOfRight(PackCheck* check) {
  for (int i = 0; i < check->pack().right_types_size(); ++i) {
    const v1::RightType& type = check->pack().right_types(i);
    const std::string place = At("right_types", i);
    check->CheckStructural(type.source(), place);
    CheckNew(&v1::PolicyPack::right_types, type, &v1::RightType::code, place + ".code", check);
    for (const std::string& kind : type.plot_kinds()) {
      check->CheckPlotKind(kind, place + ".plot_kinds");
    }
    check->CheckRightTypes(type.parents(), place + ".parents");
    if (type.parent_required() && type.parents().empty()) {
      check->Unreadable(place + ".parents", "a parent is required but no type of parent is named",
                        "要求母权利，但未列出可作为母权利的类型");
    }
    if (type.years_max() > 0 && type.years_min() > type.years_max()) {
      check->Unreadable(place + ".years_min", "the least term is longer than the longest",
                        "最短期限大于最长期限");
    }
  }
}

// The value that the packs above give the key.
std::int64_t ToleranceAbove(const ToleranceKey& key, const PackCheck& check) {
  std::int64_t value = ToleranceOf(geo::Tolerances(), key);
  for (const v1::PolicyPack& upper : check.above()) {
    for (const v1::ToleranceRule& rule : upper.tolerances()) {
      if (rule.key() == key.key) value = rule.value();
    }
  }
  return value;
}

void CheckTolerance(const v1::ToleranceRule& rule, const std::string& place, PackCheck* check) {
  const ToleranceKey* key = ToleranceKeyNamed(rule.key());
  if (key == nullptr) {
    return check->Unreadable(place + ".key",
                             fmt::format("there is no tolerance \"{}\"", rule.key()),
                             fmt::format("无容差项“{}”", rule.key()));
  }
  if (rule.value() < key->least || rule.value() > key->greatest) {
    return check->Unreadable(
        place + ".value",
        fmt::format("{} came; {} to {} is wanted", rule.value(), key->least, key->greatest),
        fmt::format("收到 {}；须为 {} 至 {}", rule.value(), key->least, key->greatest));
  }
  const std::int64_t above = ToleranceAbove(*key, *check);
  const bool looser = key->greater_is_looser ? rule.value() > above : rule.value() < above;
  if (check->above().empty() || !looser || !rule.source().document().starts_with("practice")) {
    return;
  }
  check->Refuse(Reason::PACK_RULE_WITHOUT_SOURCE, place,
                {fmt::format("{} is looser than the {} above; name the document that allows it",
                             rule.value(), above),
                 fmt::format("{} 比上级的 {} 宽松；请写明依据文件", rule.value(), above)});
}

void CheckTolerances(PackCheck* check) {
  std::set<std::string> used;
  for (int i = 0; i < check->pack().tolerances_size(); ++i) {
    const v1::ToleranceRule& rule = check->pack().tolerances(i);
    const std::string place = At("tolerances", i);
    check->CheckStructural(rule.source(), place);
    CheckOnceInPack(&used, rule.key(), place + ".key", check);
    CheckTolerance(rule, place, check);
  }
}

void CheckUses(PackCheck* check) {
  std::set<std::string> used;
  for (int i = 0; i < check->pack().use_rules_size(); ++i) {
    const v1::UseRule& rule = check->pack().use_rules(i);
    const std::string place = At("use_rules", i);
    check->CheckStructural(rule.source(), place);
    CheckOnceInPack(&used, rule.use(), place + ".use", check);
    check->CheckLandClasses(rule.land_classes(), place);
    for (const std::string& kind : rule.plot_kinds()) {
      check->CheckPlotKind(kind, place + ".plot_kinds");
    }
    if (rule.use() == "construction" || rule.use() == "commerce") continue;
    check->Unreadable(place + ".use", "\"construction\" or \"commerce\" is wanted",
                      "须为“construction”或“commerce”");
  }
}

void CheckLayer(const std::string& layer, const std::string& place, PackCheck* check) {
  if (ControlRuleOf(layer) != nullptr) return;
  std::vector<std::string_view> layers;
  for (const ControlRule& rule : kControlRules) layers.push_back(rule.layer);
  check->Unreadable(place,
                    fmt::format("there is no control layer \"{}\"; one of {} is wanted", layer,
                                fmt::join(layers, ", ")),
                    fmt::format("没有管控图层“{}”；应为 {} 之一", layer, fmt::join(layers, "、")));
}

void CheckZones(PackCheck* check) {
  for (int i = 0; i < check->pack().zone_rules_size(); ++i) {
    const v1::ZoneRule& rule = check->pack().zone_rules(i);
    const std::string place = At("zone_rules", i);
    check->CheckStructural(rule.source(), place);
    CheckLayer(rule.layer(), place + ".layer", check);
    check->CheckLandClasses(rule.land_classes(), place);
    if (!rule.zones().empty()) continue;
    check->Unreadable(place + ".zones", "no zone came; name those that the rule is about",
                      "未列出分区；请写明规则所针对的分区");
  }
}

void CheckLayersAndNumbering(PackCheck* check) {
  std::set<std::string> used;
  for (int i = 0; i < check->pack().layers_not_kept_size(); ++i) {
    const v1::LayerNotKept& kept = check->pack().layers_not_kept(i);
    const std::string place = At("layers_not_kept", i);
    check->CheckStructural(kept.source(), place);
    CheckOnceInPack(&used, kept.layer(), place + ".layer", check);
    CheckLayer(kept.layer(), place + ".layer", check);
  }
  if (check->pack().has_certificate_numbering()) {
    check->CheckStructural(check->pack().certificate_numbering().source(), "certificate_numbering");
  }
}

// Whether a pipeline leads anywhere is found where it is used: what PROJ makes of it depends on the
// machine, and what a pack says must not.
void CheckTransformations(PackCheck* check) {
  std::set<std::string> used;
  for (int i = 0; i < check->pack().plane_transformations_size(); ++i) {
    const v1::PlaneTransformation& way = check->pack().plane_transformations(i);
    const std::string place = At("plane_transformations", i);
    check->CheckStructural(way.source(), place);
    CheckOnceInPack(&used, fmt::format("{}>{}", way.source_epsg(), way.plane_epsg()), place, check);
    if (way.pipeline().starts_with("+proj=pipeline ")) continue;
    check->Unreadable(
        place + ".pipeline",
        fmt::format("\"{}\" came; PROJ text that begins with \"+proj=pipeline \" is wanted",
                    way.pipeline()),
        fmt::format("收到“{}”；须为以“+proj=pipeline ”开头的 PROJ 文本", way.pipeline()));
  }
}

}  // namespace

void CheckLandLists(PackCheck* check) {
  CheckTiers(check);
  CheckPlotKinds(check);
  CheckTypesOfRight(check);
  CheckTolerances(check);
  CheckUses(check);
  CheckZones(check);
  CheckLayersAndNumbering(check);
  CheckTransformations(check);
}

}  // namespace landbook::common
