// Adoption of policy packs (采用政策包): the act holds the whole text, so that the book alone says
// which law it followed. Acts behind it in the same commit still follow the pack that was in force
// before.
#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "fmt/format.h"
#include "services/registry/act_law.h"
#include "services/registry/acts.h"

namespace landbook::registry {
namespace {

// County codes that begin with 9 are no county's: books under them are samples.
bool IsSampleBook(const v1::BookRecord& book) { return book.code().starts_with('9'); }

// The highest version of that pack that the book has ever adopted; 0 when it has not.
std::uint32_t AdoptedVersion(const std::string& code, const ActContext& context) {
  std::uint32_t highest = 0;
  context.state().Scan(TableKey(Table::kPack), [&](std::string_view, std::uint64_t,
                                                   std::string_view value) {
    v1::AdoptedPack pack;
    if (pack.ParseFromArray(value.data(), static_cast<int>(value.size())) && pack.code() == code) {
      highest = std::max(highest, pack.version());
    }
    return true;
  });
  return highest;
}

void CheckNewer(const common::Policy& policy, ActContext* context) {
  const std::uint32_t adopted = AdoptedVersion(policy.code(), *context);
  if (policy.version() > adopted) return;
  context->Refuse(
      Reason::PACK_NOT_NEWER, "chain",
      {fmt::format("Version {} of pack {} came, but the book has adopted version {}. A "
                   "changed text needs a higher version.",
                   policy.version(), policy.code(), adopted),
       fmt::format("收到政策包 {} 第 {} 版，而登记簿已采用第 {} 版。修改后的政策包须提高版本号。",
                   policy.code(), policy.version(), adopted)});
}

void CheckSample(const common::Policy& policy, ActContext* context) {
  if (!policy.sample() || IsSampleBook(context->book())) return;
  context->Refuse(Reason::SAMPLE_PACK_IN_LIVE_BOOK, "chain",
                  {fmt::format("Pack {} is a sample that no office has decided; county {} needs a "
                               "pack of its own.",
                               policy.code(), context->book().code()),
                   fmt::format("政策包 {} 为示例，未经任何机关决定；{} 县须采用正式的政策包。",
                               policy.code(), context->book().code())});
}

// A pack whose days are over says nothing any more: those above it govern. That is told and kept.
void TellPast(const common::Policy& policy, ActContext* context) {
  const std::string& until = policy.packs()->front().until_date();
  if (until.empty() || context->day() <= until) return;
  KeepFinding(
      common::Refuse(
          Reason::LAW_WARNS, "",
          {fmt::format("Pack {} ended on {}; what it rules without days of its own no longer "
                       "holds, and the packs above it govern.",
                       policy.code(), until),
           fmt::format(
               "政策包 {} 的施行期至 {} 届满，其未另定期限的规则不再适用，由上级政策包执行。",
               policy.code(), until)}),
      &context->record());
}

}  // namespace

void Decide(const v1::AdoptPack& act, ActContext* context) {
  const std::size_t before = context->refusal_count();
  const std::vector<std::string> texts(act.chain().begin(), act.chain().end());
  const auto policy = common::Policy::FromTexts(texts);
  if (!policy.ok()) {
    for (v1::Refusal refusal : policy.refusals()) {
      refusal.set_field(context->Path(refusal.field().empty() ? "chain" : refusal.field()));
      context->refusals().push_back(std::move(refusal));
    }
    return;
  }
  CheckNewer(*policy, context);
  CheckSample(*policy, context);
  if (context->refusal_count() != before) return;
  v1::AdoptedPack pack;
  pack.set_code(policy->code());
  pack.set_version(policy->version());
  *pack.mutable_chain() = act.chain();
  TellPast(*policy, context);
  v1::BookRecord book = context->book();
  book.set_pack(context->Create(pack));
  context->PutBook(book);
}

}  // namespace landbook::registry
