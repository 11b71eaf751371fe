#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace enamel::service {

// Builds a page of Prometheus' text format, version 0.0.4
// (https://prometheus.io/docs/instrumenting/exposition_formats/).
class MetricsText {
 public:
  using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  // Begins a family; its samples follow. type: "gauge" or "counter" (whose name ends with _total). Names are
  // constants of ours; help and values of labels may be any UTF-8.
  void family(std::string_view name, std::string_view type, std::string_view help);
  void sample(double value, const Labels& labels = {});
  // A family of one sample without labels.
  void gauge(std::string_view name, std::string_view help, double value);

  const std::string& text() const { return text_; }

 private:
  std::string name_;
  std::string text_;
};

}  // namespace enamel::service
