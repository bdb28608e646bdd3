#include "services/registry/acts_book_state.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "fmt/format.h"
#include "google/protobuf/descriptor.h"
#include "landbook/v1/book.pb.h"
#include "services/common/identity.h"
#include "services/registry/acts.h"
#include "storage/check.h"

namespace landbook::registry {
namespace {

// The acts that a book takes while it is being prepared.
constexpr std::array kWhilePreparing = {
    v1::Act::kRegisterParty,      v1::Act::kAmendParty,
    v1::Act::kErasePrivateFields, v1::Act::kEstablishPlot,
    v1::Act::kAmendPlot,          v1::Act::kSplitPlot,
    v1::Act::kMergePlots,         v1::Act::kRetirePlot,
    v1::Act::kEstablishUnit,      v1::Act::kAdoptPack,
    v1::Act::kAppointOfficer,     v1::Act::kCarryOver,
    v1::Act::kOpenBook,           v1::Act::kBeginControlLayer,
    v1::Act::kAddControlShapes,   v1::Act::kCompleteControlLayer,
    v1::Act::kAmendCalendar};

// The roles as callers name them.
std::string WordsOf(const v1::ActAccess& access) {
  std::vector<std::string> words;
  for (const int role : access.roles()) {
    words.push_back(common::RoleName(static_cast<v1::Role>(role)));
  }
  return words.empty() ? "nobody" : fmt::format("{}", fmt::join(words, ", "));
}

bool IsTakenWhilePreparing(v1::Act::ActCase act) {
  return std::find(kWhilePreparing.begin(), kWhilePreparing.end(), act) != kWhilePreparing.end();
}

bool HasRefusal(Reason reason, ActContext* context) {
  const auto& refusals = context->refusals();
  return std::any_of(refusals.begin(), refusals.end(), [&](const v1::Refusal& refusal) {
    return refusal.number() == static_cast<std::uint32_t>(reason);
  });
}

// An open book asks for the document that allows what no case stands behind.
bool HasDocument(const v1::Act& act, ActContext* context) {
  const CommitFacts& facts = context->facts();
  const bool by_administrator = facts.actor.role() == v1::ROLE_ADMINISTRATOR && IsMadeByHand(facts);
  const bool carry_over = act.act_case() == v1::Act::kCarryOver && !facts.from_import;
  if (!by_administrator && !carry_over) return true;
  if (!context->commit().document_number().empty()) return true;
  if (!HasRefusal(Reason::DOCUMENT_NUMBER_REQUIRED, context)) {
    context->refusals().push_back(common::Refuse(
        Reason::DOCUMENT_NUMBER_REQUIRED, "commit.document_number",
        {"The book is open: a carry-over, and what an administrator commits by hand, needs the "
         "number of the document that allows it. State document_number.",
         "登记簿已启用：承接原登记，或由管理员直接提交的，须写明批准文件的文号（document_"
         "number）。"}));
  }
  return false;
}

}  // namespace

bool IsMadeByHand(const CommitFacts& facts) {
  const auto& via = facts.actor.via();
  return !facts.from_import && std::none_of(via.begin(), via.end(), [](const std::string& system) {
    return system == "ConveyanceService" || system == "import";
  });
}

const v1::ActAccess& AccessTo(v1::Act::ActCase act) {
  const auto* field = v1::Act::descriptor()->FindFieldByNumber(act);
  LANDBOOK_CHECK(field != nullptr);
  return field->options().GetExtension(v1::act_access);
}

bool RoleMayBring(const v1::Act& act, ActContext* context) {
  const CommitFacts& facts = context->facts();
  const v1::ActAccess& access = AccessTo(act.act_case());
  const auto& roles = access.roles();
  // What an application plans is brought by whoever accepts it, and entered by whoever registers
  // it.
  if (facts.validate_only || facts.planned != nullptr ||
      std::find(roles.begin(), roles.end(), facts.actor.role()) != roles.end()) {
    return true;
  }
  context->Refuse(Reason::ACT_ROLE_NOT_ALLOWED, "",
                  {fmt::format("Act {} is brought by {} only. Pass it on to one of them.",
                               ActName(act), WordsOf(access)),
                   fmt::format("登记行为 {} 只能由下列角色提交：{}。请转交相应人员办理。",
                               ActName(act), WordsOf(access))});
  return false;
}

bool BookTakes(const v1::Act& act, ActContext* context) {
  switch (context->book().state()) {
    case v1::BOOK_STATE_PREPARING:
      if (IsTakenWhilePreparing(act.act_case())) return true;
      context->Refuse(
          Reason::BOOK_NOT_OPEN, "",
          {"The book is being prepared and does not take this act yet. Open the book "
           "first, or carry the right over from its older register.",
           "登记簿尚在筹备，不能办理该项登记。请先启用登记簿，或以承接方式录入原登记。"});
      return false;
    case v1::BOOK_STATE_OPEN:
      if (act.act_case() != v1::Act::kOpenBook) return HasDocument(act, context);
      context->Refuse(Reason::BOOK_NOT_PREPARING, "",
                      {"The book is open already.", "登记簿已经启用。"});
      return false;
    default:
      context->Refuse(Reason::BOOK_CLOSED, "",
                      {"The book is closed and takes no further act. Turn to the county whose book "
                       "goes on.",
                       "登记簿已关闭，不再受理任何登记。请向接续的登记机构办理。"});
      return false;
  }
}

}  // namespace landbook::registry
