#include "services/registry/form.h"

#include <algorithm>

#include "fmt/format.h"
#include "services/registry/standing.h"

namespace landbook::registry {
namespace {

bool CheckKind(std::initializer_list<v1::Party::KindCase> kinds, const Loaded<v1::Party>& party,
               std::string_view field, ActContext* context) {
  const auto kind = party.record.kind_case();
  if (std::find(kinds.begin(), kinds.end(), kind) != kinds.end()) return true;
  std::string wanted;
  for (const auto one : kinds) {
    if (!wanted.empty()) wanted += ", ";
    wanted += v1::Party::descriptor()->FindFieldByNumber(one)->name();
  }
  const auto* is = v1::Party::descriptor()->FindFieldByNumber(kind);
  const std::string came = is == nullptr ? std::string("nothing") : is->name();
  context->Refuse(
      Reason::PARTY_OF_ANOTHER_KIND, field,
      {fmt::format("Party {} is of kind {}; the act wants one of: {}. Name the right party.",
                   party.number, came, wanted),
       fmt::format("第 {} 号主体的类型为 {}，此处须为 {} 之一，请改正。", party.number, came,
                   wanted)});
  return false;
}

bool CheckUsable(const Loaded<v1::Party>& party, std::string_view field, ActContext* context) {
  if (party.record.household().ended()) {
    return CheckStands(v1::RECORD_STATE_ENDED, field, {"household", "农户"}, context);
  }
  if (!party.record.person().erased()) return true;
  context->Refuse(Reason::PARTY_ERASED, field,
                  {fmt::format("The private fields of party {} were erased; nothing more can be "
                               "entered of it.",
                               party.number),
                   fmt::format("第 {} 号主体的个人信息已删除，不能再作登记。", party.number)});
  return false;
}

}  // namespace

std::optional<Loaded<v1::Party>> TakePartyOf(std::initializer_list<v1::Party::KindCase> kinds,
                                             const v1::Reference& reference, std::string_view field,
                                             ActContext* context) {
  auto party = context->Load<v1::Party>(reference, field);
  if (!party || !CheckKind(kinds, *party, field, context) || !CheckUsable(*party, field, context)) {
    return std::nullopt;
  }
  return party;
}

std::optional<Loaded<v1::Party>> TakeHouseholdToChange(const v1::Reference& reference,
                                                       const std::string& etag,
                                                       std::string_view field,
                                                       ActContext* context) {
  auto party = context->LoadToChange<v1::Party>(reference, etag, field);
  if (!party || !CheckKind({v1::Party::kHousehold}, *party, field, context) ||
      !CheckUsable(*party, field, context)) {
    return std::nullopt;
  }
  return party;
}

std::vector<std::uint64_t> TakeRightsNamed(
    const google::protobuf::RepeatedPtrField<v1::Reference>& rights, std::string_view field,
    ActContext* context) {
  std::vector<std::uint64_t> numbers;
  std::set<std::uint64_t> seen;
  for (int i = 0; i < rights.size(); ++i) {
    const std::string place = fmt::format("{}[{}]", field, i);
    const auto right = context->Load<v1::Right>(rights[i], place);
    if (!right || !CheckStands(right->record.state(), place, {"right", "权利"}, context)) continue;
    if (CheckOnce(right->number, &seen, place, context)) numbers.push_back(right->number);
  }
  return numbers;
}

// Civil dates of one form are ordered as their texts.
void CheckHasCome(const std::string& date, std::string_view field, ActContext* context) {
  if (date <= context->day()) return;
  context->Refuse(
      Reason::VALUE_OUT_OF_RANGE, field,
      {fmt::format("{} lies after {}, the day of the commit. What is recorded has "
                   "happened.",
                   date, context->day()),
       fmt::format("{} 晚于本次登记之日 {}；只记载已发生的事实。", date, context->day())});
}

void CheckOrder(const DaysInOrder& days, std::string_view field, ActContext* context) {
  if (days.earlier.empty() || days.later.empty() || days.earlier <= days.later) return;
  context->Refuse(
      Reason::DATES_BACKWARD, field,
      {fmt::format("{} came where no day before {} can stand.", days.later, days.earlier),
       fmt::format("收到 {}，不得早于 {}。", days.later, days.earlier)});
}

bool CheckNotEmpty(int size, std::string_view field, ActContext* context) {
  if (size > 0) return true;
  context->Refuse(Reason::LIST_EMPTY, field,
                  {"Nothing is named here. Name at least one.", "此处为空，请至少列出一项。"});
  return false;
}

void CheckDigest(const std::string& digest, std::string_view field, ActContext* context) {
  constexpr std::size_t kBytes = 32;
  if (digest.empty() || digest.size() == kBytes) return;
  context->Refuse(
      Reason::VALUE_OUT_OF_RANGE, field,
      {fmt::format("{} bytes came; a SHA-256 or SM3 digest has {}.", digest.size(), kBytes),
       fmt::format("收到 {} 字节；SHA-256 或 SM3 摘要为 {} 字节。", digest.size(), kBytes)});
}

void RefuseOutOfPlace(std::string_view field, ActContext* context) {
  context->Refuse(Reason::FIELD_OF_ANOTHER_KIND, field,
                  {"This has no place beside what the act says otherwise. Leave it out.",
                   "该项与本行为的其他内容不相符，请删去。"});
}

void RefuseNothingChanges(ActContext* context) {
  context->Refuse(
      Reason::NOTHING_CHANGES, "",
      {"The book says this already; the act changes nothing.", "登记簿已有相同记载，没有变更。"});
}

}  // namespace landbook::registry
