#include "services/common/policy.h"

#include <fmt/format.h>
#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/text_format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>

#include "services/common/policy_check.h"
#include "services/common/tolerance_keys.h"
#include "storage/check.h"

namespace landbook::common {
namespace {

constexpr std::size_t kPackBytesMax = 1u << 20;

// Keeps the first thing that the reader of protobuf text does not like.
class FirstError : public google::protobuf::io::ErrorCollector {
 public:
  void AddError(int line, int column, const std::string& message) override {
    if (text_.empty()) text_ = fmt::format("line {}, column {}: {}", line + 1, column + 1, message);
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

v1::Refusal Unreadable(const std::string& what, const std::string& why) {
  return Refuse(Reason::PACK_UNREADABLE, what,
                {fmt::format("{} is no policy pack: {}", what, why),
                 fmt::format("{} 不是有效的政策包：{}", what, why)});
}

// The pack that `text` writes; a field that it does not have is refused by the reader.
Outcome<v1::PolicyPack> ParsePack(const std::string& text, const std::string& what) {
  if (text.size() > kPackBytesMax) {
    return Unreadable(
        what, fmt::format("{} bytes came, at most {} are taken", text.size(), kPackBytesMax));
  }
  FirstError error;
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&error);
  v1::PolicyPack pack;
  if (!parser.ParseFromString(text, &pack)) return Unreadable(what, error.text());
  return pack;
}

struct PackFile {
  std::string text;
  std::string parent;
};
using PackFiles = std::map<std::string, PackFile, std::less<>>;

std::optional<v1::Refusal> AddFile(const std::filesystem::path& path, PackFiles& files) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  if (!stream) return Unreadable(path.filename().string(), "the file cannot be read");
  const Outcome<v1::PolicyPack> pack = ParsePack(text.str(), path.filename().string());
  if (!pack.ok()) return pack.refusals().front();
  if (!files.emplace(pack->code(), PackFile{text.str(), pack->parent()}).second) {
    return Refuse(Reason::PACK_CHAIN_BROKEN, pack->code(),
                  {fmt::format("two files hold the pack \"{}\"; keep one", pack->code()),
                   fmt::format("有两个文件定义政策包“{}”；请保留一个", pack->code())});
  }
  return std::nullopt;
}

Outcome<PackFiles> ReadPackFiles(const std::string& directory) {
  std::error_code error;
  std::vector<std::filesystem::path> paths;
  for (std::filesystem::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().extension() == ".textproto") paths.push_back(entry->path());
  }
  if (error) return Unreadable(directory, error.message());
  std::sort(paths.begin(), paths.end());
  PackFiles files;
  for (const std::filesystem::path& path : paths) {
    if (auto refusal = AddFile(path, files)) return *refusal;
  }
  return files;
}

// A pack's lists, for look-ups through all packs.
constexpr auto kTiers = [](const v1::PolicyPack& pack) -> const auto& { return pack.tiers(); };
constexpr auto kPlotKinds = [](const v1::PolicyPack& pack) -> const auto& {
  return pack.plot_kinds();
};
constexpr auto kRightTypes = [](const v1::PolicyPack& pack) -> const auto& {
  return pack.right_types();
};
constexpr auto kLayersNotKept = [](const v1::PolicyPack& pack) -> const auto& {
  return pack.layers_not_kept();
};

constexpr auto kUseRules = [](const v1::PolicyPack& pack) -> const auto& {
  return pack.use_rules();
};
constexpr auto kZoneRules = [](const v1::PolicyPack& pack) -> const auto& {
  return pack.zone_rules();
};

}  // namespace

Outcome<std::vector<std::string>> PackChainFromDirectory(const std::string& directory,
                                                         std::string_view code) {
  Outcome<PackFiles> files = ReadPackFiles(directory);
  if (!files.ok()) return files.refusals();
  std::vector<std::string> chain;
  for (std::string next(code); chain.empty() || !next.empty();) {
    const auto found = files->find(next);
    if (found == files->end()) {
      return Refuse(Reason::PACK_UNKNOWN, next,
                    {fmt::format("there is no policy pack \"{}\" on this server", next),
                     fmt::format("本服务器没有政策包“{}”", next)});
    }
    if (chain.size() >= files->size()) {
      return Refuse(Reason::PACK_CHAIN_BROKEN, next,
                    {fmt::format("the parents of \"{}\" go round in a circle", code),
                     fmt::format("政策包“{}”的上级关系成环", code)});
    }
    chain.push_back(found->second.text);
    next = found->second.parent;
  }
  std::reverse(chain.begin(), chain.end());
  return chain;
}

// The packs, lowest first, as look-ups go through them.
struct Policy::View {
  std::vector<v1::PolicyPack> packs;
  std::vector<std::string> chain;
  std::optional<TimeZone> time_zone;
  geo::Tolerances tolerances;

  // The first item of any pack's `list`, lowest pack first, that `fits`; null when none does.
  template <class List, class Fits>
  auto Find(List list, Fits fits) const -> decltype(&list(packs.front()).Get(0)) {
    for (const v1::PolicyPack& pack : packs) {
      for (const auto& item : list(pack)) {
        if (fits(item)) return &item;
      }
    }
    return nullptr;
  }
};

Outcome<Policy> Policy::FromTexts(std::span<const std::string> chain) {
  return Make(chain, /*adopted=*/false);
}

Outcome<Policy> Policy::FromAdopted(std::span<const std::string> chain) {
  return Make(chain, /*adopted=*/true);
}

Outcome<Policy> Policy::Make(std::span<const std::string> chain, bool adopted) {
  auto view = std::make_shared<View>();
  for (std::size_t i = 0; i < chain.size(); ++i) {
    Outcome<v1::PolicyPack> pack = ParsePack(chain[i], fmt::format("chain[{}]", i));
    if (!pack.ok()) return pack.refusals();
    view->packs.push_back(std::move(*pack));
  }
  if (view->packs.empty()) {
    return Refuse(Reason::PACK_CHAIN_BROKEN, "chain",
                  {"no pack came; at least one is wanted", "未提供政策包"});
  }
  RefusalList refusals = CheckPackChain(view->packs);
  if (adopted) std::erase_if(refusals, [](const auto& refusal) { return !refusal.rule().empty(); });
  if (!refusals.empty()) return refusals;
  view->chain.assign(chain.begin(), chain.end());
  std::string zone(kDefaultTimeZone);
  for (const v1::PolicyPack& pack : view->packs) {
    if (!pack.time_zone().empty()) zone = pack.time_zone();
    for (const v1::ToleranceRule& rule : pack.tolerances()) {
      SetTolerance(view->tolerances, *ToleranceKeyNamed(rule.key()), rule.value());
    }
  }
  view->time_zone = TimeZone::Named(zone);
  std::reverse(view->packs.begin(), view->packs.end());
  return Policy(std::move(view));
}

const std::string& Policy::code() const { return view_->packs.front().code(); }

std::uint32_t Policy::version() const { return view_->packs.front().version(); }

bool Policy::sample() const {
  return std::any_of(view_->packs.begin(), view_->packs.end(),
                     [](const v1::PolicyPack& pack) { return pack.sample(); });
}

const TimeZone& Policy::time_zone() const { return *view_->time_zone; }

const std::vector<std::string>& Policy::chain() const { return view_->chain; }

std::shared_ptr<const std::vector<v1::PolicyPack>> Policy::packs() const {
  return {view_, &view_->packs};
}

const v1::Tier* Policy::TierNamed(std::string_view code) const {
  return view_->Find(kTiers, [&](const v1::Tier& tier) { return tier.code() == code; });
}

const v1::PlotKind* Policy::PlotKindNamed(std::string_view code) const {
  return view_->Find(kPlotKinds, [&](const v1::PlotKind& kind) { return kind.code() == code; });
}

const v1::RightType* Policy::RightTypeNamed(std::string_view code) const {
  return view_->Find(kRightTypes, [&](const v1::RightType& type) { return type.code() == code; });
}

std::vector<const v1::Tier*> Policy::Tiers() const {
  std::vector<const v1::Tier*> all;
  for (auto pack = view_->packs.rbegin(); pack != view_->packs.rend(); ++pack) {
    for (const v1::Tier& tier : pack->tiers()) all.push_back(&tier);
  }
  return all;
}

std::vector<const v1::PlotKind*> Policy::PlotKinds() const {
  std::vector<const v1::PlotKind*> all;
  for (auto pack = view_->packs.rbegin(); pack != view_->packs.rend(); ++pack) {
    for (const v1::PlotKind& kind : pack->plot_kinds()) all.push_back(&kind);
  }
  return all;
}

const v1::CertificateNumbering* Policy::certificate_numbering() const {
  for (const v1::PolicyPack& pack : view_->packs) {
    if (pack.has_certificate_numbering()) return &pack.certificate_numbering();
  }
  return nullptr;
}

const v1::LayerNotKept* Policy::LayerNotKeptNamed(std::string_view layer) const {
  return view_->Find(kLayersNotKept,
                     [&](const v1::LayerNotKept& kept) { return kept.layer() == layer; });
}

std::vector<const v1::PlaneTransformation*> Policy::PlaneTransformationsTo(
    std::uint32_t epsg) const {
  std::vector<const v1::PlaneTransformation*> ways;
  for (const v1::PolicyPack& pack : view_->packs) {
    for (const v1::PlaneTransformation& way : pack.plane_transformations()) {
      if (way.plane_epsg() == epsg) ways.push_back(&way);
    }
  }
  return ways;
}

const v1::UseRule* Policy::UseRuleNamed(std::string_view use) const {
  return view_->Find(kUseRules, [&](const v1::UseRule& rule) { return rule.use() == use; });
}

const v1::ZoneRule* Policy::ZoneRuleFor(std::string_view layer, std::string_view zone) const {
  return view_->Find(kZoneRules, [&](const v1::ZoneRule& rule) {
    return rule.layer() == layer &&
           std::any_of(rule.zones().begin(), rule.zones().end(),
                       [&](const std::string& beginning) { return zone.starts_with(beginning); });
  });
}

geo::Tolerances Policy::TolerancesFor(std::string_view kind) const {
  const v1::PlotKind* found = PlotKindNamed(kind);
  LANDBOOK_CHECK(found != nullptr);
  geo::Tolerances tolerances = view_->tolerances;
  if (found->single_part()) tolerances.several_parts = geo::Severity::kError;
  return tolerances;
}

std::vector<std::pair<std::string, std::int64_t>> Policy::ToleranceValues() const {
  std::vector<std::pair<std::string, std::int64_t>> values;
  for (const ToleranceKey& key : ToleranceKeys()) {
    values.emplace_back(std::string(key.key), ToleranceOf(view_->tolerances, key));
  }
  return values;
}

}  // namespace landbook::common
