// Resolutions (集体决议): the form of what a collective decided. Whether it carries is law.
#include <set>
#include <string>

#include "fmt/format.h"
#include "services/registry/act_law.h"
#include "services/registry/acts.h"
#include "services/registry/form.h"
#include "services/registry/standing.h"

namespace landbook::registry {
namespace {

void CheckMatters(const v1::RecordResolution& act, ActContext* context) {
  CheckNotEmpty(act.matters_size(), "matters", context);
  std::set<int> seen;
  for (int i = 0; i < act.matters_size(); ++i) {
    CheckOnce(static_cast<int>(act.matters(i)), &seen, fmt::format("matters[{}]", i), context);
  }
}

// A count that cannot be, whatever majority the law asks for.
void CheckVote(const v1::Vote& vote, ActContext* context) {
  const std::uint64_t voices = std::uint64_t{vote.in_favour()} + vote.against() + vote.abstaining();
  const std::uint64_t away = std::uint64_t{vote.present_online()} + vote.present_by_proxy();
  const bool can_be = vote.entitled() > 0 && vote.present() <= vote.entitled() &&
                      voices <= vote.present() && away <= vote.present();
  if (can_be) return;
  context->Refuse(
      Reason::VALUE_OUT_OF_RANGE, "vote",
      {fmt::format(
           "{} entitled, {} present ({} of them online or by proxy) and {} voices cannot be: "
           "no more are present than entitled, and no more vote than are present.",
           vote.entitled(), vote.present(), away, voices),
       fmt::format(
           "应到 {} 人、实到 {} 人（其中线上或委托 {} 人）、表决 {} 票，数目不合：实到不得多于"
           "应到，表决不得多于实到。",
           vote.entitled(), vote.present(), away, voices)});
}

struct Display {
  std::string_view name;
  const std::string& from;
  const std::string& until;
};

// A display has a first and a last day, or neither.
void CheckDisplay(const Display& display, ActContext* context) {
  const std::string until = fmt::format("{}_until", display.name);
  CheckOrder({display.from, display.until}, until, context);
  if (display.from.empty() == display.until.empty()) return;
  context->Refuse(Reason::FIELD_REQUIRED,
                  display.from.empty() ? fmt::format("{}_from", display.name) : until,
                  {"A display has a first day and a last. State both, or neither.",
                   "公示须同时写明起始日和截止日，或均不填写。"});
}

v1::Resolution MakeResolution(const v1::RecordResolution& act, std::uint64_t collective) {
  v1::Resolution resolution;
  resolution.set_collective(collective);
  resolution.set_body(act.body());
  *resolution.mutable_matters() = act.matters();
  resolution.set_summary(act.summary());
  resolution.set_convened_date(act.convened_date());
  resolution.set_meeting_date(act.meeting_date());
  *resolution.mutable_vote() = act.vote();
  resolution.set_plan_display_from(act.plan_display_from());
  resolution.set_plan_display_until(act.plan_display_until());
  resolution.set_result_display_from(act.result_display_from());
  resolution.set_result_display_until(act.result_display_until());
  resolution.set_document_number(act.document_number());
  resolution.set_minutes_hash(act.minutes_hash());
  resolution.set_minutes_pages(act.minutes_pages());
  resolution.set_charter_delegates(act.charter_delegates());
  resolution.set_state(v1::RECORD_STATE_LIVE);
  return resolution;
}

}  // namespace

void Decide(const v1::RecordResolution& act, ActContext* context) {
  const std::size_t before = context->refusal_count();
  const auto collective =
      TakePartyOf({v1::Party::kCollective}, act.collective(), "collective", context);
  CheckMatters(act, context);
  CheckOrder({act.convened_date(), act.meeting_date()}, "meeting_date", context);
  CheckHasCome(act.meeting_date(), "meeting_date", context);
  CheckVote(act.vote(), context);
  CheckDisplay({"plan_display", act.plan_display_from(), act.plan_display_until()}, context);
  CheckDisplay({"result_display", act.result_display_from(), act.result_display_until()}, context);
  CheckDigest(act.minutes_hash(), "minutes_hash", context);
  if (!collective || !MayPut(before, context)) return;
  v1::Resolution resolution = MakeResolution(act, collective->number);
  context->Create(resolution);
}

void Decide(const v1::RevokeResolution& act, ActContext* context) {
  auto resolution =
      context->LoadToChange<v1::Resolution>(act.resolution(), act.etag(), "resolution");
  if (!resolution ||
      !CheckStands(resolution->record.state(), "resolution", {"resolution", "决议"}, context)) {
    return;
  }
  resolution->record.set_state(v1::RECORD_STATE_ENDED);
  resolution->record.set_ended_cause("revoked");
  context->record().set_ground(act.ground());
  context->record().mutable_terms()->set_document_number(act.document_number());
  context->Put(resolution->number, resolution->record);
}

}  // namespace landbook::registry
