// What a benchmark asks for: the same windows, points and codes of both sides, and for how long.
#ifndef LANDBOOK_TOOLS_LANDBOOK_BENCH_GROUND_H_
#define LANDBOOK_TOOLS_LANDBOOK_BENCH_GROUND_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

#include "geo/boundary.h"

namespace landbook::tools {

// Look-ups over a connection: so many connections or streams, each with so many requests in flight.
inline constexpr int kBenchStreams = 2;
inline constexpr int kBenchInFlight = 16;
// When so many of them are answered, the caller asks as many anew and sends them off together.
inline constexpr int kBenchAskedTogether = 8;
// Durable commits in flight, and between how many rights transfers take turns.
inline constexpr int kBenchCommits = 64;
inline constexpr int kBenchRightsPerCommit = 100;

// The county that is asked about: its extent, and the codes of its plots.
class BenchGround {
 public:
  static constexpr std::size_t kCodeBytes = 19;

  // REQUIRES: `code` has kCodeBytes.
  void Add(const geo::Box& bounds, std::string_view code) {
    extent_.Add(bounds);
    codes_.append(code);
  }

  const geo::Box& extent() const { return extent_; }
  std::size_t plot_count() const { return codes_.size() / kCodeBytes; }
  // REQUIRES: index < plot_count().
  std::string_view CodeOf(std::size_t index) const {
    return std::string_view(codes_).substr(index * kCodeBytes, kCodeBytes);
  }

 private:
  geo::Box extent_;
  std::string codes_;  // one after the other: a million strings would take four times the room
};

// Windows, points and codes spread evenly over the county; a seed gives the same ones in every run.
class BenchPlaces {
 public:
  // On the sample county, of which roads, ditches and homesteads are a part, such a window holds 60
  // plots, as one of 200 m does where there are only fields.
  static constexpr std::int64_t kWindowSteps = 300 * geo::kStepsPerMetre;

  // REQUIRES: `ground` has plots and outlives this.
  BenchPlaces(const BenchGround& ground, std::uint64_t seed)
      : ground_(ground),
        random_(seed),
        x_(ground.extent().min_x, ground.extent().max_x),
        y_(ground.extent().min_y, ground.extent().max_y),
        plot_(0, ground.plot_count() - 1) {}

  geo::Vertex Point() {
    const std::int64_t x = x_(random_);
    return {x, y_(random_)};
  }
  geo::Box Window() {
    const geo::Vertex corner = Point();
    return {corner.x, corner.y, corner.x + kWindowSteps, corner.y + kWindowSteps};
  }
  std::string Code() { return std::string(ground_.CodeOf(plot_(random_))); }

 private:
  const BenchGround& ground_;
  std::mt19937_64 random_;
  std::uniform_int_distribution<std::int64_t> x_;
  std::uniform_int_distribution<std::int64_t> y_;
  std::uniform_int_distribution<std::size_t> plot_;
};

// What is looked up.
enum class ReadLoad { kWindow, kPoint, kPlot };

// From when a load began, and whether it has run for long enough. May be asked by any thread.
class BenchTimer {
 public:
  explicit BenchTimer(double seconds) : seconds_(seconds) {}
  double Elapsed() const { return std::chrono::duration<double>(Clock::now() - begun_).count(); }
  bool Passed() const { return Elapsed() >= seconds_; }
  // How many a second `count` are until now.
  double RateOf(std::uint64_t count) const { return static_cast<double>(count) / Elapsed(); }

 private:
  using Clock = std::chrono::steady_clock;
  const Clock::time_point begun_ = Clock::now();
  const double seconds_;
};

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_BENCH_GROUND_H_
