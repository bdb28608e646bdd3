#include "tools/landbook/peer_memory.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace landbook::tools {
namespace {

constexpr std::chrono::milliseconds kPause{50};
constexpr int kPausesPerLook = 40;  // a look costs the machine some milliseconds a process

// The number behind `word` in a file of /proc, as text; nothing when it cannot be read.
std::string FieldOf(const std::string& process, const char* file, const std::string& word) {
  std::ifstream in("/proc/" + process + "/" + file);
  std::string read;
  std::string value;
  while (in >> read) {
    if (read == word && in >> value) return value;
  }
  return "";
}

}  // namespace

PeerMemory::PeerMemory(const std::string& backend) : server_(FieldOf(backend, "status", "PPid:")) {
  thread_ = std::thread([this] {
    for (int pauses = 0; !ending_; ++pauses) {
      if (pauses % kPausesPerLook == 0) Look();
      std::this_thread::sleep_for(kPause);
    }
  });
}

PeerMemory::~PeerMemory() {
  ending_ = true;
  thread_.join();
}

void PeerMemory::Look() {
  if (server_.empty()) return;
  std::uint64_t kibibytes = 0;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", error)) {
    const std::string process = entry.path().filename();
    if (process != server_ && FieldOf(process, "status", "PPid:") != server_) continue;
    const std::string held = FieldOf(process, "smaps_rollup", "Pss:");
    if (!held.empty()) kibibytes += std::stoull(held);
  }
  peak_bytes_ = std::max<std::uint64_t>(peak_bytes_, kibibytes << 10);
}

}  // namespace landbook::tools
