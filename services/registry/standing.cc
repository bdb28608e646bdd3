#include "services/registry/standing.h"

#include <utility>

#include "fmt/format.h"
#include "services/law/term.h"
#include "services/registry/sources.h"

namespace landbook::registry {
namespace {

// The standing records that a link table names.
template <typename Record>
std::vector<Loaded<Record>> StandingLinked(Table table, std::uint64_t from,
                                           const ActContext& context) {
  std::vector<Loaded<Record>> standing;
  for (const std::uint64_t number : context.Linked(table, from)) {
    auto loaded = context.Find<Record>(number);
    if (loaded && Stands(loaded->record)) standing.push_back(*std::move(loaded));
  }
  return standing;
}

}  // namespace

bool CheckStands(v1::RecordState state, std::string_view field, const Sentence& what,
                 ActContext* context) {
  if (state == v1::RECORD_STATE_LIVE) return true;
  context->Refuse(
      Reason::RECORD_ENDED, field,
      {fmt::format("The {} has ended; nothing more can be entered on it.", what.english),
       fmt::format("该{}已终止，不能再作登记。", what.chinese)});
  return false;
}

std::optional<UnitOnPlot> TakeLand(std::uint64_t unit, std::string_view field,
                                   ActContext* context) {
  auto loaded = context->Find<v1::Unit>(unit);
  if (!loaded) return std::nullopt;
  if (!Stands(loaded->record)) {
    context->Refuse(
        Reason::UNIT_ENDED, field,
        {fmt::format("Unit {} has ended. Name the unit that stands in its place.",
                     loaded->record.code()),
         fmt::format("不动产单元 {} 已终止，请使用接替它的单元。", loaded->record.code())});
    return std::nullopt;
  }
  auto plot = context->Find<v1::Plot>(loaded->record.plot());
  if (!plot || !CheckStands(plot->record.state(), field, {"plot", "宗地"}, context)) {
    return std::nullopt;
  }
  return UnitOnPlot{*std::move(loaded), *std::move(plot)};
}

const v1::RightType* TakeRightType(const std::string& code, std::string_view field,
                                   ActContext* context) {
  const v1::RightType* type = context->policy().RightTypeNamed(code);
  if (type == nullptr) {
    context->Refuse(
        Reason::RIGHT_TYPE_UNKNOWN, field,
        {fmt::format("The policy pack {} has no type of right \"{}\".", context->policy().code(),
                     code),
         fmt::format("政策包 {} 中没有权利类型“{}”。", context->policy().code(), code)});
  }
  return type;
}

std::optional<StandingRight> TakeRight(const v1::Reference& reference, const std::string& etag,
                                       std::string_view field, ActContext* context) {
  auto right = context->LoadToChange<v1::Right>(reference, etag, field);
  if (!right || !CheckStands(right->record.state(), field, {"right", "权利"}, context)) {
    return std::nullopt;
  }
  const auto* type = TakeRightType(right->record.type(), field, context);
  auto land = TakeLand(right->record.unit(), field, context);
  if (type == nullptr || !land) return std::nullopt;
  return StandingRight{*std::move(right), *std::move(land), type};
}

void CheckNotExpired(const v1::Right& right, std::string_view field, ActContext* context) {
  const auto day = common::ParseCivilDate(context->day());
  if (!day || !law::IsExpired(right, *day)) return;
  context->Breach(Reason::RIGHT_EXPIRED, field,
                  {fmt::format("The right ran out on {}, before {}. Extend its term, or extinguish "
                               "it.",
                               right.term().end_date(), context->day()),
                   fmt::format("该权利已于 {} 届满（今日 {}），请办理延期或注销。",
                               right.term().end_date(), context->day())},
                  source::kRegistration);
}

std::vector<Loaded<v1::Right>> StandingRightsOf(std::uint64_t unit, const ActContext& context) {
  return StandingLinked<v1::Right>(Table::kRightsOfUnit, unit, context);
}

std::vector<Loaded<v1::Right>> StandingDerivedRights(std::uint64_t right,
                                                     const ActContext& context) {
  return StandingLinked<v1::Right>(Table::kRightsOfParent, right, context);
}

std::vector<Loaded<v1::Mortgage>> StandingMortgages(std::uint64_t right,
                                                    const ActContext& context) {
  return StandingLinked<v1::Mortgage>(Table::kMortgagesOfRight, right, context);
}

std::vector<Loaded<v1::Caution>> StandingCautions(std::uint64_t unit, const ActContext& context) {
  return StandingLinked<v1::Caution>(Table::kCautionsOfUnit, unit, context);
}

void CheckNoDerivedRights(std::uint64_t right, ActContext* context) {
  const auto derived = StandingDerivedRights(right, *context);
  if (derived.empty()) return;
  context->Refuse(Reason::DERIVED_RIGHT_STANDS, "right",
                  {fmt::format("{} right(s) derived from it still stand, the first of them number "
                               "{}. End those first.",
                               derived.size(), derived.front().number),
                   fmt::format("由其派生的权利尚有 {} 项未终止（首项编号 {}），须先行终止。",
                               derived.size(), derived.front().number)},
                  source::kEncumbered);
}

void CheckNoMortgages(std::uint64_t right, ActContext* context) {
  const auto mortgages = StandingMortgages(right, *context);
  if (mortgages.empty()) return;
  context->Refuse(Reason::MORTGAGE_STANDS, "right",
                  {fmt::format("{} mortgage(s) over it still stand, the first of them number {}. "
                               "Discharge those first.",
                               mortgages.size(), mortgages.front().number),
                   fmt::format("该权利上尚有 {} 项抵押权未注销（首项编号 {}），须先行注销。",
                               mortgages.size(), mortgages.front().number)},
                  source::kEncumbered);
}

}  // namespace landbook::registry
