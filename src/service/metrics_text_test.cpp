#include "service/metrics_text.h"

#include <gtest/gtest.h>

namespace enamel::service {
namespace {

TEST(MetricsText, isWhatPrometheusReads) {
  MetricsText text;
  text.gauge("a_bytes", "how many\nbytes, \"all\" of C:\\", 4398046511104.0);
  text.family("b_total", "counter", "of kinds");
  text.sample(1, {{"kind", "x\"y\\z\n"}, {"state", "done"}});
  text.sample(0.25);
  EXPECT_EQ(text.text(),
            "# HELP a_bytes how many\\nbytes, \"all\" of C:\\\\\n"
            "# TYPE a_bytes gauge\n"
            "a_bytes 4398046511104\n"
            "# HELP b_total of kinds\n"
            "# TYPE b_total counter\n"
            "b_total{kind=\"x\\\"y\\\\z\\n\",state=\"done\"} 1\n"
            "b_total 0.25\n");
}

}  // namespace
}  // namespace enamel::service
