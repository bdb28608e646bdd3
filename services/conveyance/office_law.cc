#include "services/conveyance/office_law.h"

#include <google/protobuf/text_format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "storage/check.h"

namespace landbook::conveyance {
namespace {

// How many chains are kept; a server has a handful, and each is some hundred kilobytes.
constexpr std::size_t kLawsMax = 32;
// One answer of ListCalendarDays holds at most so many days.
constexpr int kDaysOfAnswer = 1'000;

}  // namespace

std::vector<v1::CaseKind> Law::CaseKinds(const law::RuleScope& scope) const {
  std::set<std::string> codes;
  for (const std::string& text : policy.chain()) {
    v1::PolicyPack pack;
    LANDBOOK_CHECK(google::protobuf::TextFormat::ParseFromString(text, &pack));
    for (const v1::CaseKind& kind : pack.case_kinds()) codes.insert(kind.code());
  }
  std::vector<v1::CaseKind> kinds;
  for (const std::string& code : codes) {
    if (auto kind = rules.CaseKindNamed(code, scope)) kinds.push_back(*std::move(kind));
  }
  return kinds;
}

Task<Outcome<SharedLaw>> LawReader::Read(const CallContext& call, std::string county,
                                         std::uint64_t pack) {
  v1::GetPackRequest request;
  request.set_county(county);
  request.set_pack(pack);
  const auto adopted = co_await registry_.Ask<v1::GetPackRequest, v1::AdoptedPack>(
      &RegistryClient::Stub::GetPack, call, std::move(request));
  if (!adopted.ok()) co_return Outcome<SharedLaw>(adopted.refusals());
  co_return LawOf(*adopted);
}

Outcome<SharedLaw> LawReader::LawOf(const v1::AdoptedPack& pack) {
  const std::vector<std::string> chain(pack.chain().begin(), pack.chain().end());
  std::string text;
  for (const std::string& one : chain) text.append(one).push_back('\0');
  {
    storage::MutexLock lock(mutex_);
    const auto known = laws_.find(text);
    if (known != laws_.end()) return known->second;
  }
  auto policy = common::Policy::FromTexts(chain);
  if (!policy.ok()) return std::move(policy.refusals());
  auto rules = law::PackRules::OfPolicy(*policy);
  const SharedLaw law = std::make_shared<const Law>(Law{*std::move(policy), std::move(rules)});
  storage::MutexLock lock(mutex_);
  if (laws_.size() >= kLawsMax) laws_.clear();
  return laws_.emplace(std::move(text), law).first->second;
}

Task<Outcome<std::shared_ptr<const KnownDays>>> LawReader::ReadDays(const CallContext& call,
                                                                    std::string county,
                                                                    DayRange range) {
  using Result = Outcome<std::shared_ptr<const KnownDays>>;
  auto days = std::make_shared<KnownDays>();
  for (common::CivilDate from = range.from; from <= range.until;
       from = common::AddDays(from, kDaysOfAnswer)) {
    v1::ListCalendarDaysRequest request;
    request.set_county(county);
    request.set_from_date(common::FormatCivilDate(from));
    request.set_until_date(
        common::FormatCivilDate(std::min(range.until, common::AddDays(from, kDaysOfAnswer - 1))));
    const auto some =
        co_await registry_.Ask<v1::ListCalendarDaysRequest, v1::ListCalendarDaysResponse>(
            &RegistryClient::Stub::ListCalendarDays, call, std::move(request));
    if (!some.ok()) co_return Result(some.refusals());
    for (const v1::CalendarDay& day : some->days()) days->Add(day);
  }
  co_return Result(std::shared_ptr<const KnownDays>(std::move(days)));
}

}  // namespace landbook::conveyance
