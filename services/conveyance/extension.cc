#include "services/conveyance/extension.h"

#include <algorithm>
#include <utility>

#include "fmt/format.h"

namespace landbook::conveyance {
namespace {

using common::CivilDate;
using common::ParseCivilDate;
using common::Reason;
using Stub = RegistryClient::Stub;

constexpr int kMonthsOfYear = 12;
constexpr std::size_t kRightsDefault = 1'000;
// A commit has at most 10,000 acts, and the registration adds some.
constexpr std::size_t kRightsMax = 9'000;
// The code that packs give the household's contract right (土地承包经营权).
constexpr char kContractRight[] = "contract";

v1::Refusal DivisionRefused(const std::string& division) {
  return common::Refuse(
      Reason::VALUE_OUT_OF_RANGE, "division",
      {fmt::format("The division \"{}\" came; the 12 digits of a village or the 14 of a group are "
                   "wanted.",
                   division),
       fmt::format("行政区划代码为“{}”；须为村级 12 位或者组级 14 位数字。", division)});
}

v1::Refusal TooManyAsked(std::uint32_t asked) {
  return common::Refuse(
      Reason::VALUE_OUT_OF_RANGE, "rights_max",
      {fmt::format("{} rights were asked for; one application holds at most {}. Divide by group.",
                   asked, kRightsMax),
       fmt::format("请求 {} 项权利，一次申请至多 {} 项，请分组办理。", asked, kRightsMax)});
}

bool IsDivision(const std::string& text) {
  return (text.size() == 12 || text.size() == 14) &&
         text.find_first_not_of("0123456789") == std::string::npos;
}

// The full years of a term: from its first day to the day after its last.
int YearsOf(const v1::Term& term) {
  const auto start = ParseCivilDate(term.start_date());
  const auto end = ParseCivilDate(term.end_date());
  if (!start || !end) return 0;
  return common::AgeYears({.birth_date = *start, .on_date = common::AddDays(*end, 1)});
}

std::optional<v1::ExtensionRule> RuleFor(const PlotRight& of, const Law& law, CivilDate today) {
  return law.rules.ExtensionRuleFor(of.right.type(), of.plot.land_use(),
                                    {.day = today, .division = of.plot.division()});
}

}  // namespace

std::optional<CivilDate> ExtendedEnd(const PlotRight& of, const Law& law, CivilDate today) {
  const auto end = ParseCivilDate(of.right.term().end_date());
  const auto rule = RuleFor(of, law, today);
  if (!end || !rule || rule->years_min() > rule->years_max()) return std::nullopt;
  const int years = std::clamp(YearsOf(of.right.term()), static_cast<int>(rule->years_min()),
                               static_cast<int>(rule->years_max()));
  return common::AddMonths(*end, kMonthsOfYear * years);
}

v1::ExtensionRow ExtensionRowOf(const PlotRight& of, const Law& law, CivilDate today) {
  v1::ExtensionRow row;
  row.set_right(of.right.number());
  row.set_plot(of.plot.code());
  row.set_end_date(of.right.term().end_date());
  const auto end = ExtendedEnd(of, law, today);
  if (end) {
    row.set_new_end_date(common::FormatCivilDate(*end));
  } else {
    row.set_left_out_because("政策包没有此类土地的延包规则。 No pack has a rule that extends it.");
  }
  return row;
}

v1::Application ExtensionApplication(const std::vector<v1::ExtensionRow>& rows,
                                     const std::vector<PlotRight>& rights) {
  v1::Application application;
  application.set_registration_type(v1::REGISTRATION_TYPE_CHANGE);
  application.set_kind(kExtensionKind);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].new_end_date().empty()) continue;
    const v1::Right& right = rights[i].right;
    application.add_units()->set_number(right.unit());
    v1::VaryRight& act = *application.add_acts()->mutable_vary_right();
    act.mutable_right()->set_number(right.number());
    act.set_etag(right.etag());
    act.mutable_term()->set_start_date(right.term().start_date());
    act.mutable_term()->set_end_date(rows[i].new_end_date());
    act.set_cause(v1::VARY_CAUSE_EXTENSION);
  }
  return application;
}

Task<Outcome<std::vector<v1::Right>>> ExtensionDesk::RightsDueIn(const CallContext& call,
                                                                 std::string county,
                                                                 std::uint64_t plot,
                                                                 std::string until) {
  using Result = Outcome<std::vector<v1::Right>>;
  v1::ListRightsRequest request;
  request.set_county(county);
  request.set_plot(std::to_string(plot));
  const auto rights = co_await registry_.AskAll<v1::ListRightsRequest, v1::ListRightsResponse>(
      &Stub::ListRights, call, std::move(request));
  if (!rights.ok()) co_return Result(rights.refusals());
  std::vector<v1::Right> due;
  for (const v1::Right& right : rights->rights()) {
    const std::string& end = right.term().end_date();
    if (right.type() == kContractRight && !end.empty() && end <= until) due.push_back(right);
  }
  co_return Result(std::move(due));
}

Task<Outcome<ExtensionDesk::Due>> ExtensionDesk::DueRights(
    const CallContext& call, const v1::PreviewExtensionRequest& request, std::size_t max) {
  Due due;
  v1::ListPlotsRequest page_request;
  page_request.set_county(request.county());
  page_request.set_division(request.division());
  page_request.set_page_size(1'000);
  do {
    const auto page = co_await registry_.Ask<v1::ListPlotsRequest, v1::ListPlotsResponse>(
        &Stub::ListPlots, call, page_request);
    if (!page.ok()) co_return Outcome<Due>(page.refusals());
    for (const v1::Plot& plot : page->plots()) {
      auto rights =
          co_await RightsDueIn(call, request.county(), plot.number(), request.ending_until_date());
      if (!rights.ok()) co_return Outcome<Due>(std::move(rights.refusals()));
      for (v1::Right& right : *rights) due.rights.push_back({plot, std::move(right)});
    }
    page_request.set_page_token(page->next_page_token());
  } while (!page_request.page_token().empty() && due.rights.size() <= max);
  std::sort(due.rights.begin(), due.rights.end(), [](const PlotRight& a, const PlotRight& b) {
    return std::pair(a.plot.code(), a.right.number()) < std::pair(b.plot.code(), b.right.number());
  });
  due.more = due.rights.size() > max;
  if (due.more) due.rights.resize(max);
  co_return Outcome<Due>(std::move(due));
}

Task<Outcome<v1::PreviewExtensionResponse>> ExtensionDesk::Preview(
    const CallContext& call, const v1::PreviewExtensionRequest& request) {
  using Result = Outcome<v1::PreviewExtensionResponse>;
  if (!IsDivision(request.division())) co_return Result(DivisionRefused(request.division()));
  if (request.rights_max() > kRightsMax) co_return Result(TooManyAsked(request.rights_max()));
  const auto in_force = co_await laws_.Read(call, request.county(), 0);
  if (!in_force.ok()) co_return Result(in_force.refusals());
  const CivilDate today = laws_.TodayBy(**in_force);
  const std::size_t max = request.rights_max() == 0 ? kRightsDefault : request.rights_max();
  const auto due = co_await DueRights(call, request, max);
  if (!due.ok()) co_return Result(due.refusals());
  std::vector<v1::ExtensionRow> rows;
  for (const PlotRight& of : due->rights) rows.push_back(ExtensionRowOf(of, **in_force, today));
  v1::PreviewExtensionResponse response;
  *response.mutable_application() = ExtensionApplication(rows, due->rights);
  response.mutable_rows()->Assign(rows.begin(), rows.end());
  response.set_more(due->more);
  co_return Result(std::move(response));
}

}  // namespace landbook::conveyance
