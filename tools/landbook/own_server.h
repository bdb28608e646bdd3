// A landbookd of one's own: started on a directory, stopped or killed at will.
#ifndef LANDBOOK_TOOLS_LANDBOOK_OWN_SERVER_H_
#define LANDBOOK_TOOLS_LANDBOOK_OWN_SERVER_H_

#include <sys/types.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace landbook::tools {

// A child process. Stopped with SIGTERM when it is destroyed.
class OwnServer {
 public:
  // Starts the landbookd that lies beside this program, with --insecure-local on a socket file
  // beside the data (a free port where that path is too long for one), and waits until it serves.
  // Fails with NOT_FOUND when it is not there and UNAVAILABLE when it ends before it serves; its
  // own messages go to `DIRECTORY.log`.
  static absl::StatusOr<std::unique_ptr<OwnServer>> Start(const std::string& data_directory);

  OwnServer(const OwnServer&) = delete;
  OwnServer& operator=(const OwnServer&) = delete;
  ~OwnServer();

  // As a client is told it: unix:/PATH or HOST:PORT.
  const std::string& address() const { return address_; }
  // The most memory that it has had resident so far, in bytes; 0 when /proc does not say.
  std::uint64_t PeakResidentBytes() const;

  // Ends it as a power cut would, or cleanly; returns when it is gone.
  void Kill();
  void Stop();

 private:
  OwnServer(pid_t process, std::string address) : process_(process), address_(std::move(address)) {}
  void End(int signal);

  pid_t process_;  // 0 once it is gone
  std::string address_;
};

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_OWN_SERVER_H_
