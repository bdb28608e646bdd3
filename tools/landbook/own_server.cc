#include "tools/landbook/own_server.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <utility>

namespace landbook::tools {
namespace {

constexpr char kReady[] = "ready grpc=";

absl::StatusOr<std::string> ProgramBeside() {
  std::error_code error;
  const auto own = std::filesystem::read_symlink("/proc/self/exe", error);
  const auto program = own.parent_path() / "landbookd";
  if (!error && std::filesystem::exists(program, error)) return program.string();
  return absl::NotFoundError(fmt::format("there is no landbookd beside {}", own.string()));
}

// A socket file beside the data, as short as the system wants it; else a free port.
std::string ListenAddress(const std::string& data_directory) {
  const std::string path = std::filesystem::absolute(data_directory).string() + ".socket";
  return path.size() < sizeof(sockaddr_un::sun_path) ? "unix:" + path : "127.0.0.1:0";
}

// Becomes landbookd, with its answers into `out` and its messages into the log. Does not return.
[[noreturn]] void BecomeServer(const std::string& program, const std::string& data_directory,
                               int out) {
  const std::string log = data_directory + ".log";
  const int messages = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  dup2(out, STDOUT_FILENO);
  if (messages >= 0) dup2(messages, STDERR_FILENO);
  const std::string listen = ListenAddress(data_directory);
  execl(program.c_str(), program.c_str(), "--data", data_directory.c_str(), "--listen",
        listen.c_str(), "--insecure-local", static_cast<char*>(nullptr));
  _exit(127);
}

// The first line that comes out of `in`, without its end; what there was of it when it broke off.
std::string FirstLine(int in) {
  std::string line;
  char c = 0;
  while (read(in, &c, 1) == 1 && c != '\n') line += c;
  return line;
}

}  // namespace

absl::StatusOr<std::unique_ptr<OwnServer>> OwnServer::Start(const std::string& data_directory) {
  const absl::StatusOr<std::string> program = ProgramBeside();
  if (!program.ok()) return program.status();
  std::array<int, 2> pipe_ends{};
  if (pipe2(pipe_ends.data(), O_CLOEXEC) != 0) return absl::UnavailableError("no pipe can be made");
  const pid_t process = fork();
  if (process == 0) BecomeServer(*program, data_directory, pipe_ends[1]);
  close(pipe_ends[1]);
  if (process < 0) {
    close(pipe_ends[0]);
    return absl::UnavailableError("no process can be made");
  }
  const std::string line = FirstLine(pipe_ends[0]);
  close(pipe_ends[0]);
  const std::string rest = line.starts_with(kReady) ? line.substr(sizeof kReady - 1) : "";
  auto server = std::unique_ptr<OwnServer>(new OwnServer(process, rest.substr(0, rest.find(' '))));
  if (!rest.empty()) return server;
  server->Kill();
  return absl::UnavailableError(
      fmt::format("landbookd did not start; its messages are in {}.log", data_directory));
}

OwnServer::~OwnServer() { Stop(); }

std::uint64_t OwnServer::PeakResidentBytes() const {
  std::ifstream status(fmt::format("/proc/{}/status", process_));
  std::string word;
  while (status >> word) {
    std::uint64_t kibibytes = 0;
    if (word == "VmHWM:" && status >> kibibytes) return kibibytes << 10;
  }
  return 0;
}

void OwnServer::Kill() { End(SIGKILL); }
void OwnServer::Stop() { End(SIGTERM); }

void OwnServer::End(int signal) {
  if (process_ == 0) return;
  kill(process_, signal);
  waitpid(process_, nullptr, 0);
  process_ = 0;
}

}  // namespace landbook::tools
