// Counters and histograms in the text format of Prometheus (exposition format 0.0.4).
#ifndef LANDBOOK_SERVICES_COMMON_METRICS_H_
#define LANDBOOK_SERVICES_COMMON_METRICS_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/mutex.h"

namespace landbook::common {

// Label names and values, in the order in which they are written: {{"method", "GetPlot"}}.
using Labels = std::vector<std::pair<std::string, std::string>>;

// A number that only grows. May be used from any thread.
class Counter {
 public:
  void Add(std::uint64_t amount = 1) { value_.fetch_add(amount, std::memory_order_relaxed); }
  std::uint64_t Value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_ = 0;
};

// How long things took: counts in buckets from 100 us to 10 s, and their sum. May be used from any
// thread.
class Histogram {
 public:
  // The upper bounds of the buckets, in microseconds; one bucket more takes what is longer.
  static constexpr std::int64_t kBoundsMicros[] = {
      100,    250,     500,     1'000,   2'500,     5'000,     10'000,    25'000,
      50'000, 100'000, 250'000, 500'000, 1'000'000, 5'000'000, 10'000'000};
  static constexpr std::size_t kBuckets = std::size(kBoundsMicros) + 1;

  void Observe(std::int64_t micros);
  // How many were observed up to and in bucket `bucket`. REQUIRES: bucket < kBuckets.
  std::uint64_t CountUpTo(std::size_t bucket) const;
  std::int64_t SumMicros() const { return sum_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> counts_[kBuckets] = {};
  std::atomic<std::int64_t> sum_ = 0;
};

// All metrics of a process. A metric lives as long as the registry; the same name and labels give
// the same metric. May be used from any thread.
class MetricRegistry {
 public:
  // REQUIRES: `name` matches [a-zA-Z_][a-zA-Z0-9_]* and is used for one type only. The first
  // `help` of a name is the one that is told.
  Counter& CounterOf(std::string_view name, std::string_view help, const Labels& labels = {});
  // `name` ends in "_seconds": bounds and sums are told in seconds.
  Histogram& HistogramOf(std::string_view name, std::string_view help, const Labels& labels = {});

  // Everything as Prometheus reads it, by name and then by labels.
  std::string Text() const;

 private:
  // One of the two is there.
  struct Series {
    std::unique_ptr<Counter> counter;
    std::unique_ptr<Histogram> histogram;
  };
  struct Family {
    std::string help;
    std::string type;
    std::map<std::string, Series> series;  // by the labels as written
  };

  struct Key {
    std::string_view name;
    std::string_view help;
    std::string_view type;
  };
  Series& SeriesOf(const Key& key, const Labels& labels) LANDBOOK_REQUIRES(mutex_);

  mutable storage::Mutex mutex_;
  std::map<std::string, Family, std::less<>> families_ LANDBOOK_GUARDED_BY(mutex_);
};

}  // namespace landbook::common

#endif  // LANDBOOK_SERVICES_COMMON_METRICS_H_
