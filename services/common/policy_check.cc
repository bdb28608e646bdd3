#include "services/common/policy_check.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "geo/tolerances.h"
#include "services/common/clock.h"
#include "services/common/control_rules.h"
#include "services/common/door.h"
#include "services/common/tolerance_keys.h"

namespace landbook::common {
namespace {

constexpr std::string_view kHomestead = "homestead";

bool Contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// Walks a chain from the top down; what the packs above said is in the maps.
class ChainCheck {
 public:
  RefusalList Run(std::span<const v1::PolicyPack> chain) {
    for (const v1::PolicyPack& pack : chain) {
      pack_ = &pack;
      CheckHead();
      CheckDoor();
      CheckTiers();
      CheckPlotKinds();
      CheckRightTypes();
      CheckTolerances();
      CheckCautions();
      CheckMortgages();
      CheckWithdrawals();
      CheckUses();
      CheckZones();
      CheckLayersAndNumbering();
      CheckTransformations();
      above_ = &pack;
    }
    return std::move(refusals_);
  }

 private:
  void Add(Reason reason, const std::string& place, Sentence sentence, std::string source = {}) {
    const std::string path = fmt::format("{}.{}", pack_->code(), place);
    sentence.english = fmt::format("{}: {}", path, sentence.english);
    sentence.chinese = fmt::format("{}：{}", path, sentence.chinese);
    refusals_.push_back(Refuse(reason, path, std::move(sentence), std::move(source)));
  }
  void Unreadable(const std::string& place, std::string english, std::string chinese) {
    Add(Reason::PACK_UNREADABLE, place, {std::move(english), std::move(chinese)});
  }

  void CheckHead();
  void CheckDoor();
  void CheckTiers();
  void CheckPlotKinds();
  void CheckRightTypes();
  void CheckTolerances();
  void CheckTolerance(const v1::ToleranceRule& rule, const std::string& place);
  void CheckCautions();
  void CheckMortgages();
  void CheckMortgage(const v1::MortgageRule& rule, const std::string& place);
  void CheckWithdrawals();
  void CheckUses();
  void CheckZones();
  void CheckLandClasses(const google::protobuf::RepeatedPtrField<std::string>& classes,
                        const std::string& place);
  void CheckLayer(const std::string& layer, const std::string& place);
  void CheckLayersAndNumbering();
  void CheckTransformations();

  // A rule's source is there; of a structural one it names no days or divisions.
  template <class Rule>
  void CheckSource(const Rule& rule, const std::string& place);
  template <class Rule>
  void CheckStructural(const Rule& rule, const std::string& place);
  // A code that no pack of the chain has used in this list before.
  void CheckNew(std::set<std::string>& used, const std::string& code, const std::string& place);
  void CheckKnown(const std::set<std::string>& known, const std::string& code,
                  const std::string& place);

  const v1::PolicyPack* pack_ = nullptr;
  const v1::PolicyPack* above_ = nullptr;
  RefusalList refusals_;
  std::set<std::string> pack_codes_;
  std::set<std::string> tiers_, kinds_, types_;
  std::set<std::uint32_t> tier_numbers_;
  std::set<std::string> homestead_types_;
  // The right types that packs above defined, so that silence about them is a prohibition.
  std::set<std::string> types_above_;
  std::map<std::string, v1::MortgageRule> mortgages_;
  geo::Tolerances tolerances_;
};

std::string At(std::string_view list, int index) { return fmt::format("{}[{}]", list, index); }

void ChainCheck::CheckHead() {
  const std::string parent = above_ == nullptr ? "" : above_->code();
  if (pack_->parent() != parent) {
    Add(Reason::PACK_CHAIN_BROKEN, "parent",
        {fmt::format("the pack stands under \"{}\" but names the parent \"{}\"", parent,
                     pack_->parent()),
         fmt::format("上级政策包为“{}”，但所列上级为“{}”", parent, pack_->parent())});
  }
  if (!pack_codes_.insert(pack_->code()).second) {
    Add(Reason::PACK_CHAIN_BROKEN, "code",
        {"a pack above has the same code", "与上级政策包代码相同"});
  }
  if (!pack_->time_zone().empty() && !TimeZone::Named(pack_->time_zone())) {
    Unreadable("time_zone", "the time zone is not known here; name one of the IANA database",
               "时区未知；请使用 IANA 时区名称");
  }
  types_above_ = types_;
}

void ChainCheck::CheckDoor() {
  for (const v1::Refusal& refusal : CheckRequest(*pack_)) {
    Unreadable(refusal.field(), refusal.message_en(), refusal.message_zh());
  }
}

template <class Rule>
void ChainCheck::CheckSource(const Rule& rule, const std::string& place) {
  const std::string& document = rule.source().document();
  if (document.empty()) {
    Add(Reason::PACK_RULE_WITHOUT_SOURCE, place,
        {"no source came; name the article, standard or document the rule rests on",
         "未说明来源；请写明所依据的条文、标准或文件"});
  } else if (document.starts_with("office decision") && !pack_->sample()) {
    Add(Reason::PACK_RULE_WITHOUT_SOURCE, place,
        {"an office decision is named only in a sample pack; name the decision's document",
         "“office decision”仅可用于样本政策包；请写明决定的文号"});
  }
}

template <class Rule>
void ChainCheck::CheckStructural(const Rule& rule, const std::string& place) {
  CheckSource(rule, place);
  const v1::RuleSource& source = rule.source();
  if (!source.from_date().empty() || !source.until_date().empty() || source.divisions_size() > 0) {
    Unreadable(place, "days or divisions came; this holds always and everywhere, so leave them out",
               "该项始终在全域有效；请勿填写日期或区域");
  }
}

void ChainCheck::CheckNew(std::set<std::string>& used, const std::string& code,
                          const std::string& place) {
  if (used.insert(code).second) return;
  Unreadable(place, fmt::format("the code \"{}\" is used twice in the chain", code),
             fmt::format("代码“{}”在政策包链中重复", code));
}

void ChainCheck::CheckKnown(const std::set<std::string>& known, const std::string& code,
                            const std::string& place) {
  if (known.contains(code)) return;
  Unreadable(place, fmt::format("\"{}\" is defined neither here nor above", code),
             fmt::format("“{}”在本政策包及其上级中均未定义", code));
}

void ChainCheck::CheckTiers() {
  for (int i = 0; i < pack_->tiers_size(); ++i) {
    const v1::Tier& tier = pack_->tiers(i);
    const std::string place = At("tiers", i);
    CheckStructural(tier, place);
    CheckNew(tiers_, tier.code(), place + ".code");
    if (tier.number() > 255) Unreadable(place + ".number", "1 to 255 is wanted", "须为 1 至 255");
    if (!tier_numbers_.insert(tier.number()).second) {
      Unreadable(place + ".number", fmt::format("{} is another tier's number", tier.number()),
                 fmt::format("编号 {} 已被其他层使用", tier.number()));
    }
  }
}

void ChainCheck::CheckPlotKinds() {
  for (int i = 0; i < pack_->plot_kinds_size(); ++i) {
    const v1::PlotKind& kind = pack_->plot_kinds(i);
    const std::string place = At("plot_kinds", i);
    CheckStructural(kind, place);
    CheckNew(kinds_, kind.code(), place + ".code");
    CheckKnown(tiers_, kind.tier(), place + ".tier");
    const std::string& letters = kind.feature_letters();
    const bool good = letters.size() == 2 && Contains("GJZ", letters.substr(0, 1)) &&
                      letters[1] >= 'A' && letters[1] <= 'Z';
    if (!good) {
      Unreadable(place + ".feature_letters", "G, J or Z and a capital letter are wanted",
                 "须为 G、J 或 Z 加一个大写字母");
    }
  }
}

void ChainCheck::CheckRightTypes() {
  for (int i = 0; i < pack_->right_types_size(); ++i) {
    const v1::RightType& type = pack_->right_types(i);
    const std::string place = At("right_types", i);
    CheckStructural(type, place);
    CheckNew(types_, type.code(), place + ".code");
    for (const std::string& kind : type.plot_kinds()) {
      CheckKnown(kinds_, kind, place + ".plot_kinds");
      if (kind == kHomestead) homestead_types_.insert(type.code());
    }
    for (const std::string& parent : type.parents()) CheckKnown(types_, parent, place + ".parents");
    if (type.parent_required() && type.parents().empty()) {
      Unreadable(place + ".parents", "a parent is required but no type of parent is named",
                 "要求母权利，但未列出可作为母权利的类型");
    }
    if (type.years_max() > 0 && type.years_min() > type.years_max()) {
      Unreadable(place + ".years_min", "the least term is longer than the longest",
                 "最短期限大于最长期限");
    }
  }
}

void ChainCheck::CheckTolerances() {
  std::set<std::string> used;
  for (int i = 0; i < pack_->tolerances_size(); ++i) {
    const v1::ToleranceRule& rule = pack_->tolerances(i);
    const std::string place = At("tolerances", i);
    CheckStructural(rule, place);
    CheckNew(used, rule.key(), place + ".key");
    CheckTolerance(rule, place);
  }
}

void ChainCheck::CheckTolerance(const v1::ToleranceRule& rule, const std::string& place) {
  const ToleranceKey* key = ToleranceKeyNamed(rule.key());
  if (key == nullptr) {
    return Unreadable(place + ".key", fmt::format("there is no tolerance \"{}\"", rule.key()),
                      fmt::format("无容差项“{}”", rule.key()));
  }
  if (rule.value() < key->least || rule.value() > key->greatest) {
    return Unreadable(
        place + ".value",
        fmt::format("{} came; {} to {} is wanted", rule.value(), key->least, key->greatest),
        fmt::format("收到 {}；须为 {} 至 {}", rule.value(), key->least, key->greatest));
  }
  const std::int64_t above = ToleranceOf(tolerances_, *key);
  const bool looser = key->greater_is_looser ? rule.value() > above : rule.value() < above;
  if (above_ != nullptr && looser && rule.source().document().starts_with("practice")) {
    Add(Reason::PACK_RULE_WITHOUT_SOURCE, place,
        {fmt::format("{} is looser than the {} above; name the document that allows it",
                     rule.value(), above),
         fmt::format("{} 比上级的 {} 宽松；请写明依据文件", rule.value(), above)});
  }
  SetTolerance(tolerances_, *key, rule.value());
}

void ChainCheck::CheckCautions() {
  std::set<std::pair<int, int>> cells;
  for (int i = 0; i < pack_->caution_rules_size(); ++i) {
    const v1::CautionRule& rule = pack_->caution_rules(i);
    const std::string place = At("caution_rules", i);
    CheckSource(rule, place);
    for (const int act : rule.acts()) {
      if (cells.insert({rule.cause(), act}).second) continue;
      Unreadable(place + ".acts", "another rule of the pack names the same cause and act",
                 "本政策包中已有规则针对同一限制事由和登记行为");
    }
  }
}

void ChainCheck::CheckMortgages() {
  std::set<std::string> used;
  for (int i = 0; i < pack_->mortgage_rules_size(); ++i) {
    const v1::MortgageRule& rule = pack_->mortgage_rules(i);
    const std::string place = At("mortgage_rules", i);
    CheckSource(rule, place);
    CheckNew(used, rule.right_type(), place + ".right_type");
    CheckKnown(types_, rule.right_type(), place + ".right_type");
    CheckMortgage(rule, place);
  }
  for (const v1::MortgageRule& rule : pack_->mortgage_rules()) mortgages_[rule.right_type()] = rule;
}

// Whether `lower` asks for less than `upper` did.
bool AsksForLess(const v1::MortgageRule& lower, const v1::MortgageRule& upper) {
  if (upper.financial_institution_only() && !lower.financial_institution_only()) return true;
  return std::any_of(upper.evidence().begin(), upper.evidence().end(), [&](int kind) {
    return std::find(lower.evidence().begin(), lower.evidence().end(), kind) ==
           lower.evidence().end();
  });
}

void ChainCheck::CheckMortgage(const v1::MortgageRule& rule, const std::string& place) {
  if (!rule.permitted() || NamesLaw(rule.permitting_law())) return;
  if (homestead_types_.contains(rule.right_type())) {
    Add(Reason::PACK_AGAINST_STATUTE, place,
        {"a homestead may not be mortgaged; permitting_law has to name the law, or the decision of "
         "the Standing Committee of the National People's Congress, that permits it",
         "宅基地使用权不得抵押；permitting_law 须写明准许抵押的法律或全国人大常委会决定"},
        "Civil Code 399(2)");
    return;
  }
  const auto above = mortgages_.find(rule.right_type());
  const bool forbidden_above = above == mortgages_.end() ? types_above_.contains(rule.right_type())
                                                         : !above->second.permitted();
  if (forbidden_above || (above != mortgages_.end() && AsksForLess(rule, above->second))) {
    Add(Reason::PACK_AGAINST_STATUTE, place,
        {"the pack above forbids this mortgage or asks more of it; permitting_law has to name the "
         "law that permits it",
         "上级政策包禁止该抵押或条件更严；permitting_law 须写明准许的法律"},
        above == mortgages_.end() ? "" : above->second.source().document());
  }
}

void ChainCheck::CheckWithdrawals() {
  std::set<std::string> used;
  for (int i = 0; i < pack_->withdrawal_rules_size(); ++i) {
    const v1::WithdrawalRule& rule = pack_->withdrawal_rules(i);
    const std::string place = At("withdrawal_rules", i);
    CheckSource(rule, place);
    CheckNew(used, rule.right_type(), place + ".right_type");
    CheckKnown(types_, rule.right_type(), place + ".right_type");
  }
}

void ChainCheck::CheckLandClasses(const google::protobuf::RepeatedPtrField<std::string>& classes,
                                  const std::string& place) {
  for (const std::string& land_class : classes) {
    const bool digits = land_class.find_first_not_of("0123456789") == std::string::npos;
    if (digits && land_class.size() >= 2 && land_class.size() <= 4) continue;
    Unreadable(
        place + ".land_classes",
        fmt::format("\"{}\" came; two to four digits of GB/T 21010-2017 are wanted", land_class),
        fmt::format("收到“{}”；须为 GB/T 21010-2017 分类代码的前二至四位", land_class));
  }
}

void ChainCheck::CheckUses() {
  std::set<std::string> used;
  for (int i = 0; i < pack_->use_rules_size(); ++i) {
    const v1::UseRule& rule = pack_->use_rules(i);
    const std::string place = At("use_rules", i);
    CheckStructural(rule, place);
    CheckNew(used, rule.use(), place + ".use");
    CheckLandClasses(rule.land_classes(), place);
    for (const std::string& kind : rule.plot_kinds()) {
      CheckKnown(kinds_, kind, place + ".plot_kinds");
    }
    if (rule.use() == "construction" || rule.use() == "commerce") continue;
    Unreadable(place + ".use", "\"construction\" or \"commerce\" is wanted",
               "须为“construction”或“commerce”");
  }
}

void ChainCheck::CheckZones() {
  for (int i = 0; i < pack_->zone_rules_size(); ++i) {
    const v1::ZoneRule& rule = pack_->zone_rules(i);
    const std::string place = At("zone_rules", i);
    CheckStructural(rule, place);
    CheckLayer(rule.layer(), place + ".layer");
    CheckLandClasses(rule.land_classes(), place);
    if (!rule.zones().empty()) continue;
    Unreadable(place + ".zones", "no zone came; name those that the rule is about",
               "未列出分区；请写明规则所针对的分区");
  }
}

void ChainCheck::CheckLayer(const std::string& layer, const std::string& place) {
  if (ControlRuleOf(layer) != nullptr) return;
  std::vector<std::string_view> layers;
  for (const ControlRule& rule : kControlRules) layers.push_back(rule.layer);
  Unreadable(place,
             fmt::format("there is no control layer \"{}\"; one of {} is wanted", layer,
                         fmt::join(layers, ", ")),
             fmt::format("没有管控图层“{}”；应为 {} 之一", layer, fmt::join(layers, "、")));
}

void ChainCheck::CheckLayersAndNumbering() {
  std::set<std::string> used;
  for (int i = 0; i < pack_->layers_not_kept_size(); ++i) {
    CheckStructural(pack_->layers_not_kept(i), At("layers_not_kept", i));
    const std::string place = At("layers_not_kept", i) + ".layer";
    CheckNew(used, pack_->layers_not_kept(i).layer(), place);
    CheckLayer(pack_->layers_not_kept(i).layer(), place);
  }
  if (pack_->has_certificate_numbering()) {
    CheckStructural(pack_->certificate_numbering(), "certificate_numbering");
  }
}

// Whether a pipeline leads anywhere is found where it is used: what PROJ makes of it depends on the
// machine, and what a pack says must not.
void ChainCheck::CheckTransformations() {
  std::set<std::string> used;
  for (int i = 0; i < pack_->plane_transformations_size(); ++i) {
    const v1::PlaneTransformation& way = pack_->plane_transformations(i);
    const std::string place = At("plane_transformations", i);
    CheckStructural(way, place);
    CheckNew(used, fmt::format("{}>{}", way.source_epsg(), way.plane_epsg()), place);
    if (way.pipeline().starts_with("+proj=pipeline ")) continue;
    Unreadable(place + ".pipeline",
               fmt::format("\"{}\" came; PROJ text that begins with \"+proj=pipeline \" is wanted",
                           way.pipeline()),
               fmt::format("收到“{}”；须为以“+proj=pipeline ”开头的 PROJ 文本", way.pipeline()));
  }
}

}  // namespace

RefusalList CheckPackChain(std::span<const v1::PolicyPack> chain) {
  return ChainCheck().Run(chain);
}

bool NamesLaw(std::string_view text) {
  // What a county, a province or a ministry issues, in the words that its titles end with.
  constexpr std::string_view kLesser[] = {"通知",    "办法", "意见",      "方案",   "细则",
                                          "规定",    "批复", "Notice",    "notice", "Measures",
                                          "Opinion", "Plan", "Provisions"};
  for (const std::string_view word : kLesser) {
    if (Contains(text, word)) return false;
  }
  const bool standing_committee =
      Contains(text, "全国人民代表大会常务委员会") || Contains(text, "全国人大常委会") ||
      Contains(text, "NPC Standing Committee") ||
      Contains(text, "Standing Committee of the National People's Congress");
  const bool decision = Contains(text, "决定") || Contains(text, "ecision");
  const bool law = (Contains(text, "中华人民共和国") && Contains(text, "法")) ||
                   Contains(text, "Law of the People's Republic of China") ||
                   Contains(text, "Civil Code of the People's Republic of China");
  return (standing_committee && decision) || law;
}

}  // namespace landbook::common
