// The daily work of the office that nobody asks for: what has run out is ended (失效登记), and
// drafts that nobody touched for a year are thrown away.
#ifndef LANDBOOK_SERVICES_CONVEYANCE_LAPSE_TIMER_H_
#define LANDBOOK_SERVICES_CONVEYANCE_LAPSE_TIMER_H_

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <thread>

#include "services/common/clock.h"
#include "services/common/logging.h"
#include "services/conveyance/draft_store.h"
#include "services/conveyance/duty_desk.h"
#include "services/conveyance/office_law.h"
#include "services/conveyance/registry_client.h"
#include "services/conveyance/task.h"
#include "storage/mutex.h"

namespace landbook::conveyance {

// Drafts that were not touched for so long are thrown away.
inline constexpr int kDraftDaysMax = 365;

// What one round did.
struct Round {
  // The counties whose day was done, and how much was ended in them.
  std::map<std::string, int> lapsed;
  // Why a county's work was not finished, by county; it is tried again in the next round.
  std::map<std::string, common::RefusalList> refused;
  std::size_t drafts_removed = 0;
};

// Looks now and then whether a county's civil day has changed since its work was done. Each open
// book is done once a day, in the name of "conveyance", whom its administrator appoints registrar.
class LapseTimer {
 public:
  struct Parts {
    RegistryClient& registry;
    DraftStore& drafts;
    LawReader& laws;
    DutyDesk& duties;
    common::Clock& clock;
    const common::Logger& logger;
  };
  // Does nothing until Start. Everything borrowed outlives the timer.
  explicit LapseTimer(const Parts& parts) : parts_(parts) {}
  ~LapseTimer() { Stop(); }
  LapseTimer(const LapseTimer&) = delete;
  LapseTimer& operator=(const LapseTimer&) = delete;

  // Looks every `interval` on a thread of its own, which waits and never works: rounds run on the
  // client's workers, one at a time.
  void Start(std::chrono::seconds interval) LANDBOOK_EXCLUDES(mutex_);
  // Returns when no round is under way and none will begin. Called again it does nothing.
  void Stop() LANDBOOK_EXCLUDES(mutex_);

  // One round: the open books whose day is new.
  Task<Round> DoRound();

 private:
  void Watch(std::chrono::seconds interval) LANDBOOK_EXCLUDES(mutex_);
  // Ends what has run out in one county when its day is new; how much that was, or nothing when its
  // day is done already.
  Task<Outcome<std::optional<int>>> DoCounty(std::string county);
  void Note(const std::string& county, const Outcome<std::optional<int>>& done, Round* round);

  Parts parts_;
  // The day on which each county was done last, and what its work was refused for last. Touched by
  // rounds alone.
  std::map<std::string, common::CivilDate> done_;
  std::map<std::string, std::string> refused_;
  std::thread thread_;
  storage::Mutex mutex_;
  storage::ConditionVariable changed_;
  bool stopping_ LANDBOOK_GUARDED_BY(mutex_) = false;
  bool working_ LANDBOOK_GUARDED_BY(mutex_) = false;
};

}  // namespace landbook::conveyance

#endif  // LANDBOOK_SERVICES_CONVEYANCE_LAPSE_TIMER_H_
