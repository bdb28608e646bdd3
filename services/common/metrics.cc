#include "services/common/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "storage/check.h"

namespace landbook::common {
namespace {

bool IsMetricName(std::string_view name) {
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  return !name.empty() && letter(name.front()) &&
         std::all_of(name.begin(), name.end(),
                     [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

std::string Escaped(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (c == '\\' || c == '"') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out;
}

// `method="GetPlot",code="OK"`, without braces.
std::string Written(const Labels& labels) {
  std::string out;
  for (const auto& [name, value] : labels) {
    LANDBOOK_CHECK(IsMetricName(name));
    out += fmt::format("{}{}=\"{}\"", out.empty() ? "" : ",", name, Escaped(value));
  }
  return out;
}

std::string Braced(const std::string& labels) {
  return labels.empty() ? "" : fmt::format("{{{}}}", labels);
}

std::string BoundOf(std::size_t bucket) {
  if (bucket + 1 == Histogram::kBuckets) return "+Inf";
  return fmt::format("{}", static_cast<double>(Histogram::kBoundsMicros[bucket]) / 1e6);
}

void AppendHistogram(std::string& out, const std::string& name, const std::string& labels,
                     const Histogram& histogram) {
  const std::string before = labels.empty() ? "" : labels + ",";
  std::uint64_t count = 0;
  for (std::size_t bucket = 0; bucket < Histogram::kBuckets; ++bucket) {
    count = std::max(count, histogram.CountUpTo(bucket));
    out += fmt::format("{}_bucket{{{}le=\"{}\"}} {}\n", name, before, BoundOf(bucket), count);
  }
  const auto seconds = static_cast<double>(histogram.SumMicros()) / 1e6;
  out += fmt::format("{}_sum{} {}\n{}_count{} {}\n", name, Braced(labels), seconds, name,
                     Braced(labels), count);
}

}  // namespace

void Histogram::Observe(std::int64_t micros) {
  const auto* bound = std::lower_bound(std::begin(kBoundsMicros), std::end(kBoundsMicros), micros);
  const auto bucket = static_cast<std::size_t>(bound - std::begin(kBoundsMicros));
  counts_[bucket].fetch_add(1, std::memory_order_relaxed);
  sum_.fetch_add(micros, std::memory_order_relaxed);
}

std::uint64_t Histogram::CountUpTo(std::size_t bucket) const {
  LANDBOOK_CHECK(bucket < kBuckets);
  std::uint64_t count = 0;
  for (std::size_t i = 0; i <= bucket; ++i) count += counts_[i].load(std::memory_order_relaxed);
  return count;
}

MetricRegistry::Series& MetricRegistry::SeriesOf(const Key& key, const Labels& labels) {
  LANDBOOK_CHECK(IsMetricName(key.name));
  Family& family = families_[std::string(key.name)];
  if (family.type.empty()) {
    family.type = key.type;
    family.help = key.help;
  }
  LANDBOOK_CHECK(family.type == key.type);
  return family.series[Written(labels)];
}

Counter& MetricRegistry::CounterOf(std::string_view name, std::string_view help,
                                   const Labels& labels) {
  storage::MutexLock lock(mutex_);
  std::unique_ptr<Counter>& counter = SeriesOf({name, help, "counter"}, labels).counter;
  if (!counter) counter = std::make_unique<Counter>();
  return *counter;
}

Histogram& MetricRegistry::HistogramOf(std::string_view name, std::string_view help,
                                       const Labels& labels) {
  storage::MutexLock lock(mutex_);
  std::unique_ptr<Histogram>& histogram = SeriesOf({name, help, "histogram"}, labels).histogram;
  if (!histogram) histogram = std::make_unique<Histogram>();
  return *histogram;
}

std::string MetricRegistry::Text() const {
  storage::MutexLock lock(mutex_);
  std::string out;
  for (const auto& [name, family] : families_) {
    out += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, family.help, name, family.type);
    for (const auto& [labels, series] : family.series) {
      if (series.counter) {
        out += fmt::format("{}{} {}\n", name, Braced(labels), series.counter->Value());
      } else {
        AppendHistogram(out, name, labels, *series.histogram);
      }
    }
  }
  return out;
}

}  // namespace landbook::common
