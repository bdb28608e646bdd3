// Agreements on rank (抵押权顺位约定, Civil Code 409): the form of one. Whose consent it needs is
// law.
#include <algorithm>
#include <set>
#include <string>

#include "fmt/format.h"
#include "services/registry/act_law.h"
#include "services/registry/acts.h"
#include "services/registry/form.h"
#include "services/registry/standing.h"

namespace landbook::registry {
namespace {

bool IsOver(const v1::Mortgage& mortgage, std::uint64_t right) {
  return std::find(mortgage.rights().begin(), mortgage.rights().end(), right) !=
         mortgage.rights().end();
}

// A standing mortgage over the right, by number; 0 when it is refused.
std::uint64_t TakeRanked(const v1::Reference& reference, std::uint64_t right,
                         const std::string& field, ActContext* context) {
  const auto mortgage = context->Load<v1::Mortgage>(reference, field);
  if (!mortgage || !CheckStands(mortgage->record.state(), field, {"mortgage", "抵押权"}, context)) {
    return 0;
  }
  if (IsOver(mortgage->record, right)) return mortgage->number;
  context->Refuse(
      Reason::MORTGAGE_OF_ANOTHER_RIGHT, field,
      {fmt::format("Mortgage {} is not over right {}. Name the mortgages over that right.",
                   mortgage->number, right),
       fmt::format("第 {} 号抵押权不在第 {} 号权利上，请列出该权利上的抵押权。", mortgage->number,
                   right)});
  return 0;
}

}  // namespace

void Decide(const v1::AgreeRanks& act, ActContext* context) {
  const std::size_t before = context->refusal_count();
  context->TakeEvidence(act.evidence());
  const auto right = context->Load<v1::Right>(act.right(), "right");
  if (!right || !CheckStands(right->record.state(), "right", {"right", "权利"}, context)) return;
  if (act.mortgages_size() < 2) {
    context->Refuse(
        Reason::LIST_EMPTY, "mortgages",
        {"An agreement on rank orders at least two mortgages. Name them in their order.",
         "顺位约定须涉及两项以上抵押权，请按顺位逐一列出。"});
  }
  v1::RankAgreement agreement;
  std::set<std::uint64_t> seen;
  for (int i = 0; i < act.mortgages_size(); ++i) {
    const std::string field = fmt::format("mortgages[{}]", i);
    const std::uint64_t mortgage = TakeRanked(act.mortgages(i), right->number, field, context);
    if (mortgage != 0 && CheckOnce(mortgage, &seen, field, context)) {
      agreement.add_mortgages(mortgage);
    }
  }
  if (!MayPut(before, context)) return;
  agreement.set_right(right->number);
  agreement.set_document_number(act.document_number());
  agreement.set_state(v1::RECORD_STATE_LIVE);
  context->Create(agreement);
}

}  // namespace landbook::registry
