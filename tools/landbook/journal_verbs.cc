// watch: the journal, one JSON object a line.
#include <atomic>
#include <chrono>
#include <memory>
#include <ostream>
#include <thread>

#include "tools/landbook/command.h"
#include "tools/landbook/interrupt.h"
#include "tools/landbook/json.h"

namespace landbook::tools {
namespace {

constexpr std::chrono::milliseconds kInterruptPause{100};

// Cancels a call when the user interrupts, for as long as it lives.
class CancelOnInterrupt {
 public:
  explicit CancelOnInterrupt(grpc::ClientContext& context)
      : thread_([this, &context] {
          while (!done_) {
            if (InterruptWatch::Interrupted()) context.TryCancel();
            std::this_thread::sleep_for(kInterruptPause);
          }
        }) {}
  CancelOnInterrupt(const CancelOnInterrupt&) = delete;
  CancelOnInterrupt& operator=(const CancelOnInterrupt&) = delete;
  ~CancelOnInterrupt() {
    done_ = true;
    thread_.join();
  }

 private:
  std::atomic<bool> done_{false};
  std::thread thread_;  // started last: it reads done_
};

absl::Status Watch(const Command& command, Session& session, const v1::WatchRequest& request) {
  const InterruptWatch interrupt;
  grpc::ClientContext context;
  session.Identify(context);
  const CancelOnInterrupt cancel(context);
  auto journal = session.registry().Watch(&context, request);
  v1::JournalEntry entry;
  while (journal->Read(&entry)) {
    command.out << JsonOf(entry) << "\n";
    command.out.flush();
  }
  const grpc::Status status = journal->Finish();
  // An end that the user asked for is no failure.
  if (InterruptWatch::Interrupted()) return absl::OkStatus();
  return session.Outcome(status);
}

}  // namespace

void AddJournalVerbs(CLI::App& app, Command& command) {
  CLI::App* verb = app.add_subcommand("watch", "the journal, one JSON object a line");
  auto from = std::make_shared<std::uint64_t>(1);
  auto once = std::make_shared<bool>(false);
  auto bytes_only = std::make_shared<bool>(false);
  verb->add_option("--from", *from, "the first entry wanted")->capture_default_str();
  verb->add_flag("--once", *once, "end after the newest entry instead of waiting for more");
  verb->add_flag("--bytes-only", *bytes_only, "leave out the decoded header and acts");
  verb->callback([from, once, bytes_only, &command] {
    command.RunInCounty([from, once, bytes_only, &command](Session& session) {
      v1::WatchRequest wanted;
      wanted.set_county(session.settings().county);
      wanted.set_from_sequence(*from);
      wanted.set_once(*once);
      wanted.set_bytes_only(*bytes_only);
      return Watch(command, session, wanted);
    });
  });
}

}  // namespace landbook::tools
