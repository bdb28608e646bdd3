#include "services/common/metrics.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace landbook::common {
namespace {

TEST(MetricsTest, WritesWhatPrometheusReads) {
  MetricRegistry registry;
  registry.CounterOf("calls_total", "Calls.", {{"method", "Get\"x\""}}).Add(3);
  registry.CounterOf("waits_total", "Waits.");
  EXPECT_EQ(registry.Text(),
            "# HELP calls_total Calls.\n# TYPE calls_total counter\n"
            "calls_total{method=\"Get\\\"x\\\"\"} 3\n"
            "# HELP waits_total Waits.\n# TYPE waits_total counter\nwaits_total 0\n");
}

TEST(MetricsTest, OneNameAndLabelsAreOneMetric) {
  MetricRegistry registry;
  registry.CounterOf("a_total", "A.", {{"k", "v"}}).Add();
  registry.CounterOf("a_total", "A.", {{"k", "v"}}).Add();
  EXPECT_EQ(registry.CounterOf("a_total", "A.", {{"k", "v"}}).Value(), 2u);
  EXPECT_EQ(registry.CounterOf("a_total", "A.", {{"k", "w"}}).Value(), 0u);
  EXPECT_DEATH(registry.HistogramOf("a_total", "A."), "broken invariant");
}

TEST(MetricsTest, BucketsAreCumulative) {
  MetricRegistry registry;
  Histogram& histogram = registry.HistogramOf("call_seconds", "Time.", {{"method", "Get"}});
  histogram.Observe(100);
  histogram.Observe(101);
  histogram.Observe(20'000'000);
  const std::string text = registry.Text();
  EXPECT_NE(text.find("call_seconds_bucket{method=\"Get\",le=\"0.0001\"} 1\n"), std::string::npos);
  EXPECT_NE(text.find("call_seconds_bucket{method=\"Get\",le=\"0.00025\"} 2\n"), std::string::npos);
  EXPECT_NE(text.find("call_seconds_bucket{method=\"Get\",le=\"10\"} 2\n"), std::string::npos);
  EXPECT_NE(text.find("call_seconds_bucket{method=\"Get\",le=\"+Inf\"} 3\n"), std::string::npos);
  EXPECT_NE(text.find("call_seconds_sum{method=\"Get\"} 20.000201\n"), std::string::npos);
  EXPECT_NE(text.find("call_seconds_count{method=\"Get\"} 3\n"), std::string::npos);
}

TEST(MetricsTest, LosesNothingBetweenThreads) {
  MetricRegistry registry;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 1'000; ++i) registry.CounterOf("n_total", "N.").Add();
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(registry.CounterOf("n_total", "N.").Value(), 4'000u);
}

}  // namespace
}  // namespace landbook::common
