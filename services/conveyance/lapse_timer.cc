#include "services/conveyance/lapse_timer.h"

#include <utility>
#include <vector>

#include "fmt/format.h"
#include "services/conveyance/explainer.h"

namespace landbook::conveyance {
namespace {

using Stub = RegistryClient::Stub;

constexpr common::Micros kMicrosOfDay = 86'400'000'000;
// One county's work of one round takes no longer, so that a server that stops waits no longer for
// it; the next round goes on where it was.
constexpr auto kCountyMax = std::chrono::seconds(20);

// The service's own call about a county, or about the server when that is empty.
CallContext OwnCall(const std::string& county) {
  CallContext nobody;
  nobody.request_id = "lapse-timer";
  nobody.deadline = std::chrono::system_clock::now() + kCountyMax;
  return InOwnName(nobody, v1::ROLE_REGISTRAR, county);
}

}  // namespace

Task<Outcome<std::optional<int>>> LapseTimer::DoCounty(std::string county) {
  using Result = Outcome<std::optional<int>>;
  const CallContext call = OwnCall(county);
  const auto law = co_await parts_.laws.Read(call, county, 0);
  if (!law.ok()) co_return Result(law.refusals());
  const common::CivilDate today = parts_.laws.TodayBy(**law);
  const auto done = done_.find(county);
  if (done != done_.end() && done->second == today) co_return Result(std::optional<int>());
  v1::LapseDueRequest request;
  request.set_county(county);
  const auto lapsed = co_await parts_.duties.LapseDue(call, request);
  if (!lapsed.ok()) co_return Result(lapsed.refusals());
  done_[county] = today;
  co_return Result(std::optional<int>(lapsed->cautions_size() + lapsed->cases_size()));
}

void LapseTimer::Note(const std::string& county, const Outcome<std::optional<int>>& done,
                      Round* round) {
  if (done.ok()) {
    refused_.erase(county);
    if (!*done) return;
    round->lapsed[county] = **done;
    parts_.logger.Event(common::LogLevel::kInfo, "lapsed",
                        {{"county", county}, {"ended", std::to_string(**done)}});
    return;
  }
  round->refused[county] = done.refusals();
  const std::string reason = done.refusals().front().reason();
  // Said once, not in every round: an office that appointed nobody would else fill its log.
  if (std::exchange(refused_[county], reason) == reason) return;
  parts_.logger.Event(common::LogLevel::kWarning, "lapse_refused",
                      {{"county", county}, {"reason", reason}});
}

Task<Round> LapseTimer::DoRound() {
  Round round;
  const CallContext call = OwnCall("");
  const auto counties =
      co_await parts_.registry.AskAll<v1::ListCountiesRequest, v1::ListCountiesResponse>(
          &Stub::ListCounties, call, v1::ListCountiesRequest());
  if (!counties.ok()) {
    round.refused[""] = counties.refusals();
    co_return round;
  }
  for (const v1::County& county : counties->counties()) {
    if (county.state() != v1::BOOK_STATE_OPEN) continue;
    const auto done = co_await DoCounty(county.code());
    Note(county.code(), done, &round);
    if (!done.ok() && IsNoAnswer(done.refusals())) break;  // nor would the next county have one
  }
  if (round.lapsed.empty()) co_return round;
  const auto removed =
      parts_.drafts.RemoveUntouched(parts_.clock.NowMicros() - kDraftDaysMax * kMicrosOfDay);
  if (removed.ok()) round.drafts_removed = *removed;
  co_return round;
}

void LapseTimer::Start(std::chrono::seconds interval) {
  thread_ = std::thread([this, interval] { Watch(interval); });
}

void LapseTimer::Stop() {
  {
    storage::MutexLock lock(mutex_);
    stopping_ = true;
    changed_.NotifyAll();
  }
  if (thread_.joinable()) thread_.join();
}

void LapseTimer::Watch(std::chrono::seconds interval) {
  storage::MutexLock lock(mutex_);
  while (!stopping_) {
    working_ = true;
    mutex_.Unlock();
    Run(DoRound(), [this](Round) {
      storage::MutexLock ended(mutex_);
      working_ = false;
      changed_.NotifyAll();
    });
    mutex_.Lock();
    while (working_) changed_.Wait(mutex_);
    const auto next = std::chrono::steady_clock::now() + interval;
    while (!stopping_ && changed_.WaitUntil(mutex_, next)) {
    }
  }
}

}  // namespace landbook::conveyance
