#include "services/common/policy_check.h"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "services/common/clock.h"
#include "services/common/door.h"
#include "services/common/policy_check_internal.h"

namespace landbook::common {
namespace {

bool Contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// The rule of packs that a reason stands for; empty for what is only form.
std::string_view RuleOf(Reason reason) {
  switch (reason) {
    case Reason::PACK_LOOSER_THAN_ABOVE:
      return "L-01";
    case Reason::PACK_RULE_WITHOUT_SOURCE:
      return "L-02";
    case Reason::PACK_AGAINST_STATUTE:
      return "L-05";
    default:
      return "";
  }
}

// True when a document of that title and organ is a statute: a law, a regulation of the State
// Council, or one of a provincial people's congress (Legislation Law 10, 72, 80).
bool IsStatute(const v1::PackDocument& document) {
  const std::string& title = document.title();
  const bool by_congress = Contains(document.organ(), "人民代表大会");
  const bool by_council = document.organ() == "国务院";
  const bool law = title.ends_with("法") || title.ends_with("法典");
  const bool regulation = title.ends_with("条例");
  return (by_congress && (law || regulation)) || (by_council && regulation);
}

// A lower pack's area lies within that of the pack above.
bool LiesWithin(const v1::PolicyPack& pack, const v1::PolicyPack& above) {
  return above.divisions().empty() ||
         (!pack.divisions().empty() &&
          std::all_of(pack.divisions().begin(), pack.divisions().end(),
                      [&](const std::string& division) {
                        return std::any_of(
                            above.divisions().begin(), above.divisions().end(),
                            [&](const std::string& wider) { return division.starts_with(wider); });
                      }));
}

void CheckParent(PackCheck* check) {
  const auto above = check->above();
  const std::string parent = above.empty() ? "" : above.back().code();
  if (check->pack().parent() != parent) {
    check->Refuse(
        Reason::PACK_CHAIN_BROKEN, "parent",
        {fmt::format("the pack stands under \"{}\" but names the parent \"{}\"", parent,
                     check->pack().parent()),
         fmt::format("上级政策包为“{}”，但所列上级为“{}”", parent, check->pack().parent())});
  }
  for (const v1::PolicyPack& upper : above) {
    if (upper.code() != check->pack().code()) continue;
    check->Refuse(Reason::PACK_CHAIN_BROKEN, "code",
                  {"a pack above has the same code", "与上级政策包代码相同"});
  }
}

void CheckReach(PackCheck* check) {
  const v1::PolicyPack& pack = check->pack();
  if (!pack.until_date().empty() && pack.until_date() < pack.from_date()) {
    check->Unreadable("until_date", "the pack ends before it begins", "政策包的截止日早于起始日");
  }
  if (!check->above().empty() && !LiesWithin(pack, check->above().back())) {
    check->Unreadable("divisions", "the pack's area lies outside that of the pack above",
                      "政策包的适用区域超出上级政策包");
  }
}

void CheckHead(PackCheck* check) {
  CheckParent(check);
  const std::string& zone = check->pack().time_zone();
  if (!zone.empty() && !TimeZone::Named(zone)) {
    check->Unreadable("time_zone", "the time zone is not known here; name one of the IANA database",
                      "时区未知；请使用 IANA 时区名称");
  }
  CheckReach(check);
}

void CheckDoor(PackCheck* check) {
  for (const v1::Refusal& refusal : CheckRequest(check->pack())) {
    check->Unreadable(refusal.field(), refusal.message_en(), refusal.message_zh());
  }
}

void CheckDocuments(PackCheck* check) {
  const auto& documents = check->pack().documents();
  for (int i = 0; i < documents.size(); ++i) {
    const bool again = std::any_of(
        documents.begin(), documents.begin() + i,
        [&](const v1::PackDocument& other) { return other.key() == documents[i].key(); });
    if (!again) continue;
    check->Unreadable(At("documents", i) + ".key", "another document of the pack has that key",
                      "本政策包中已有文件使用该简称");
  }
}

// What a rule or its pack says of its days and its divisions.
const std::string& Or(const std::string& own, const std::string& of_pack) {
  return own.empty() ? of_pack : own;
}

const google::protobuf::RepeatedPtrField<std::string>& DivisionsOf(const Reach& reach) {
  return reach.source.divisions().empty() ? reach.pack.divisions() : reach.source.divisions();
}

bool EndsBefore(const Reach& a, const Reach& b) {
  const std::string& until = Or(a.source.until_date(), a.pack.until_date());
  return !until.empty() && until < Or(b.source.from_date(), b.pack.from_date());
}

}  // namespace

// Dates as YYYY-MM-DD compare as text; an empty first day comes before all.
bool Overlap(const Reach& a, const Reach& b) {
  if (EndsBefore(a, b) || EndsBefore(b, a)) return false;
  const auto& there = DivisionsOf(a);
  const auto& here = DivisionsOf(b);
  if (there.empty() || here.empty()) return true;
  return std::any_of(there.begin(), there.end(), [&](const std::string& one) {
    return std::any_of(here.begin(), here.end(), [&](const std::string& other) {
      return one.starts_with(other) || other.starts_with(one);
    });
  });
}

void PackCheck::Refuse(Reason reason, const std::string& place, Sentence sentence,
                       std::string source) {
  const std::string path = fmt::format("{}.{}", pack().code(), place);
  sentence.english = fmt::format("{}: {}", path, sentence.english);
  sentence.chinese = fmt::format("{}：{}", path, sentence.chinese);
  v1::Refusal refusal = common::Refuse(reason, path, std::move(sentence), std::move(source));
  refusal.set_rule(std::string(RuleOf(reason)));
  refusals_->push_back(std::move(refusal));
}

void PackCheck::RefuseLooser(const std::string& place, const Sentence& what,
                             const v1::RuleSource& above) {
  Refuse(Reason::PACK_LOOSER_THAN_ABOVE, place,
         {fmt::format("the rule is looser than one above ({}): {}. A lower pack may only be "
                      "stricter, or use a freedom that a higher one gives",
                      above.document(), what.english),
          fmt::format("该规则比上级规则（{}）宽松：{}。下级政策包只能更严，或者使用上级给予的自由",
                      above.document(), what.chinese)},
         above.document());
}

void PackCheck::Unreadable(const std::string& place, std::string english, std::string chinese) {
  Refuse(Reason::PACK_UNREADABLE, place, {std::move(english), std::move(chinese)});
}

void PackCheck::CheckSource(const v1::RuleSource& source, const std::string& place) {
  if (source.document().empty()) {
    Refuse(Reason::PACK_RULE_WITHOUT_SOURCE, place,
           {"no source came; name the article, standard or document the rule rests on",
            "未说明来源；请写明所依据的条文、标准或文件"});
  } else if (source.document().starts_with("office decision") && !pack().sample()) {
    Refuse(Reason::PACK_RULE_WITHOUT_SOURCE, place,
           {"an office decision is named only in a sample pack; name the decision's document",
            "“office decision”仅可用于样本政策包；请写明决定的文号"});
  }
  if (!source.until_date().empty() && source.until_date() < source.from_date()) {
    Unreadable(place + ".source.until_date", "the rule ends before it begins",
               "规则的截止日早于起始日");
  }
}

void PackCheck::CheckStructural(const v1::RuleSource& source, const std::string& place) {
  CheckSource(source, place);
  if (!source.from_date().empty() || !source.until_date().empty() || source.divisions_size() > 0) {
    Unreadable(place, "days or divisions came; this holds always and everywhere, so leave them out",
               "该项始终在全域有效；请勿填写日期或区域");
  }
}

void PackCheck::CheckKnown(bool known, const std::string& code, const std::string& place) {
  if (known) return;
  Unreadable(place, fmt::format("\"{}\" is defined neither here nor above", code),
             fmt::format("“{}”在本政策包及其上级中均未定义", code));
}

void PackCheck::CheckTier(const std::string& code, const std::string& place) {
  CheckKnown(Has(&v1::PolicyPack::tiers, &v1::Tier::code, code), code, place);
}

void PackCheck::CheckPlotKind(const std::string& code, const std::string& place) {
  CheckKnown(Has(&v1::PolicyPack::plot_kinds, &v1::PlotKind::code, code), code, place);
}

void PackCheck::CheckRightType(const std::string& code, const std::string& place) {
  CheckKnown(Has(&v1::PolicyPack::right_types, &v1::RightType::code, code), code, place);
}

void PackCheck::CheckRightTypes(const google::protobuf::RepeatedPtrField<std::string>& codes,
                                const std::string& place) {
  for (const std::string& code : codes) CheckRightType(code, place);
}

bool PackCheck::NamesStatute(std::string_view text) const {
  if (NamesLaw(text)) return true;
  const std::string_view key = text.substr(0, text.find(' '));
  return std::any_of(chain_.begin(), chain_.end(), [&](const v1::PolicyPack& pack) {
    return std::any_of(pack.documents().begin(), pack.documents().end(),
                       [&](const v1::PackDocument& document) {
                         return document.key() == key && IsStatute(document);
                       });
  });
}

void PackCheck::CheckLandClasses(const google::protobuf::RepeatedPtrField<std::string>& classes,
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

RefusalList CheckPackChain(std::span<const v1::PolicyPack> chain) {
  RefusalList refusals;
  for (std::size_t packs = 1; packs <= chain.size(); ++packs) {
    PackCheck check(chain.first(packs), &refusals);
    CheckHead(&check);
    CheckDoor(&check);
    CheckDocuments(&check);
    CheckLandLists(&check);
    CheckConsentLists(&check);
    CheckRightLists(&check);
    CheckCaseLists(&check);
  }
  return refusals;
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
