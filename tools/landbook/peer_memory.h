// How much memory a PostgreSQL on this machine holds while it works.
#ifndef LANDBOOK_TOOLS_LANDBOOK_PEER_MEMORY_H_
#define LANDBOOK_TOOLS_LANDBOOK_PEER_MEMORY_H_

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>

namespace landbook::tools {

// Looks at the server's processes every two seconds for as long as it lives, on a thread of its
// own.
class PeerMemory {
 public:
  // `backend` is the process of one of its connections, in digits (pg_backend_pid); empty for a
  // server on another machine.
  explicit PeerMemory(const std::string& backend);
  PeerMemory(const PeerMemory&) = delete;
  PeerMemory& operator=(const PeerMemory&) = delete;
  ~PeerMemory();

  // The most bytes that all processes of the server held together so far, each page that several
  // share divided among them (PSS); 0 when the server is on another machine or belongs to a user at
  // whose processes this one may not look.
  std::uint64_t PeakBytes() const { return peak_bytes_; }

 private:
  void Look();

  std::string server_;  // the parent of all its processes
  std::atomic<std::uint64_t> peak_bytes_{0};
  std::atomic<bool> ending_{false};
  std::thread thread_;
};

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_PEER_MEMORY_H_
